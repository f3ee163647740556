/**
 * What an endpoint is sent by an integration that maps: the payload, and what the parameters become.
 * Source: the guide's api-gateway-integration-settings-integration-request.
 */
import { Buffer } from "node:buffer";
import type { ContentHandling, Integration } from "../../definitions/rest-api.ts";
import type { ParameterSource, RequestMapping } from "../mapping/parameters.ts";
import type { TemplateContext } from "../mapping/render-template.ts";
import { internalError } from "../rest/gateway-error.ts";
import type { IntegrationContext } from "./integration-context.ts";
import type { RoutedIntegration } from "./route.ts";

export interface EndpointRequest {
  /** Text, or octets that nothing had to read as text. */
  payload: string | Uint8Array;
  /** Values that are part of the client's own URL are still encoded. */
  path: Map<string, { value: string; isEncoded: boolean }>;
  query: [name: string, value: string][];
  headers: [name: string, value: string][];
}

/** What it answers: its body as octets, or as the text that it is known to be. */
export interface Answer {
  status: number;
  headers: { get(name: string): string | null };
  body: string | Uint8Array;
}

/** An integration whose endpoint is called with what was made of the request, or of the event. */
export type CalledIntegration = RoutedIntegration &
  Pick<Integration, "uri" | "httpMethod" | "credentials" | "timeoutInMillis">;

/** @throws GatewayError as `exchange`, and 500 for a header that cannot be sent */
export type EndpointCall = (request: EndpointRequest, context: IntegrationContext) => Promise<Answer>;

/** @param body the client's, as text */
export function mapParameters(
  payload: EndpointRequest["payload"],
  mappings: readonly RequestMapping[],
  context: ParameterSource & Pick<TemplateContext, "overrides" | "hasOverrides">,
  body: () => string,
): EndpointRequest {
  const request: EndpointRequest = { payload, path: new Map(), query: [], headers: [] };
  for (const { kind, name, read, isEncoded } of mappings) {
    const value = read(context, body);
    if (value === undefined || value === "") continue;
    const values = typeof value === "string" ? [value] : value;
    if (kind === "path") request.path.set(name, { value: values.join(","), isEncoded });
    else if (kind === "querystring") for (const one of values) request.query.push([name, one]);
    else request.headers.push([name, values.join(",")]);
  }
  applyOverrides(request, context);
  return request;
}

const utf8 = new TextDecoder();

/** A payload, or an answer's body, as text. */
export const textOf = (body: string | Uint8Array): string =>
  typeof body === "string" ? body : utf8.decode(body);

/**
 * A payload that is text, as its content handling has it (the guide's api-gateway-payload-encodings-workflow).
 * @throws GatewayError 500 for what should be base64 and is not
 */
export function fromText(text: string, contentHandling: ContentHandling | undefined): string | Uint8Array {
  if (contentHandling !== "CONVERT_TO_BINARY" || text === "") return text;
  if (!/^[A-Za-z0-9+/\r\n]*={0,2}$/.test(text)) throw internalError();
  return new Uint8Array(Buffer.from(text, "base64"));
}

/** The guide's apigateway-override-request-response-parameters: what a template sets replaces what was mapped. */
function applyOverrides(
  request: EndpointRequest,
  context: Pick<TemplateContext, "overrides" | "hasOverrides">,
): void {
  if (!context.hasOverrides) return;
  const { path, querystring, header } = context.overrides.request;
  for (const [name, value] of path) request.path.set(name, { value, isEncoded: false });
  request.query = replaced(request.query, querystring, (name) => name);
  request.headers = replaced(request.headers, header, (name) => name.toLowerCase());
}

function replaced(
  entries: [name: string, value: string][],
  overrides: ReadonlyMap<string, string>,
  keyOf: (name: string) => string,
): [name: string, value: string][] {
  const keys = new Set([...overrides.keys()].map(keyOf));
  return [...entries.filter(([name]) => !keys.has(keyOf(name))), ...overrides];
}
