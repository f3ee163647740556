/** Certificate authorities and servers' certificates for tests, written with the encoder of client certificates. */
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { isIPv4 } from "node:net";
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
} from "../../src/management/x509/der.ts";

export interface TestCertificate {
  /** PEM. */
  cert: string;
  key: string;
  readonly name: Der;
  readonly privateKey: KeyObject;
}

export interface CertificateOptions {
  /** Its common name. */
  name: string;
  /** Host names and IPv4 addresses; none makes it an authority's. */
  hosts?: string[];
  /** Who signs it; without one it does itself. */
  issuer?: TestCertificate;
  /** Days from now on, or before now. */
  days?: number;
}

const sha256WithRsa = sequence(objectIdentifier("1.2.840.113549.1.1.11"), nothing());
const yes = der(0x01, Uint8Array.of(0xff));
const day = 24 * 60 * 60;

export function createCertificate({
  name,
  hosts = [],
  issuer,
  days = 30,
}: CertificateOptions): TestCertificate {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const subject = sequence(set(sequence(objectIdentifier("2.5.4.3"), printableString(name))));
  const now = Math.floor(Date.now() / 1000);
  const end = now + days * day;
  const toBeSigned = sequence(
    explicit(0, integer(Uint8Array.of(2))),
    integer(randomBytes(8)),
    sha256WithRsa,
    issuer?.name ?? subject,
    sequence(time(Math.min(now, end) - day), time(end)),
    subject,
    publicKey.export({ type: "spki", format: "der" }),
    explicit(3, sequence(hosts.length === 0 ? authority() : subjectAlternativeName(hosts))),
  );
  const signature = sign("sha256", toBeSigned, issuer?.privateKey ?? privateKey);
  const octets = sequence(toBeSigned, sha256WithRsa, bitString(signature));
  const lines =
    Buffer.from(octets)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return {
    cert: ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n"),
    key: privateKey.export({ type: "pkcs8", format: "pem" }) as string,
    name: subject,
    privateKey,
  };
}

/** Basic constraints. */
const authority = () => sequence(objectIdentifier("2.5.29.19"), yes, octetString(sequence(yes)));

function subjectAlternativeName(hosts: string[]): Der {
  const names = hosts.map((host) =>
    isIPv4(host) ? der(0x87, Uint8Array.from(host.split("."), Number)) : der(0x82, Buffer.from(host)),
  );
  return sequence(objectIdentifier("2.5.29.17"), octetString(sequence(...names)));
}
