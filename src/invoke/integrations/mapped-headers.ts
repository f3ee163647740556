/** The headers that endpoints are sent where templates and parameters make the request, and not the client. */
import { isBodylessMethod } from "../bodyless.ts";
import { internalError } from "../rest/gateway-error.ts";
import type { EndpointRequest } from "./endpoint-request.ts";
import { type HeaderRules, isLegalHeader } from "./headers.ts";
import type { IntegrationContext } from "./integration-context.ts";

type Mapped = EndpointRequest["headers"];

/**
 * Those that are sent.
 * @throws GatewayError 500 for one that cannot be sent
 */
export function sendableHeaders(mapped: Mapped, { notMapped }: HeaderRules): Mapped {
  const sent = mapped.filter(([name]) => !notMapped.has(name.toLowerCase()));
  for (const [name, value] of sent) {
    if (!isLegalHeader(name, value)) throw internalError();
  }
  return sent;
}

/**
 * None of the client's own but its Content-Type.
 * @param own what the endpoint wants of every request; what is mapped replaces it
 * @throws GatewayError 500 for a mapped one that cannot be sent
 */
export function mappedHeaders(
  mapped: Mapped,
  rules: HeaderRules,
  { request, located, trace }: IntegrationContext,
  own: Mapped = [],
): Headers {
  const headers = new Headers();
  headers.set("Accept", "application/json");
  headers.set("User-Agent", `AmazonAPIGateway_${located.apiId}`);
  const contentType = request.headers.get("content-type");
  if (contentType !== null && !isBodylessMethod(request.method)) headers.set("Content-Type", contentType);
  for (const [name, value] of own) headers.set(name, value);
  for (const [name, value] of sendableHeaders(mapped, rules)) headers.set(name, value);
  headers.set("X-Amzn-Trace-Id", trace.request);
  return headers;
}
