/**
 * HTTP (custom): the request is what templates and mappings make of it, and so is the response.
 * Sources: the guide's setup-http-integrations; recorded: test_apigateway_header_remapping_http[HTTP].
 */
import type { Integration } from "../../definitions/rest-api.ts";
import { isBodylessMethod } from "../bodyless.ts";
import type { RestContext } from "../rest/context.ts";
import { compileIntegrationRequest } from "../rest/integration-request.ts";
import { compileIntegrationResponses } from "../rest/integration-response.ts";
import type { IsBinary } from "./binary-media-types.ts";
import { exchange, withinDeadline } from "./call-endpoint.ts";
import type { CalledIntegration, EndpointCall, EndpointRequest } from "./endpoint-request.ts";
import { compileEndpointUri, queryString } from "./endpoint-uri.ts";
import { headerRules } from "./headers.ts";
import type { IntegrationContext } from "./integration-context.ts";
import { mappedHeaders } from "./mapped-headers.ts";
import { compileRoute } from "./route.ts";

const rules = headerRules.HTTP;

export function compileHttp(
  integration: Integration,
  isBinary: IsBinary,
): (context: RestContext) => Promise<Response> {
  const makeRequest = compileIntegrationRequest(integration, isBinary);
  const call = compileHttpCall(integration);
  const respond = compileIntegrationResponses(integration, isBinary, true);
  return async (context) => {
    const answer = await call(await makeRequest(context), context);
    return respond(answer, String(answer.status), context);
  };
}

export function compileHttpCall(integration: CalledIntegration): EndpointCall {
  const uriOf = compileEndpointUri(integration.uri ?? "");
  const routeTo = compileRoute(integration);
  const fixedMethod = integration.httpMethod === "ANY" ? undefined : integration.httpMethod;
  return async ({ payload, path, query, headers }, context) => {
    const method = fixedMethod ?? context.request.method;
    const uri = uriOf(path, queryString(query), context);
    const { url, service } = routeTo(uri, context);
    const init: RequestInit = {
      method,
      headers: endpointHeaders(headers, context),
      body: isBodylessMethod(method) ? null : (payload as string | Uint8Array<ArrayBuffer>),
      redirect: "manual",
    };
    return withinDeadline(integration.timeoutInMillis, (signal) =>
      exchange(new Request(url, { ...init, signal }), payload, signal, context.log, service),
    );
  };
}

function endpointHeaders(mapped: EndpointRequest["headers"], context: IntegrationContext): Headers {
  const headers = mappedHeaders(mapped, rules, context);
  headers.set("X-Amzn-Apigateway-Api-Id", context.located.apiId);
  return headers;
}
