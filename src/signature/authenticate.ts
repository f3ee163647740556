/** Who signed this request? One check for the control plane and for invokes. */
import type { Settings } from "../settings.ts";
import { payloadHashOf } from "./payload-hash.ts";
import { unrecognizedClient } from "./signature-error.ts";
import type { SignedRequest } from "./signed-request.ts";
import { type Credential, checkSignature, isSameText, type Signature } from "./sigv4.ts";

/** Somebody whose signature held. */
export interface Principal {
  accountId: string;
  accessKeyId: string;
  arn: string;
  userId: string;
}

/** The credential that a signature claims. @throws SignatureError UnrecognizedClientException for one we don't know */
export function credentialOf({ accessKeyId }: Signature, { rootCredential }: Settings): Credential {
  if (!rootCredential || !isSameText(accessKeyId, rootCredential.accessKeyId)) throw unrecognizedClient();
  return rootCredential;
}

/**
 * @param body the whole of it: its hash is part of what was signed
 * @returns who signed the request
 * @throws SignatureError
 */
export function authenticate(
  request: SignedRequest,
  signature: Signature,
  credential: Credential,
  body: Uint8Array,
  { accountId }: Settings,
): Principal {
  checkSignature(request, signature, credential, payloadHashOf(request.headers, body));
  return {
    accountId,
    accessKeyId: credential.accessKeyId,
    arn: `arn:aws:iam::${accountId}:root`,
    userId: accountId,
  };
}
