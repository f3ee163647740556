/** AWS_PROXY: the event to a function, whose result says whether a connection opens, and what a route answers. */
import type { Integration } from "../../../definitions/websocket-api.ts";
import type { LambdaCall } from "../../integrations/lambda.ts";
import { callLambdaProxy, mapsIllegalHeader } from "../../integrations/lambda-proxy.ts";
import { compileLambdaUri } from "../../integrations/lambda-uri.ts";
import { internalError } from "../../rest/gateway-error.ts";
import type { RouteIntegration } from "../route-event.ts";
import { lambdaProxyEvent } from "./lambda-proxy-event.ts";
import { RouteContext } from "./route-context.ts";

/** As a REST API's, which the same reader serves: AWS's users see the same failures, with the same statuses. */
export function compileLambdaProxy(integration: Integration): RouteIntegration {
  if (integration.integrationMethod !== "POST") {
    return () => Promise.reject(internalError("INTEGRATION_FAILURE"));
  }
  if (mapsIllegalHeader(integration)) return () => Promise.reject(internalError());
  const functionOf = compileLambdaUri(invocationUri(integration.integrationUri ?? ""));
  return async (event) => {
    const context = new RouteContext(event);
    const named = functionOf(context.stage.variables);
    if (!named) throw internalError("API_CONFIGURATION_ERROR");
    const call: LambdaCall = {
      env: event.env,
      function: named,
      payload: lambdaProxyEvent(context),
      // The event's own id is in another form.
      requestId: crypto.randomUUID(),
      ...(integration.credentialsArn ? {} : { sourceArn: context.routeArn }),
      log: undefined,
      timeout: integration.timeoutInMillis,
      waitUntil: event.waitUntil,
    };
    const { status, headers, body } = await callLambdaProxy(call, false);
    return {
      statusCode: status,
      // A result without a body is an empty message, as AWS's users report it.
      body: typeof body === "string" ? body : "",
      headers: Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value])),
    };
  };
}

/** WebSocket APIs take a function's own ARN as well. */
function invocationUri(uri: string): string {
  const [, region] = /^arn:[^:]*:lambda:([^:]*):/.exec(uri) ?? [];
  return region === undefined
    ? uri
    : `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${uri}/invocations`;
}
