/** HTTP, and AWS with a service of AWS: the endpoint is called with what the request became, and its answer is mapped. */
import type { Integration } from "../../../definitions/websocket-api.ts";
import { compileAwsServiceCall } from "../../integrations/aws-service.ts";
import type { EndpointCall } from "../../integrations/endpoint-request.ts";
import { compileHttpCall } from "../../integrations/http.ts";
import type { RouteIntegration } from "../route-event.ts";
import { endpointOf } from "./endpoint.ts";
import { compileIntegrationRequest } from "./integration-request.ts";
import { compileIntegrationResponses } from "./integration-response.ts";
import { RouteContext } from "./route-context.ts";

export function compileHttp(integration: Integration): RouteIntegration {
  const call = compileHttpCall(endpointOf(integration));
  return compile(integration, (request, context) => {
    // A message has no content type, and then it is JSON, as in a REST API. A mapped one comes behind it.
    request.headers.unshift(["Content-Type", "application/json"]);
    return call(request, context);
  });
}

export const compileAwsService = (integration: Integration): RouteIntegration =>
  compile(integration, compileAwsServiceCall(endpointOf(integration)));

function compile(integration: Integration, call: EndpointCall): RouteIntegration {
  const makeRequest = compileIntegrationRequest(integration);
  const respond = compileIntegrationResponses(integration);
  return async (event) => {
    const context = new RouteContext(event);
    return respond(await call(makeRequest(context), context), context);
  };
}
