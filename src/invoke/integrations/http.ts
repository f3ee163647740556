/**
 * HTTP (custom): the request is what templates and mappings make of it, and so is the response.
 * Sources: the guide's setup-http-integrations; recorded: test_apigateway_header_remapping_http[HTTP].
 */
import type { Integration } from "../../definitions/rest-api.ts";
import type { RestContext } from "../rest/context.ts";
import { GatewayError } from "../rest/gateway-error.ts";
import { compileIntegrationRequest } from "../rest/integration-request.ts";
import { compileIntegrationResponses } from "../rest/integration-response.ts";
import type { IsBinary } from "./binary-media-types.ts";
import { exchange, withinDeadline } from "./call-endpoint.ts";
import type { CalledIntegration, EndpointCall, EndpointRequest } from "./endpoint-request.ts";
import { compileEndpointUri, queryString } from "./endpoint-uri.ts";
import { headerRules, isLegalHeader } from "./headers.ts";
import type { IntegrationContext } from "./integration-context.ts";
import { compileRoute } from "./route.ts";

const rules = headerRules.HTTP;
const bodyless: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

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
      body: bodyless.has(method) ? null : (payload as string | Uint8Array<ArrayBuffer>),
      redirect: "manual",
    };
    return withinDeadline(integration.timeoutInMillis, (signal) =>
      exchange(new Request(url, { ...init, signal }), payload, signal, context.log, service),
    );
  };
}

/** None of the client's own but its Content-Type. */
function endpointHeaders(mapped: EndpointRequest["headers"], context: IntegrationContext): Headers {
  const headers = new Headers();
  headers.set("Accept", "application/json");
  headers.set("User-Agent", `AmazonAPIGateway_${context.located.apiId}`);
  const contentType = context.request.headers.get("content-type");
  if (contentType !== null && !bodyless.has(context.request.method)) headers.set("Content-Type", contentType);
  for (const [name, value] of mapped) {
    if (rules.notMapped.has(name.toLowerCase())) continue;
    if (!isLegalHeader(name, value)) throw new GatewayError("DEFAULT_5XX", "Internal server error");
    headers.set(name, value);
  }
  headers.set("X-Amzn-Trace-Id", context.trace.request);
  headers.set("X-Amzn-Apigateway-Api-Id", context.located.apiId);
  return headers;
}
