/**
 * Calls an authorizer's function. Sources: the guide's api-gateway-lambda-authorizer-input; events and logs that users
 * report.
 */
import type { Authorizer } from "../../definitions/rest-api.ts";
import { callLambda } from "../integrations/lambda.ts";
import { type LambdaProxyRequest, requestMembers } from "../integrations/lambda-proxy-event.ts";
import { compileLambdaUri } from "../integrations/lambda-uri.ts";
import type { RestContext } from "../rest/context.ts";
import { GatewayError } from "../rest/gateway-error.ts";
import { pathOf } from "../rest/lambda-method.ts";
import {
  type AuthorizerResult,
  MalformedAuthorizerResult,
  readAuthorizerResult,
} from "./authorizer-result.ts";
import type { Identity } from "./identity.ts";

/** Milliseconds; the guide gives none for REST APIs, so this is the longest that an integration may take. */
export const authorizerTimeout = 29_000;

/** @throws GatewayError 401 when the function says so, 500 for all else that is no result */
export type CallAuthorizer = (
  context: RestContext,
  methodArn: string,
  identity: Identity[],
) => Promise<AuthorizerResult>;

const configurationError = (reason: string) =>
  new GatewayError("AUTHORIZER_CONFIGURATION_ERROR", "").because(
    `Execution failed due to configuration error: ${reason}`,
  );

/** Headers of the gateway's own that a request's come with. */
type HeadersOf = (context: RestContext) => LambdaProxyRequest["gatewayHeaders"];

export function compileAuthorizerCall(authorizer: Authorizer, gatewayHeadersOf: HeadersOf): CallAuthorizer {
  const functionOf = compileLambdaUri(authorizer.authorizerUri ?? "");
  const eventOf = authorizer.type === "TOKEN" ? tokenEvent : requestEvent(gatewayHeadersOf);
  return async (context, methodArn, identity) => {
    const { log, env, requestId, waitUntil, settings, located } = context;
    const named = functionOf(context.stage.stage.variables);
    if (!named) throw configurationError("Authorizer error");
    const { payload, functionError } = await called(
      callLambda({
        env,
        function: named,
        payload: eventOf(context, methodArn, identity),
        requestId,
        // With credentials of its own, a role lets it in, and not the function's policy.
        ...(authorizer.authorizerCredentials
          ? {}
          : {
              sourceArn: `arn:aws:execute-api:${settings.region}:${settings.accountId}:${located.apiId}/authorizers/${authorizer.id}`,
            }),
        log: log && { endpointRequest: log.endpointRequest.bind(log), endpointResponse: () => undefined },
        timeout: authorizerTimeout,
        waitUntil,
      }),
    );
    // The one error that tells the client anything.
    if (functionError && errorMessageOf(payload) === "Unauthorized") {
      throw new GatewayError("UNAUTHORIZED", "Unauthorized");
    }
    log?.write(`Authorizer result body before parsing: ${payload}`);
    try {
      return readAuthorizerResult(payload);
    } catch (error) {
      if (error instanceof MalformedAuthorizerResult) throw configurationError(error.message);
      throw error;
    }
  };
}

/** Failures of the call are the authorizer's: the client hears nothing of them. */
async function called<Answer>(call: Promise<Answer>): Promise<Answer> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    const isTimeout = error.type === "INTEGRATION_TIMEOUT";
    throw new GatewayError(isTimeout ? "AUTHORIZER_FAILURE" : "AUTHORIZER_CONFIGURATION_ERROR", "").because(
      error.reason ?? "Execution failed due to configuration error: Authorizer error",
    );
  }
}

function errorMessageOf(payload: string): unknown {
  const error = JSON.parse(payload) as { errorMessage?: unknown } | null;
  return error?.errorMessage;
}

type EventOf = (context: RestContext, methodArn: string, identity: Identity[]) => string;

const tokenEvent: EventOf = (_, methodArn, [token]) =>
  JSON.stringify({ type: "TOKEN", methodArn, authorizationToken: token?.values[0] ?? "" });

const requestEvent =
  (gatewayHeadersOf: HeadersOf): EventOf =>
  (context, methodArn) => {
    const { request, located, stage, resource } = context;
    const members = requestMembers(
      {
        resource: resource?.path ?? "/",
        path: pathOf(located.path),
        httpMethod: request.method,
        headers: request.headers,
        gatewayHeaders: gatewayHeadersOf(context),
        query: context.query,
        pathParameters: context.pathParameters,
        stageVariables: stage.variablesJson,
        requestContext: context.variables,
      },
      "{}",
    );
    return `{"type":"REQUEST","methodArn":${JSON.stringify(methodArn)},${members}}`;
  };
