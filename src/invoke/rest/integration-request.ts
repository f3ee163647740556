/**
 * The integration request of the types that map: which template makes the payload, and what the parameters become.
 * Source: the guide's api-gateway-integration-settings-integration-request.
 */
import { Buffer } from "node:buffer";
import type { Integration } from "../../definitions/rest-api.ts";
import type { IsBinary } from "../integrations/binary-media-types.ts";
import { headerRules } from "../integrations/headers.ts";
import { declaredLength } from "../limits/payload.ts";
import { JsonError } from "../mapping/json/read.ts";
import { compileRequestMappings, readsBody } from "../mapping/parameters.ts";
import { compileRequestTemplates } from "../mapping/template-choice.ts";
import { TemplateError, type TemplateScope } from "../mapping/template-scope.ts";
import type { RestContext } from "./context.ts";
import { GatewayError } from "./gateway-error.ts";

export interface IntegrationRequest {
  /** Text, or octets that nothing had to read as text. */
  payload: string | Uint8Array;
  /** Values that are part of the client's own URL are still encoded. */
  path: Map<string, { value: string; isEncoded: boolean }>;
  query: [name: string, value: string][];
  headers: [name: string, value: string][];
}

const utf8 = new TextDecoder();
const internalServerError = () => new GatewayError("DEFAULT_5XX", "Internal server error");

/**
 * @returns what makes the integration request; it throws GatewayError: 415 by the passthrough behavior, 500 for a
 *   template that fails and for a header that may not be mapped
 */
export function compileIntegrationRequest(
  integration: Integration,
  isBinary: IsBinary,
): (context: RestContext) => Promise<IntegrationRequest> {
  const choose = compileRequestTemplates(integration.requestTemplates, integration.passthroughBehavior);
  const mappings = compileRequestMappings(integration.requestParameters);
  const mapsBody = readsBody(integration.requestParameters);
  const { illegalToMap } = headerRules[integration.type];
  const mapsIllegalHeader = mappings.some(
    ({ kind, name }) => kind === "header" && illegalToMap.has(name.toLowerCase()),
  );
  return async (context) => {
    const contentType = context.request.headers.get("content-type");
    const choice = choose(contentType);
    if (choice === "unsupported") throw new GatewayError("UNSUPPORTED_MEDIA_TYPE", "Unsupported Media Type");
    let body: string | Uint8Array = "";
    const isConstant = choice !== "passthrough" && choice.constant !== undefined;
    if (isConstant && !mapsBody && !isBinary(contentType)) declaredLength(context.request.headers);
    else if (isBinary(contentType)) body = fromBinary(await context.payload(), integration.contentHandling);
    else body = fromText(await context.payloadText(), integration.contentHandling);
    const text = () => (typeof body === "string" ? body : utf8.decode(body));
    let payload: IntegrationRequest["payload"] = body;
    if (choice !== "passthrough" && choice.render) {
      // A template reads text alone (the guide's api-gateway-payload-encodings-workflow).
      if (typeof body !== "string") throw internalServerError().because(untransformed("request"));
      payload = choice.constant ?? renderTemplate(choice.render, templateScope(context, body), "request");
    }
    if (mapsIllegalHeader) throw internalServerError();
    const request: IntegrationRequest = { payload, path: new Map(), query: [], headers: [] };
    for (const { kind, name, read, isEncoded } of mappings) {
      const value = read(context, text);
      if (value === undefined || value === "") continue;
      const values = typeof value === "string" ? [value] : value;
      if (kind === "path") request.path.set(name, { value: values.join(","), isEncoded });
      else if (kind === "querystring") for (const one of values) request.query.push([name, one]);
      else request.headers.push([name, values.join(",")]);
    }
    applyOverrides(request, context);
    return request;
  };
}

/** The guide's api-gateway-payload-encodings-workflow, table of requests. */
function fromBinary(
  octets: Uint8Array | null,
  contentHandling: Integration["contentHandling"],
): string | Uint8Array {
  if (!octets || octets.byteLength === 0) return "";
  return contentHandling === "CONVERT_TO_TEXT" ? Buffer.from(octets).toString("base64") : octets;
}

/** The same table, for payloads that are no binary ones. */
function fromText(text: string, contentHandling: Integration["contentHandling"]): string | Uint8Array {
  if (contentHandling !== "CONVERT_TO_BINARY" || text === "") return text;
  if (!/^[A-Za-z0-9+/\r\n]*={0,2}$/.test(text)) throw internalServerError();
  return new Uint8Array(Buffer.from(text, "base64"));
}

/** What the log says of a payload that no template could be rendered for. */
export const untransformed = (what: "request" | "response") =>
  `Execution failed due to configuration error: Unable to transform ${what}`;

/** @throws GatewayError 400 for a payload of the client that is no JSON, 500 for any other failure */
export function renderTemplate(
  render: (scope: TemplateScope) => string,
  scope: TemplateScope,
  what: "request" | "response",
): string {
  try {
    return render(scope);
  } catch (error) {
    // Recorded in 2015 (mapping-templates, "Errors"), with no space before the library's message.
    if (error instanceof JsonError && what === "request") {
      throw new GatewayError("DEFAULT_4XX", `Could not process payload${error.message}`);
    }
    if (error instanceof TemplateError)
      throw internalServerError().because(`${untransformed(what)}: ${error.message}`);
    throw error;
  }
}

export const templateScope = (context: RestContext, body: string): TemplateScope => ({
  body,
  get params() {
    return context.parameters;
  },
  get context() {
    return context.variables as unknown as Record<string, unknown>;
  },
  variable: (name) => context.variable(name),
  stageVariables: context.stage.variables,
  get overrides() {
    return context.overrides;
  },
});

/** The guide's apigateway-override-request-response-parameters: what a template sets replaces what was mapped. */
function applyOverrides(request: IntegrationRequest, context: RestContext): void {
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
