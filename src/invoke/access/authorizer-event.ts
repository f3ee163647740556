/**
 * What a REST API's authorizer is called with. Sources: the guide's api-gateway-lambda-authorizer-input; events that
 * users report.
 */
import { identityHeaderNames, parseIdentitySources } from "../../definitions/identity-source.ts";
import type { Authorizer } from "../../definitions/rest-api.ts";
import {
  type HeaderNames,
  type LambdaProxyRequest,
  requestMembers,
} from "../integrations/lambda-proxy-event.ts";
import type { RestContext } from "../rest/context.ts";
import { pathOf } from "../rest/lambda-method.ts";
import type { AuthorizerFunction } from "./authorizer-call.ts";
import { longestResult } from "./authorizer-result.ts";
import type { Identity } from "./identity.ts";

/** Headers of the gateway's own that a request's come with. */
type HeadersOf = (context: RestContext) => LambdaProxyRequest["gatewayHeaders"];

/** @returns JSON text */
export type AuthorizerEventOf = (context: RestContext, methodArn: string, identity: Identity[]) => string;

export const compileAuthorizerEvent = (
  { type, identitySource }: Authorizer,
  gatewayHeadersOf: HeadersOf,
): AuthorizerEventOf =>
  type === "TOKEN"
    ? tokenEvent
    : requestEvent(gatewayHeadersOf, identityHeaderNames(parseIdentitySources(identitySource)));

export const authorizerFunctionOf = ({
  id,
  authorizerUri,
  authorizerCredentials,
}: Authorizer): AuthorizerFunction => ({
  id,
  uri: authorizerUri,
  credentials: authorizerCredentials,
  longestResult,
});

const tokenEvent: AuthorizerEventOf = (_, methodArn, [token]) =>
  JSON.stringify({ type: "TOKEN", methodArn, authorizationToken: token?.values[0] ?? "" });

const requestEvent =
  (gatewayHeadersOf: HeadersOf, headerNames: HeaderNames): AuthorizerEventOf =>
  (context, methodArn) => {
    const { request, located, stage, resource } = context;
    const members = requestMembers(
      {
        resource: resource?.path ?? "/",
        path: pathOf(located.path),
        httpMethod: request.method,
        headers: request.headers,
        headerNames,
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
