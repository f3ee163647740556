/**
 * AWS_IAM: who has signed a request with Signature Version 4 for `execute-api`, and whether they may do what they ask.
 * Sources: the guide's api-gateway-control-access-using-iam-policies-to-invoke-api and
 * apigateway-websocket-control-access-iam; texts as AWS's support pages and users give them.
 */
import type { GatewayResponseType } from "../../definitions/gateway-response-types.ts";
import type { Settings } from "../../settings.ts";
import { authenticate, credentialOf, type Principal } from "../../signature/authenticate.ts";
import { isUnsignedPayload } from "../../signature/payload-hash.ts";
import {
  missingAuthenticationToken,
  SignatureError,
  type SignatureErrorCode,
} from "../../signature/signature-error.ts";
import { signedRequestOf } from "../../signature/signed-request.ts";
import { checkScope, checkTime, readSignature } from "../../signature/sigv4.ts";
import { GatewayError } from "../rest/gateway-error.ts";
import type { AccessRequest, Policy } from "./policy/policy.ts";

const service = "execute-api";
const noPayload = new Uint8Array(0);

/**
 * @param payload reads the body as it was sent, in bounds; not called where the signer has left the body out
 * @returns who signed the request
 * @throws GatewayError 403
 */
export async function authorizeIam(
  request: Request,
  payload: () => Promise<Uint8Array | null>,
  access: AccessRequest,
  settings: Settings,
): Promise<Principal> {
  const principal = await signerOf(request, payload, settings);
  authorize(principal, access, settings);
  return principal;
}

async function signerOf(
  request: Request,
  payload: () => Promise<Uint8Array | null>,
  settings: Settings,
): Promise<Principal> {
  try {
    const signed = signedRequestOf(request);
    const signature = readSignature(signed);
    checkScope(signature, settings.region, service);
    checkTime(signature, Date.now());
    // Nobody without a key of ours makes the gateway read a body.
    const credential = credentialOf(signature, settings);
    const body = isUnsignedPayload(signed.headers) ? null : await payload();
    return authenticate(signed, signature, credential, body ?? noPayload, settings);
  } catch (error) {
    if (error instanceof SignatureError) throw refusalOf(error);
    throw error;
  }
}

/**
 * The refusal of what is not there, which AWS leaves to IAM: an Authorization header that is no signature is told so.
 */
export function refuseUnknown(request: Request): GatewayError {
  try {
    readSignature(signedRequestOf(request));
  } catch (error) {
    if (error instanceof SignatureError) return refusalOf(error);
    throw error;
  }
  return refusalOf(missingAuthenticationToken());
}

/**
 * The gateway response of each. Users tell that MISSING_AUTHENTICATION_TOKEN shapes the answer to an Authorization
 * header that is no signature; that of an unknown key is a guess.
 */
const responseTypes: Record<SignatureErrorCode, GatewayResponseType> = {
  IncompleteSignatureException: "MISSING_AUTHENTICATION_TOKEN",
  InvalidSignatureException: "INVALID_SIGNATURE",
  MissingAuthenticationTokenException: "MISSING_AUTHENTICATION_TOKEN",
  UnrecognizedClientException: "INVALID_SIGNATURE",
};

const refusalOf = ({ code, message }: SignatureError): GatewayError =>
  new GatewayError(responseTypes[code], message, 403).named(code);

/** What a principal may do: the root user everything, and there is no other yet. */
const policyOf = ({ arn, accountId }: Principal): Policy =>
  arn === `arn:aws:iam::${accountId}:root` ? () => "allow" : () => "implicit-deny";

/** @throws GatewayError 403 */
export function authorize(principal: Principal, access: AccessRequest, { accountId }: Settings): void {
  const decision = policyOf(principal)(access);
  if (decision === "allow") return;
  // The account is not told whole, as users' reports show.
  const resource = access.resource.replace(`:${accountId}:`, `:********${accountId.slice(-4)}:`);
  const reason =
    decision === "explicit-deny"
      ? "with an explicit deny in an identity-based policy"
      : `because no identity-based policy allows the ${access.action} action`;
  throw new GatewayError(
    "ACCESS_DENIED",
    `User: ${principal.arn} is not authorized to perform: ${access.action} on resource: ${resource} ${reason}`,
  );
}

/** `$context.identity` of who has signed. */
export const identityOf = ({ accountId, accessKeyId, arn, userId }: Principal) => ({
  accountId,
  caller: userId,
  accessKey: accessKeyId,
  userArn: arn,
  user: userId,
});
