/**
 * Client certificates as AWS makes them: self-signed, RSA of 2,048 bits with SHA-256, version 3. Sources: the guide's
 * getting-started-client-side-ssl-authentication; certificates of AWS's that its users have published
 * (`C=US, L=Seattle, CN=ApiGateway`, a serial number of eight octets). Those have no extensions; these say whose key it
 * is. All have one name, and a server with OpenSSL that is to trust an old and a new one takes, without it, the first for
 * both and refuses the other.
 */
import { Buffer } from "node:buffer";
import {
  bitString,
  type Der,
  der,
  explicit,
  integer,
  nothing,
  objectIdentifier,
  octetString,
  printableString,
  sequence,
  set,
  time,
} from "./der.ts";

export interface IssuedCertificate {
  /** PEM. */
  certificate: string;
  /** PEM of PKCS #8. */
  privateKey: string;
}

const rsa = {
  name: "RSASSA-PKCS1-v1_5",
  modulusLength: 2048,
  publicExponent: Uint8Array.of(1, 0, 1),
  hash: "SHA-256",
};
const sha256WithRsa = sequence(objectIdentifier("1.2.840.113549.1.1.11"), nothing());
const version3 = explicit(0, integer(Uint8Array.of(2)));

const attribute = (type: string, value: string) =>
  set(sequence(objectIdentifier(type), printableString(value)));
const apiGateway = sequence(
  attribute("2.5.4.6", "US"),
  attribute("2.5.4.7", "Seattle"),
  attribute("2.5.4.3", "ApiGateway"),
);

/** A key pair of its own each time. @param validity Unix times, seconds */
export async function issueCertificate(validity: { from: number; to: number }): Promise<IssuedCertificate> {
  const { subtle } = crypto;
  const { publicKey, privateKey } = (await subtle.generateKey(rsa, true, [
    "sign",
    "verify",
  ])) as CryptoKeyPair;
  const subjectPublicKeyInfo = new Uint8Array((await subtle.exportKey("spki", publicKey)) as ArrayBuffer);
  const toBeSigned = sequence(
    version3,
    integer(crypto.getRandomValues(new Uint8Array(8))),
    sha256WithRsa,
    apiGateway,
    sequence(time(validity.from), time(validity.to)),
    apiGateway,
    subjectPublicKeyInfo,
    explicit(3, keyIdentifiers(new Uint8Array(await subtle.digest("SHA-1", subjectPublicKeyInfo)))),
  );
  const signature = new Uint8Array(await subtle.sign(rsa.name, privateKey, toBeSigned));
  const certificate = sequence(toBeSigned, sha256WithRsa, bitString(signature));
  const key = new Uint8Array((await subtle.exportKey("pkcs8", privateKey)) as ArrayBuffer);
  return { certificate: pem("CERTIFICATE", certificate), privateKey: pem("PRIVATE KEY", key) };
}

/** Its own and its issuer's, which are the same. */
const keyIdentifiers = (id: Uint8Array): Der =>
  sequence(
    sequence(objectIdentifier("2.5.29.14"), octetString(octetString(id))),
    sequence(objectIdentifier("2.5.29.35"), octetString(sequence(der(0x80, id)))),
  );

/** With CR LF between the lines and none at the end, as AWS's answers have it. */
function pem(label: string, value: Der): string {
  const lines =
    Buffer.from(value)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`].join("\r\n");
}
