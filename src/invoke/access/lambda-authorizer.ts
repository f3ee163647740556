/**
 * Lambda authorizers: whether a function lets the caller use the method.
 * Sources: the guide's apigateway-use-lambda-authorizer and call-api-with-api-gateway-lambda-authorization.
 */
import { defaultResultTtl } from "../../definitions/identity-source.ts";
import type { Authorizer } from "../../definitions/rest-api.ts";
import { isLonger } from "../integrations/lambda.ts";
import type { RestContext } from "../rest/context.ts";
import { GatewayError } from "../rest/gateway-error.ts";
import { gatewayHeaders } from "../rest/lambda-method.ts";
import { AuthorizerCache } from "./authorizer-cache.ts";
import { authorizerTimeout, compileAuthorizerCall } from "./authorizer-call.ts";
import { authorizerFunctionOf, compileAuthorizerEvent } from "./authorizer-event.ts";
import type { AuthorizerResult } from "./authorizer-result.ts";
import { conditionKeysOf } from "./condition-keys.ts";
import { compileIdentity, type Identity } from "./identity.ts";
import { methodArnOf } from "./method-arn.ts";
import type { Policy } from "./policy/policy.ts";
import type { ConditionKeys } from "./policy/policy-text.ts";

/** What an authorizer has said of a caller. */
export interface Authorization
  extends Pick<AuthorizerResult, "principalId" | "context" | "usageIdentifierKey"> {
  /** Milliseconds that its function took; 0 when its result was known. */
  integrationLatency: number;
}

/** Bytes (the guide's limits, "ARN length of a method with authorization"). */
const longestArn = 1600;

/** Of all APIs that this isolate serves. */
const results = new AuthorizerCache();

/**
 * @param authorizer of type TOKEN or REQUEST
 * @param isEdge edge-optimized APIs tell functions what the edge knows of the viewer
 * @returns the check, at once when the result is known; it sets `context.authorizer`, and throws GatewayError: 401
 *   without an identity or when the function says so, 403 when its policy does not allow the method, 414 for a method
 *   ARN over 1,600 bytes, 500 when there is no result
 */
export function compileLambdaAuthorizer(
  authorizer: Authorizer,
  isEdge: boolean,
): (context: RestContext) => void | Promise<void> {
  const identityOf = compileIdentity(authorizer);
  const eventOf = compileAuthorizerEvent(authorizer, (context) => gatewayHeaders(context, isEdge));
  const callFunction = compileAuthorizerCall(authorizerFunctionOf(authorizer));
  const call = (context: RestContext, methodArn: string, identity: Identity[]) =>
    callFunction(context, eventOf(context, methodArn, identity));
  const timeToLive = (authorizer.authorizerResultTtlInSeconds ?? defaultResultTtl) * 1000;
  return (context) => {
    const methodArn = methodArnOf(context);
    if (isLonger(methodArn, longestArn)) {
      throw new GatewayError("DEFAULT_4XX", "Request URI too long", 414);
    }
    const identity = identityOf(context);
    // Without sources there is nothing to keep a result under.
    const isKept = timeToLive > 0 && identity.length > 0;
    if (!isKept) return admitLater(call(context, methodArn, identity), methodArn, context);
    const key = keyOf(authorizer, identity, context);
    const known = results.get(key, Date.now());
    if (known) return admit(known, 0, methodArn, context);
    const result = pendingOf(key) ?? make(key, timeToLive, () => call(context, methodArn, identity), context);
    return admitLater(result, methodArn, context);
  };
}

/** A new deployment, and every flush, leaves what was kept before behind. Lengths keep values apart. */
function keyOf({ id }: Authorizer, identity: Identity[], { located, stage: { stage } }: RestContext): string {
  const { deploymentId, authorizerCacheFlushes = 0 } = stage;
  let key = `${located.apiId}/${located.stageName}/${deploymentId}/${authorizerCacheFlushes}/${id}`;
  for (const { values } of identity) {
    key += `/${values.length}`;
    for (const value of values) key += `,${value.length}:${value}`;
  }
  return key;
}

function make(
  key: string,
  timeToLive: number,
  call: () => Promise<AuthorizerResult>,
  { waitUntil }: RestContext,
): Promise<AuthorizerResult> {
  const made = results.make(key, timeToLive, call);
  // Others may wait for it after this request's client has gone.
  waitUntil(made.catch(() => undefined));
  return made;
}

function pendingOf(key: string): Promise<AuthorizerResult> | undefined {
  const pending = results.pending(key);
  return pending && withinTimeout(pending);
}

/** Another request's call is waited for, though not longer than one's own would be. */
async function withinTimeout(pending: Promise<AuthorizerResult>): Promise<AuthorizerResult> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new GatewayError("AUTHORIZER_FAILURE", "")), authorizerTimeout);
  });
  try {
    return await Promise.race([pending, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/** The texts are those of 2026; until 2025 they ended after `resource`, or after `explicit deny`. */
const denials = {
  "explicit-deny":
    "User is not authorized to access this resource with an explicit deny in an identity-based policy",
  "implicit-deny":
    "User is not authorized to access this resource because no identity-based policy allows the execute-api:Invoke action",
};

/**
 * Applies an authorizer's policy.
 * @param arn of the method or route that the caller asks for
 * @throws GatewayError 403
 */
export function requireAllowed(policy: Policy, arn: string, keys: ConditionKeys): void {
  const decision = policy({ action: "execute-api:Invoke", resource: arn, keys });
  if (decision !== "allow") throw new GatewayError("ACCESS_DENIED", denials[decision]);
}

async function admitLater(
  result: Promise<AuthorizerResult>,
  methodArn: string,
  context: RestContext,
): Promise<void> {
  const startedAt = Date.now();
  admit(await result, Date.now() - startedAt, methodArn, context);
}

/** What the function says of the caller is known also to the gateway response of a denial. */
function admit(
  { principalId, context: said, usageIdentifierKey, policy }: AuthorizerResult,
  integrationLatency: number,
  methodArn: string,
  context: RestContext,
): void {
  context.authorizer = {
    principalId,
    context: said,
    ...(usageIdentifierKey === undefined ? {} : { usageIdentifierKey }),
    integrationLatency,
  };
  requireAllowed(policy, methodArn, conditionKeysOf(context));
}
