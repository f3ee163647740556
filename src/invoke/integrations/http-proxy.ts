/**
 * HTTP_PROXY: the request goes to the endpoint and the answer to the client: large bodies as streams that nothing reads.
 * Sources: the guide's setup-http-integrations; recorded: test_apigateway_header_remapping_http[HTTP_PROXY],
 * test_http_proxy_integration_request_data_mappings.
 */
import type { Integration } from "../../definitions/rest-api.ts";
import { isBodyless, isBodylessMethod } from "../bodyless.ts";
import { type Connection, forwardedHeaders } from "../connection.ts";
import { boundedStream } from "../limits/payload.ts";
import { compileRequestMappings, readsBody } from "../mapping/parameters.ts";
import type { RestContext } from "../rest/context.ts";
import type { ExecutionLog } from "../rest/execution-log.ts";
import { internalError } from "../rest/gateway-error.ts";
import { callEndpoint, exchange } from "./call-endpoint.ts";
import { type EndpointRequest, mapParameters } from "./endpoint-request.ts";
import { compileEndpointUri, type PathValues, queryString } from "./endpoint-uri.ts";
import { headerRules, isSignature } from "./headers.ts";
import type { IntegrationContext } from "./integration-context.ts";
import { sendableHeaders } from "./mapped-headers.ts";
import { bufferedAnswer, idleTimeout, streamedAnswer } from "./proxied-body.ts";
import { compileRoute } from "./route.ts";

const rules = headerRules.HTTP_PROXY;
const noPath: PathValues = new Map();
const utf8 = new TextDecoder();
/** What the endpoint has compressed passes as it is. */
const undecoded: RequestInit = { encodeResponseBody: "manual" };

export function compileHttpProxy(
  integration: Integration,
  isEdge: boolean,
): (context: RestContext) => Promise<Response> {
  const idle = integration.responseTransferMode === "STREAM" ? idleTimeout(isEdge) : undefined;
  const uriOf = compileEndpointUri(integration.uri ?? "");
  const routeTo = compileRoute(integration);
  const mappings = compileRequestMappings(integration.requestParameters);
  const mapsIllegalHeader = mappings.some(
    ({ kind, name }) => kind === "header" && rules.illegalToMap.has(name.toLowerCase()),
  );
  const needsBody = readsBody(integration.requestParameters);
  const fixedMethod = integration.httpMethod === "ANY" ? undefined : integration.httpMethod;
  return async (context) => {
    if (mapsIllegalHeader) throw internalError();
    const { request, located } = context;
    const method = fixedMethod ?? request.method;
    const takesBody = !isBodylessMethod(method);
    let path = noPath;
    let { query } = located;
    let headers: [string, string][] | undefined;
    let octets: Uint8Array | null = null;
    if (mappings.length > 0) {
      if (needsBody) octets = await context.payload();
      const mapped = mapParameters("", mappings, context, () => (octets ? utf8.decode(octets) : ""));
      // Undocumented and recorded: mapped parameters join the client's own.
      path = mapped.path;
      headers = sendableHeaders(mapped.headers, rules);
      if (mapped.query.length > 0) query = `${query === "" ? "" : `${query}&`}${queryString(mapped.query)}`;
    }
    // What a step has read does not stream any more.
    if (takesBody && context.hasReadPayload) octets = await context.payload();
    const deadline = AbortSignal.timeout(integration.timeoutInMillis);
    const uri = uriOf(path, query, context);
    const { url, service } = routeTo(uri, context);
    const endpointRequest = new Request(url, {
      method,
      headers: request.headers,
      body: takesBody ? ((octets as Uint8Array<ArrayBuffer> | null) ?? boundedStream(request)) : null,
      redirect: "manual",
      signal: deadline,
    });
    setHeaders(endpointRequest.headers, context, headers);
    if (context.log) return logged(endpointRequest, deadline, context, context.log, service);
    const answer = await callEndpoint(endpointRequest, deadline, service, undecoded);
    if (idle !== undefined) {
      context.isStreamed = true;
      return clientResponse(answer, streamedAnswer(answer, deadline, idle), context);
    }
    return clientResponse(answer, await bufferedAnswer(answer, deadline), context);
  };
}

/** The same, with all of both bodies in the log. */
async function logged(
  request: Request,
  deadline: AbortSignal,
  context: RestContext,
  log: ExecutionLog,
  service: Pick<Fetcher, "fetch"> | undefined,
): Promise<Response> {
  const payload = request.body ? await context.payload() : null;
  const answer = await exchange(request, payload ?? "", deadline, log, service);
  const { status, headers, body } = answer;
  const response = new Response(isBodyless(status) ? null : (body as Uint8Array<ArrayBuffer>), {
    status,
    headers,
  });
  return clientResponse(answer, response, context);
}

/**
 * From the client's headers, whose casing is kept, to the endpoint's.
 *
 * @param accept what the endpoint is told to answer with if the client does not say; null: it is not told
 */
export function setHeaders(
  headers: Headers,
  context: Pick<IntegrationContext, "located" | "trace"> & {
    readonly headerNames: readonly string[];
    readonly connection: Connection | undefined;
  },
  mapped: EndpointRequest["headers"] | undefined,
  accept: string | null = "application/json",
): void {
  let hasAccept = false;
  let hasUserAgent = false;
  for (const name of context.headerNames) {
    if (name === "accept") hasAccept = true;
    else if (name === "user-agent") hasUserAgent = true;
    else if (rules.notPassedOn.has(name)) headers.delete(name);
    else if (name === "authorization" && isSignature(headers.get(name) ?? "")) headers.delete(name);
  }
  if (!hasAccept && accept) headers.set("Accept", accept);
  if (!hasUserAgent) headers.set("User-Agent", `AmazonAPIGateway_${context.located.apiId}`);
  // Recorded, test_http_integration_with_lambda[HTTP_PROXY]; an HTTP integration is sent none of them.
  const { connection } = context;
  if (connection) for (const [name, value] of forwardedHeaders(headers, connection)) headers.set(name, value);
  for (const [name, value] of mapped ?? []) headers.set(name, value);
  headers.set("X-Amzn-Trace-Id", context.trace.request);
  headers.set("X-Amzn-Apigateway-Api-Id", context.located.apiId);
}

/** The endpoint's answer with its headers remapped, and the ids of the gateway. */
function clientResponse(answer: { headers: Headers }, response: Response, context: RestContext): Response {
  const { headers } = response;
  for (const name of answer.headers.keys()) {
    const remapped = remappedNames.get(name);
    if (remapped !== undefined) {
      headers.append(remapped, answer.headers.get(name) as string);
      // A body that streams keeps its length; the client is told it twice, as recorded.
      if (name !== "content-length") headers.delete(name);
    } else if (rules.droppedFromResponses.has(name)) {
      headers.delete(name);
    }
  }
  headers.set("x-amzn-RequestId", context.requestId);
  headers.set("x-amz-apigw-id", context.extendedRequestId);
  return response;
}

/** `Headers` has lower-case names alone: each word gets its capital back. */
const remappedNames = new Map(
  Array.from(rules.remappedInResponses, (name) => {
    const words = name.replace(/(?:^|-)[a-z]/g, (letter) => letter.toUpperCase());
    return [name, `x-amzn-Remapped-${name === "x-amzn-requestid" ? "x-amzn-RequestId" : words}`];
  }),
);
