/**
 * Gateway responses: what a client is told when the gateway itself refuses or fails. The one place where a
 * GatewayError becomes a response. Sources: the guide's api-gateway-gatewayResponse-definition and
 * supported-gateway-response-types; recorded: test_gateway_response_crud.
 */

import type { GatewayResponseType } from "../../definitions/gateway-response-types.ts";
import type { GatewayResponse } from "../../definitions/rest-api.ts";
import { isLegalHeader } from "../integrations/headers.ts";
import { textOfContext } from "../mapping/context-variable.ts";
import type { RestContext } from "./context.ts";
import type { GatewayError } from "./gateway-error.ts";

export type GatewayResponses = (error: GatewayError, context: RestContext) => Response;

type Part =
  | string
  | { context: string }
  | { stageVariable: string }
  | { parameter: "header" | "path" | "querystring"; name: string };

interface Compiled {
  status: number | undefined;
  headers: [name: string, value: Part[]][];
  /** In the order in which they were given; without any, the default body. */
  templates: [contentType: string, body: Part[]][];
}

/** @param responses those that the API defines; a DEFAULT one counts for every type of its class that has none */
export function compileGatewayResponses(responses: GatewayResponse[]): GatewayResponses {
  const compiled = new Map(responses.map((response) => [response.responseType, compile(response)]));
  return (error, context) => {
    const own =
      compiled.get(error.type) ??
      compiled.get(error.status < 500 ? "DEFAULT_4XX" : "DEFAULT_5XX") ??
      undefined;
    return respond(error, own, context);
  };
}

function compile({ statusCode, responseParameters = {}, responseTemplates = {} }: GatewayResponse): Compiled {
  const prefix = "gatewayresponse.header.";
  return {
    status: statusCode ? Number(statusCode) : undefined,
    headers: Object.entries(responseParameters)
      .filter(([target]) => target.startsWith(prefix))
      .map(([target, source]) => [target.slice(prefix.length), [compileSource(source)]]),
    templates: Object.entries(responseTemplates).map(([type, template]) => [type, compileTemplate(template)]),
  };
}

function compileSource(source: string): Part {
  const parameter = /^method\.request\.(header|path|querystring)\.(.+)$/.exec(source);
  if (parameter) return { parameter: parameter[1] as "header", name: parameter[2] as string };
  if (source.startsWith("context.")) return { context: source.slice("context.".length) };
  if (source.startsWith("stageVariables.")) return { stageVariable: source.slice("stageVariables.".length) };
  return source.replace(/^'(.*)'$/s, "$1");
}

/** Variables are filled in and nothing else: these templates are no VTL (rest-behaviour). */
function compileTemplate(template: string): Part[] {
  return template
    .split(/(\$(?:context|stageVariables)\.[A-Za-z0-9_.-]*[A-Za-z0-9_])/)
    .map((text, index) => (index % 2 === 1 ? compileSource(text.slice(1)) : text));
}

function respond(error: GatewayError, own: Compiled | undefined, context: RestContext): Response {
  const headers = idHeaders(context);
  headers["x-amzn-ErrorType"] = error.errorType;
  const text = (parts: Part[]) => parts.map((part) => textOf(part, error, context)).join("");
  let contentType = "application/json";
  let body = defaultBody(error);
  if (own && own.templates.length > 0) {
    const accept = context.request.headers.get("accept")?.split(/[,;]/, 1)[0]?.trim();
    const chosen = own.templates.find(([type]) => type === accept) ?? own.templates[0];
    contentType = chosen?.[0] ?? contentType;
    body = text(chosen?.[1] ?? []);
  }
  for (const [name, parts] of own?.headers ?? []) {
    const value = text(parts);
    if (!isLegalHeader(name, value)) continue;
    if (name.toLowerCase() === "content-type") contentType = value;
    else headers[name] = value;
  }
  headers["Content-Type"] = contentType;
  return new Response(context.request.method === "HEAD" ? null : body, {
    status: own?.status ?? error.status,
    headers,
  });
}

/** An object: workerd makes headers of one in half the time that a list of pairs takes. */
export const idHeaders = (context: RestContext): Record<string, string> => ({
  "x-amzn-RequestId": context.requestId,
  "x-amz-apigw-id": context.extendedRequestId,
});

/** Raised before a method runs. Recorded bodies of these have no space after the colon, those of the others have one. */
const withoutSpace: ReadonlySet<GatewayResponseType> = new Set([
  "ACCESS_DENIED",
  "AUTHORIZER_CONFIGURATION_ERROR",
  "AUTHORIZER_FAILURE",
  "EXPIRED_TOKEN",
  "INVALID_API_KEY",
  "INVALID_SIGNATURE",
  "MISSING_AUTHENTICATION_TOKEN",
  "QUOTA_EXCEEDED",
  "REQUEST_TOO_LARGE",
  "RESOURCE_NOT_FOUND",
  "THROTTLED",
  "UNAUTHORIZED",
  "WAF_FILTERED",
]);

function defaultBody({ type, messageString }: GatewayError): string {
  // Recorded for a refused policy alone: a capital letter.
  const name = type === "ACCESS_DENIED" ? "Message" : "message";
  return `{"${name}":${withoutSpace.has(type) ? "" : " "}${messageString}}`;
}

function textOf(part: Part, error: GatewayError, context: RestContext): string {
  if (typeof part === "string") return part;
  if ("stageVariable" in part) {
    const { variables } = context.stage;
    return Object.hasOwn(variables, part.stageVariable) ? (variables[part.stageVariable] as string) : "";
  }
  if ("parameter" in part) return parameterOf(part, context) ?? "";
  switch (part.context) {
    case "error.message":
      return error.message;
    case "error.messageString":
      return error.messageString;
    case "error.responseType":
      return error.type;
    case "error.validationErrorString":
      return error.validationErrors ?? "";
    default:
      return textOfContext(context, part.context) ?? "";
  }
}

function parameterOf(
  { parameter, name }: { parameter: "header" | "path" | "querystring"; name: string },
  context: RestContext,
): string | null | undefined {
  switch (parameter) {
    case "header":
      return isLegalHeader(name, "") ? context.request.headers.get(name) : undefined;
    case "path":
      return context.pathParameters[name];
    case "querystring":
      return context.query.get(name)?.at(-1);
  }
}

/** For a request that reaches no API: there are no gateway responses to ask. */
export const forbidden = (): Response => bare(403, '{"message":"Forbidden"}', "ForbiddenException");

/** For an API that cannot be read. */
export const internalServerError = (): Response =>
  bare(500, '{"message": "Internal server error"}', "InternalServerErrorException");

const bare = (status: number, body: string, errorType: string): Response =>
  new Response(body, {
    status,
    headers: {
      "x-amzn-RequestId": crypto.randomUUID(),
      "x-amzn-ErrorType": errorType,
      "Content-Type": "application/json",
    },
  });
