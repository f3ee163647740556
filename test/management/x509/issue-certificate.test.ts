import { createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";
import { expect, test } from "vitest";
import { integer, objectIdentifier, time } from "../../../src/management/x509/der.ts";
import { issueCertificate } from "../../../src/management/x509/issue-certificate.ts";

const from = Date.UTC(2026, 10, 27, 6, 5, 4) / 1000;
const to = from + 365 * 24 * 60 * 60;
const issued = await issueCertificate({ from, to });
const certificate = new X509Certificate(issued.certificate);

test("it is self-signed, by the name that AWS gives", () => {
  expect(certificate.subject).toBe("C=US\nL=Seattle\nCN=ApiGateway");
  expect(certificate.issuer).toBe(certificate.subject);
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  expect(certificate.ca).toBe(false);
});

test("it is valid for the time that was said", () => {
  expect(certificate.validFromDate.getTime()).toBe(from * 1000);
  expect(certificate.validToDate.getTime()).toBe(to * 1000);
});

test("it has RSA of 2,048 bits, and the private key is its own", () => {
  expect(certificate.publicKey.asymmetricKeyDetails).toEqual({
    modulusLength: 2048,
    publicExponent: 65_537n,
  });
  expect(certificate.signatureAlgorithm).toBe("sha256WithRSAEncryption");
  expect(certificate.checkPrivateKey(createPrivateKey(issued.privateKey))).toBe(true);
  expect(createPublicKey(issued.privateKey).equals(certificate.publicKey)).toBe(true);
});

test("the certificate does not have the private key, and is written as AWS writes it", () => {
  expect(issued.certificate).toMatch(
    /^-----BEGIN CERTIFICATE-----\r\n(?:[A-Za-z0-9+/=]{1,64}\r\n)+-----END CERTIFICATE-----$/,
  );
});

test("keys and serial numbers are never the same", async () => {
  const other = new X509Certificate((await issueCertificate({ from, to })).certificate);
  expect(other.serialNumber).not.toBe(certificate.serialNumber);
  expect(other.publicKey.equals(certificate.publicKey)).toBe(false);
});

/** X.690's own examples, and those of RFC 5280. */
test.each([
  [integer(Uint8Array.of(0)), "020100"],
  [integer(Uint8Array.of(0, 0, 0x7f)), "02017f"],
  [integer(Uint8Array.of(0x80)), "02020080"],
  [objectIdentifier("2.999.3"), "0603883703"],
  [objectIdentifier("1.2.840.113549"), "06062a864886f70d"],
  [time(Date.UTC(1991, 4, 6, 23, 45, 40) / 1000), `170d${Buffer.from("910506234540Z").toString("hex")}`],
  [time(Date.UTC(2050, 0, 1) / 1000), `180f${Buffer.from("20500101000000Z").toString("hex")}`],
])("DER of example %#", (value, hex) => {
  expect(Buffer.from(value).toString("hex")).toBe(hex);
});
