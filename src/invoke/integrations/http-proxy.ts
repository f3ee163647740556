/**
 * HTTP_PROXY: the request goes to the endpoint and the answer to the client, bodies as streams that nothing reads.
 * Sources: the guide's setup-http-integrations; recorded: test_apigateway_header_remapping_http[HTTP_PROXY],
 * test_http_proxy_integration_request_data_mappings.
 */
import type { Integration } from "../../definitions/rest-api.ts";
import { boundedStream } from "../limits/payload.ts";
import { compileRequestMappings, type RequestMapping, readsBody } from "../mapping/parameters.ts";
import type { RestContext } from "../rest/context.ts";
import { GatewayError } from "../rest/gateway-error.ts";
import { callEndpoint, Deadline, guarded } from "./call-endpoint.ts";
import { compileEndpointUri, type PathValues, queryString } from "./endpoint-uri.ts";
import { headerRules, isLegalHeader, isSignature } from "./headers.ts";

const rules = headerRules.HTTP_PROXY;
const bodyless: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);
const noPath: PathValues = new Map();
const utf8 = new TextDecoder();

export function compileHttpProxy(integration: Integration): (context: RestContext) => Promise<Response> {
  const uriOf = compileEndpointUri(integration.uri ?? "");
  const mappings = compileRequestMappings(integration.requestParameters);
  const mapsIllegalHeader = mappings.some(
    ({ kind, name }) => kind === "header" && rules.illegalToMap.has(name.toLowerCase()),
  );
  const needsBody = readsBody(integration.requestParameters);
  const fixedMethod = integration.httpMethod === "ANY" ? undefined : integration.httpMethod;
  return async (context) => {
    if (mapsIllegalHeader) throw new GatewayError("DEFAULT_5XX", "Internal server error");
    const { request, located } = context;
    const headers = requestHeaders(context);
    let path = noPath;
    let { query } = located;
    let payload: BodyInit | null = null;
    const method = fixedMethod ?? request.method;
    if (mappings.length > 0) {
      const octets = needsBody ? await context.payload() : null;
      const body = () => (octets ? utf8.decode(octets) : "");
      const mapped = mapParameters(mappings, context, body, headers);
      path = mapped.path;
      if (mapped.query.length > 0) query = `${query === "" ? "" : `${query}&`}${queryString(mapped.query)}`;
      payload = octets as Uint8Array<ArrayBuffer> | null;
    }
    if (bodyless.has(method)) payload = null;
    else payload ??= boundedStream(request);
    const url = uriOf(path, query, context);
    const deadline = new Deadline(integration.timeoutInMillis);
    const answer = await callEndpoint(url, { method, headers, body: payload }, deadline);
    return clientResponse(answer, guarded(answer, deadline), context);
  };
}

/** A copy keeps the client's casing. */
function requestHeaders({ request, located, trace }: RestContext): Headers {
  const headers = new Headers(request.headers);
  for (const name of request.headers.keys()) if (rules.notPassedOn.has(name)) headers.delete(name);
  const authorization = request.headers.get("authorization");
  if (authorization !== null && isSignature(authorization)) headers.delete("authorization");
  if (!headers.has("accept")) headers.set("Accept", "application/json");
  if (!headers.has("user-agent")) headers.set("User-Agent", `AmazonAPIGateway_${located.apiId}`);
  headers.set("X-Amzn-Trace-Id", trace.request);
  headers.set("X-Amzn-Apigateway-Api-Id", located.apiId);
  return headers;
}

/** Undocumented and recorded: mapped parameters join the client's own. */
function mapParameters(
  mappings: RequestMapping[],
  context: RestContext,
  body: () => string,
  headers: Headers,
): { path: PathValues; query: [string, string][] } {
  const path = new Map<string, { value: string; isEncoded: boolean }>();
  const query: [string, string][] = [];
  for (const { kind, name, read, isEncoded } of mappings) {
    const value = read(context, body);
    if (value === undefined || value === "") continue;
    const values = typeof value === "string" ? [value] : value;
    if (kind === "path") path.set(name, { value: values.join(","), isEncoded });
    else if (kind === "querystring") for (const one of values) query.push([name, one]);
    else if (!rules.notMapped.has(name.toLowerCase())) {
      const text = values.join(",");
      if (!isLegalHeader(name, text)) throw new GatewayError("DEFAULT_5XX", "Internal server error");
      headers.set(name, text);
    }
  }
  return { path, query };
}

/** The endpoint's answer with its headers remapped, and the ids of the gateway. */
function clientResponse(answer: Response, response: Response, context: RestContext): Response {
  const { headers } = response;
  for (const name of answer.headers.keys()) {
    if (rules.remappedInResponses.has(name)) {
      const value = answer.headers.get(name) as string;
      // A body that streams keeps its length; the client is told it twice, as recorded.
      if (name !== "content-length") headers.delete(name);
      headers.append(`x-amzn-Remapped-${remappedName(name)}`, value);
    } else if (rules.droppedFromResponses.has(name)) {
      headers.delete(name);
    }
  }
  headers.set("x-amzn-RequestId", context.requestId);
  headers.set("x-amz-apigw-id", context.extendedRequestId);
  return response;
}

/** `Headers` has lower-case names alone: each word gets its capital back. */
const remappedName = (name: string): string =>
  name === "x-amzn-requestid"
    ? "x-amzn-RequestId"
    : name.replace(/(?:^|-)[a-z]/g, (letter) => letter.toUpperCase());
