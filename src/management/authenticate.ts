/** Who sent this management request? The signature check of the whole control plane. */
import { createHash } from "node:crypto";
import type { Settings } from "../settings.ts";
import type { Caller } from "./operation.ts";
import { ServiceError } from "./protocol/service-error.ts";
import {
  type Credential,
  checkSignature,
  isSameText,
  type Signature,
  type SignedRequest,
  unrecognizedClient,
} from "./protocol/sigv4.ts";

/** The credential that a signature claims. @throws ServiceError UnrecognizedClientException for one we don't know */
export function credentialOf({ accessKeyId }: Signature, { rootCredential }: Settings): Credential {
  if (!rootCredential || !isSameText(accessKeyId, rootCredential.accessKeyId)) throw unrecognizedClient();
  return rootCredential;
}

/**
 * @param body the whole of it: its hash is part of what was signed
 * @returns who signed the request
 * @throws ServiceError
 */
export function authenticate(
  request: SignedRequest,
  signature: Signature,
  credential: Credential,
  body: Uint8Array,
  { accountId }: Settings,
): Caller {
  checkSignature(request, signature, credential, payloadHashOf(request.headers, body));
  return {
    accountId,
    accessKeyId: credential.accessKeyId,
    arn: `arn:aws:iam::${accountId}:root`,
    userId: accountId,
  };
}

/** `x-amz-content-sha256` may say that the payload is not signed; another value must be the body's own hash. */
function payloadHashOf(headers: Headers, body: Uint8Array): string {
  const declared = headers.get("x-amz-content-sha256");
  if (declared === "UNSIGNED-PAYLOAD") return declared;
  const hash = createHash("sha256").update(body).digest("hex");
  if (declared !== null && !isSameText(declared, hash)) {
    throw new ServiceError(
      "InvalidSignatureException",
      403,
      "The value of the header 'x-amz-content-sha256' does not match the hash of the request's body.",
    );
  }
  return hash;
}
