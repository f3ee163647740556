/** The setting EXTRA_CA_CERTS: a file of certificates of authorities that endpoints' certificates may come from. */
import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { UserError } from "./user-error.ts";

/**
 * @param path of a file with one or more certificates in PEM
 * @returns each of them
 * @throws UserError that says what is wrong
 */
export function readCaCertificates(path: string): string[] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new UserError(`EXTRA_CA_CERTS cannot be read: ${(error as Error).message}`);
  }
  const certificates = text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
  if (certificates.length === 0) throw new UserError(`EXTRA_CA_CERTS: ${path} has no certificate in PEM.`);
  for (const [index, certificate] of certificates.entries()) {
    try {
      new X509Certificate(certificate);
    } catch {
      throw new UserError(`EXTRA_CA_CERTS: certificate ${index + 1} of ${path} cannot be read.`);
    }
  }
  return certificates;
}
