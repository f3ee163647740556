/**
 * What an authorizer may be. Sources: V1 API reference, CreateAuthorizer; the texts about names and URIs are those
 * that users report, the others are guesses.
 */
import { defaultResultTtl, parseIdentitySources } from "../../definitions/identity-source.ts";
import type { Authorizer } from "../../definitions/rest-api.ts";
import { Pattern } from "../../regex/pattern.ts";
import { badRequest } from "../protocol/service-error.ts";
import { mappingFault, noExpression } from "./mapping-expressions.ts";

/** Seconds. */
const longestTtl = 3600;

/** @throws ServiceError BadRequestException */
export function checkAuthorizerDefinition(authorizer: Omit<Authorizer, "id">): void {
  const { name, type, authorizerResultTtlInSeconds: ttl = defaultResultTtl } = authorizer;
  if (!name?.trim()) throw badRequest("Authorizer name cannot be blank");
  if (type === "COGNITO_USER_POOLS") checkUserPools(authorizer.providerARNs);
  else checkAuthorizerFunction(authorizer.authorizerUri, authorizer.authorizerCredentials);
  checkIdentitySource(authorizer, ttl);
  checkExpression(authorizer.identityValidationExpression);
  if (!(Number.isInteger(ttl) && ttl >= 0 && ttl <= longestTtl)) {
    throw badRequest(
      `Authorizer result TTL outside allowable range. TTL must be between 0 and ${longestTtl} seconds.`,
    );
  }
}

const region = "[a-z]{2}(?:-[a-z]+)+-\\d+";
/** Stage variables may name the function, but not its region or account. Recorded: blanks after `path/` are let be. */
const functionUri = new RegExp(
  `^arn:aws[a-z-]*:apigateway:${region}:lambda:path/+\\s*2015-03-31/functions/` +
    `arn:aws[a-z-]*:lambda:${region}:\\d{12}:function:[^/\\s]+/invocations/?$`,
);
const role = /^arn:aws[a-z-]*:iam::(?:\d{12}|\*):\S+$/;

/**
 * @param uri of the function
 * @param credentials a role, or the caller's own
 * @throws ServiceError BadRequestException
 */
export function checkAuthorizerFunction(uri: string | undefined, credentials: string | undefined): void {
  if (!functionUri.test(uri ?? "")) {
    throw badRequest(
      `Invalid Authorizer URI: ${uri ?? null}. Authorizer URI should be a valid API Gateway ARN that represents a Lambda function invocation.`,
    );
  }
  if (credentials !== undefined && !role.test(credentials)) {
    throw badRequest("Invalid ARN specified in the request");
  }
}

const userPool = /^arn:aws[a-z-]*:cognito-idp:[\w-]+:\d{12}:userpool\/[\w-]+$/;

function checkUserPools(providerARNs: string[] | undefined): void {
  if (!providerARNs?.length) throw badRequest("ProviderARNs cannot be empty");
  if (!providerARNs.every((arn) => userPool.test(arn)))
    throw badRequest("Invalid ARN specified in the request");
}

/** A token comes in one header. A `REQUEST` authorizer needs no source when its results are not kept. */
function checkIdentitySource({ type, identitySource }: Omit<Authorizer, "id">, ttl: number): void {
  const sources = parseIdentitySources(identitySource);
  if (sources.length === 0 && type === "REQUEST") {
    if (ttl === 0) return;
    throw badRequest("Identity source must be set if authorizer caching is enabled (TTL is greater than 0)");
  }
  if (sources.length === 0) throw badRequest("IdentitySource cannot be empty");
  if (type === "REQUEST") {
    if (sources.includes(undefined)) throw illegalIdentitySource(identitySource ?? "", "method");
    return;
  }
  if (sources.length > 1 || sources[0]?.kind !== "header") {
    throw mappingFault(noExpression(identitySource ?? ""));
  }
}

/** @param of what the parameters are: of methods in V1, of routes in V2 */
export const illegalIdentitySource = (given: string, of: "method" | "route") =>
  badRequest(
    `Invalid request identity source expression: ${given}. The sources must be separated by comma, and each source must be either a ${of === "method" ? "method " : ""}request parameter, matching '${of}.request.querystring|header.[a-zA-Z0-9._-]+', or a stage variable, matching 'stageVariables.[a-zA-Z0-9._-]+', or a context parameter, matching 'context.[a-zA-Z0-9._-]+'`,
  );

function checkExpression(expression: string | undefined): void {
  if (expression === undefined) return;
  try {
    new Pattern(expression);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw badRequest(`Invalid identity validation expression specified: ${expression}`);
  }
}
