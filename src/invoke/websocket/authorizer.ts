/**
 * The Lambda authorizer of `$connect`. Its result is not kept: a connection asks once.
 * Sources: the guide's apigateway-websocket-api-lambda-auth and limits; V2 API reference, CreateAuthorizer.
 */
import { identityHeaderNames, parseRouteIdentitySource } from "../../definitions/identity-source.ts";
import type { Authorizer } from "../../definitions/websocket-api.ts";
import { compileAuthorizerCall } from "../access/authorizer-call.ts";
import { conditionKeysOf } from "../access/condition-keys.ts";
import { readIdentity } from "../access/identity.ts";
import { requireAllowed } from "../access/lambda-authorizer.ts";
import { connectionOf, forwardedHeaders } from "../connection.ts";
import { droppedFromRequests } from "../integrations/headers.ts";
import { type HeaderNames, headerMaps, queryMaps } from "../integrations/lambda-proxy-event.ts";
import { traceIdOf } from "../trace-id.ts";
import { connectArnOf, type Opening } from "./connect-access.ts";

/** What the function has said of the caller. */
export interface ConnectAuthorization {
  /** `$context.authorizer` */
  context: Readonly<Record<string, string | number>>;
  usageIdentifierKey: string | undefined;
}

/** Bytes (the guide's limits, "AWS Lambda authorizer result size"). */
const longestResult = 8192;

/**
 * @returns the check; it throws GatewayError: 401 when an identity source is missing, and the function is not called
 *   then, or when the function says so; 403 when its policy does not allow `$connect`; 500 when there is no result
 */
export function compileAuthorizer(
  authorizer: Authorizer,
): (opening: Opening) => Promise<ConnectAuthorization> {
  const sources = authorizer.identitySource
    .map(parseRouteIdentitySource)
    .filter((source) => source !== undefined);
  const headerNames: HeaderNames = new Map([
    ...identityHeaderNames(sources),
    ["content-length", "content-length"],
  ]);
  const call = compileAuthorizerCall({
    id: authorizer.authorizerId,
    uri: authorizer.authorizerUri,
    credentials: authorizer.authorizerCredentialsArn,
    longestResult,
  });
  return async (opening) => {
    const { request, query, context, stage, env, settings, waitUntil } = opening;
    const variables = stage.stage.stageVariables;
    readIdentity(sources, {
      request,
      query,
      stage: { variables },
      variable: (name) => (Object.hasOwn(context, name) ? context[name] : undefined),
    });
    const arn = connectArnOf(opening);
    const startedAt = Date.now();
    const authorized = {
      env,
      settings,
      // The event's own id is in another form.
      requestId: crypto.randomUUID(),
      located: { apiId: stage.snapshot.apiId },
      stage: { variables },
      log: undefined,
      waitUntil,
    };
    const result = await call(authorized, authorizerEvent(opening, arn, startedAt, headerNames));
    const { principalId, usageIdentifierKey, policy } = result;
    requireAllowed(policy, arn, conditionKeysOf({ request, connection: connectionOf(request), startedAt }));
    return {
      context: { ...result.context, principalId, integrationLatency: Date.now() - startedAt },
      usageIdentifierKey,
    };
  };
}

/** Unlike an integration, an authorizer sees that the request is an upgrade. */
const notPassedOn: ReadonlySet<string> = new Set(
  [...droppedFromRequests].filter((name) => !["connection", "content-length", "upgrade"].includes(name)),
);

/** With what AWS's load balancer writes in place of the client's, as the guide's example has it. */
function upgradeHeaders(request: Request): Headers {
  const headers = new Headers(request.headers);
  headers.set("connection", "upgrade");
  headers.set("content-length", "0");
  return headers;
}

/** The members are those of the guide's example, in its order. @returns JSON text */
function authorizerEvent(
  { request, query, context, stage }: Opening,
  methodArn: string,
  startedAt: number,
  names: HeaderNames,
): string {
  const headers = headerMaps(
    upgradeHeaders(request),
    [
      ["x-amzn-trace-id", traceIdOf(request.headers.get("x-amzn-trace-id"), startedAt).request],
      ...forwardedHeaders(request.headers, connectionOf(request)),
    ],
    { notPassedOn, names },
  );
  const parameters = queryMaps(query, "{}");
  return (
    `{"type":"REQUEST","methodArn":${JSON.stringify(methodArn)}` +
    `,"headers":${headers.single},"multiValueHeaders":${headers.multi}` +
    `,"queryStringParameters":${parameters.single},"multiValueQueryStringParameters":${parameters.multi}` +
    `,"stageVariables":${JSON.stringify(stage.stage.stageVariables)}` +
    `,"requestContext":${JSON.stringify(context)}}`
  );
}
