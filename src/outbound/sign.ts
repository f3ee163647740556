/** Requests to AWS, signed with the outbound credentials by Signature Version 4. */
import { AwsV4Signer } from "aws4fetch";
import type { AwsCredentials } from "../settings.ts";

export interface UnsignedRequest {
  url: string;
  method: string;
  headers: Headers;
  body: Uint8Array<ArrayBuffer> | null;
  /** Signing name of the service. */
  service: string;
  region: string;
}

/** Keys that are derived from the secret, for a day, a region and a service each. */
let signingKeys = new Map<string, ArrayBuffer>();
const mostSigningKeys = 256;

/** @returns what `fetch` takes */
export async function sign(
  request: UnsignedRequest,
  credentials: AwsCredentials,
): Promise<{ url: string; method: string; headers: Headers; body: Uint8Array<ArrayBuffer> | null }> {
  const { body, headers } = request;
  // S3 alone wants to be told the digest; without it the body would not be signed.
  if (request.service === "s3" && !headers.has("x-amz-content-sha256")) {
    headers.set("X-Amz-Content-Sha256", await sha256(body ?? new Uint8Array()));
  }
  if (signingKeys.size > mostSigningKeys) signingKeys = new Map();
  const signed = await new AwsV4Signer({
    ...request,
    ...credentials,
    ...(body ? { body } : {}),
    cache: signingKeys,
  }).sign();
  return { url: signed.url.href, method: signed.method, headers: signed.headers, body };
}

async function sha256(octets: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", octets));
  return Array.from(digest, (octet) => octet.toString(16).padStart(2, "0")).join("");
}
