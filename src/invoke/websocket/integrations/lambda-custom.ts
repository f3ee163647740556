/** AWS with a function: what the request template made is the event, and integration responses map the result. */
import type { Integration } from "../../../definitions/websocket-api.ts";
import { textOf } from "../../integrations/endpoint-request.ts";
import { compileLambdaCustom as compileInvocation } from "../../integrations/lambda-custom.ts";
import type { RouteIntegration } from "../route-event.ts";
import { endpointOf } from "./endpoint.ts";
import { compileIntegrationRequest } from "./integration-request.ts";
import { compileIntegrationResponses } from "./integration-response.ts";
import { RouteContext } from "./route-context.ts";

export function compileLambdaCustom(integration: Integration): RouteIntegration {
  const makeRequest = compileIntegrationRequest(integration);
  const invoke = compileInvocation(endpointOf(integration));
  const respond = compileIntegrationResponses(integration);
  return async (event) => {
    const context = new RouteContext(event);
    const { payload, headers } = makeRequest(context);
    const answer = await invoke({
      payload: textOf(payload),
      invocationType: headers.find(([name]) => name.toLowerCase() === "x-amz-invocation-type")?.[1],
      requestId: crypto.randomUUID(),
      stageVariables: context.stage.variables,
      methodArn: context.routeArn,
      env: event.env,
      waitUntil: event.waitUntil,
    });
    const endpointHeaders = new Headers(answer.headers);
    const routeAnswer = respond(
      { status: answer.status, headers: endpointHeaders, body: answer.body },
      context,
    );
    // Lambda's own status is 200 then, too; a connection whose function fails opens when a template says so alone.
    const isFailed = endpointHeaders.has("x-amz-function-error") && !setsStatus(context);
    return isFailed ? { ...routeAnswer, statusCode: 502 } : routeAnswer;
  };
}

const setsStatus = (context: RouteContext): boolean =>
  context.hasOverrides && context.overrides.response.status !== undefined;
