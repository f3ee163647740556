/** What a signature says of the body that it comes with. */
import { createHash } from "node:crypto";
import { invalidSignature } from "./signature-error.ts";
import { isSameText } from "./sigv4.ts";

const unsigned = "UNSIGNED-PAYLOAD";

/** Whether the signer left the body out: nothing has to read it then. */
export const isUnsignedPayload = (headers: Headers): boolean =>
  headers.get("x-amz-content-sha256") === unsigned;

/**
 * `x-amz-content-sha256` may say that the payload is not signed; another value must be the body's own hash.
 * @param body the whole of it
 * @returns what the canonical request ends with
 * @throws SignatureError
 */
export function payloadHashOf(headers: Headers, body: Uint8Array): string {
  if (isUnsignedPayload(headers)) return unsigned;
  const declared = headers.get("x-amz-content-sha256");
  const hash = createHash("sha256").update(body).digest("hex");
  if (declared !== null && !isSameText(declared, hash)) {
    throw invalidSignature(
      "The value of the header 'x-amz-content-sha256' does not match the hash of the request's body.",
    );
  }
  return hash;
}
