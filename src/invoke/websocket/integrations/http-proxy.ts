/**
 * HTTP_PROXY: the message goes to the endpoint as it is, and the answer's body to the client. Nothing of the
 * connection goes with it, not even its id, unless a parameter maps it (the guide's websocket-api-data-mapping).
 */
import type { Integration } from "../../../definitions/websocket-api.ts";
import { isBodylessMethod } from "../../bodyless.ts";
import { exchange, withinDeadline } from "../../integrations/call-endpoint.ts";
import { compileEndpointUri, queryString } from "../../integrations/endpoint-uri.ts";
import { headerRules } from "../../integrations/headers.ts";
import { setHeaders } from "../../integrations/http-proxy.ts";
import { sendableHeaders } from "../../integrations/mapped-headers.ts";
import { compileRoute } from "../../integrations/route.ts";
import type { RouteAnswer, RouteIntegration } from "../route-event.ts";
import { endpointOf } from "./endpoint.ts";
import { compileIntegrationRequest } from "./integration-request.ts";
import { RouteContext } from "./route-context.ts";

const utf8 = new TextDecoder();

export function compileHttpProxy(integration: Integration): RouteIntegration {
  const endpoint = endpointOf(integration);
  const uriOf = compileEndpointUri(endpoint.uri ?? "");
  const routeTo = compileRoute(endpoint);
  const makeRequest = compileIntegrationRequest(integration);
  const fixedMethod = endpoint.httpMethod === "ANY" ? undefined : endpoint.httpMethod;
  return async (event) => {
    const context = new RouteContext(event);
    const { payload, path, query, headers } = makeRequest(context);
    const method = fixedMethod ?? context.request.method;
    const { url, service } = routeTo(uriOf(path, queryOf(context, query), context), context);
    const init: RequestInit = {
      method,
      headers: endpointHeaders(context, headers),
      // An empty text would be given a type.
      body: isBodylessMethod(method) ? null : (payload as string | Uint8Array<ArrayBuffer>) || null,
      redirect: "manual",
    };
    const answer = await withinDeadline(integration.timeoutInMillis, (signal) =>
      exchange(new Request(url, { ...init, signal }), payload, signal, undefined, service),
    );
    return {
      statusCode: answer.status,
      body: utf8.decode(answer.body),
      headers: protocolOf(answer.headers),
    };
  };
}

/** Of the answer's headers, a connection that opens shows no other. */
function protocolOf(headers: Headers): RouteAnswer["headers"] {
  const protocol = headers.get("sec-websocket-protocol");
  return protocol === null ? {} : { "sec-websocket-protocol": protocol };
}

type Parameters = [name: string, value: string][];

/** That of the request that opens a connection passes, as its headers do. */
function queryOf({ query }: RouteContext, mapped: Parameters): string {
  const own = Array.from(query).flatMap(([name, values]) => values.map((value) => [name, value] as const));
  return queryString([...own, ...mapped]);
}

function endpointHeaders(context: RouteContext, mapped: Parameters): Headers {
  const headers = new Headers(context.request.headers);
  // The request that opens a connection has no body. Recorded (gorilla/websocket#517): no type is made up for one.
  const type = context.event.opening ? null : "application/json";
  if (type) headers.set("Content-Type", type);
  setHeaders(headers, context, sendableHeaders(mapped, headerRules.HTTP_PROXY), type);
  return headers;
}
