/**
 * The integration response: from an endpoint's answer to the method response, for the types that map.
 * Source: the guide's api-gateway-integration-settings-integration-response; recorded:
 * test_http_integration_invoke_status_code_passthrough, test_lambda_selection_patterns.
 */
import { Buffer } from "node:buffer";
import type { Integration, IntegrationResponse } from "../../definitions/rest-api.ts";
import { Pattern, PatternTooCostly } from "../../regex/pattern.ts";
import { isBodyless } from "../bodyless.ts";
import type { IsBinary } from "../integrations/binary-media-types.ts";
import { type Answer, fromText, textOf } from "../integrations/endpoint-request.ts";
import { type HeaderRules, headerRules, isLegalHeader, responseHeaderName } from "../integrations/headers.ts";
import { compileResponseMappings, type EndpointResponse } from "../mapping/parameters.ts";
import { renderTemplate, templateScope } from "../mapping/render-template.ts";
import { compileResponseTemplates } from "../mapping/template-choice.ts";
import type { RestContext } from "./context.ts";
import { configurationError, type GatewayError, internalError } from "./gateway-error.ts";
import { idHeaders } from "./gateway-response.ts";

/** What selection patterns are matched against: the status, or a function's error message. */
export type IntegrationResponder = (answer: Answer, selection: string, context: RestContext) => Response;

/** No response is there for what the endpoint has answered. */
export const unmatched = (status: number): GatewayError =>
  configurationError(
    `No match for output mapping and no default output mapping configured. Endpoint Response Status Code: ${status}`,
  );

/**
 * @param traced whether the client is told the trace (recorded: not by a mock)
 * @returns what makes the response; it throws GatewayError 500 when no response is selected
 */
export function compileIntegrationResponses(
  integration: Integration,
  isBinary: IsBinary,
  traced: boolean,
): IntegrationResponder {
  const responses = Object.values(integration.integrationResponses ?? {});
  const rules = headerRules[integration.type];
  const candidates = responses.map((response) => ({
    pattern: compilePattern(response.selectionPattern),
    respond: compileResponse(response, rules, isBinary, traced),
  }));
  const otherwise = candidates.find(({ pattern }) => pattern === "default")?.respond;
  const select = (selection: string) =>
    candidates.find(({ pattern }) => pattern instanceof Pattern && pattern.matches(selection))?.respond ??
    otherwise;
  // Most answers are selected by the same text as the one before.
  let last: { selection: string; respond: ReturnType<typeof compileResponse> } | undefined;
  return (answer, selection, context) => {
    if (last?.selection !== selection) {
      const respond = guarded(() => select(selection));
      if (!respond) throw unmatched(answer.status);
      last = { selection, respond };
    }
    return last.respond(answer, context);
  };
}

/** @throws GatewayError 500 for a pattern that takes too long: which response it is for cannot be known */
function guarded<Result>(select: () => Result): Result {
  try {
    return select();
  } catch (error) {
    if (error instanceof PatternTooCostly) throw internalError("API_CONFIGURATION_ERROR");
    throw error;
  }
}

/** A pattern matches the whole text, as Java's `matches` does; one that cannot be compiled matches nothing. */
function compilePattern(pattern: string | undefined): Pattern | "default" | "never" {
  if (!pattern) return "default";
  try {
    return new Pattern(pattern);
  } catch {
    return "never";
  }
}

function compileResponse(
  { statusCode, responseParameters, responseTemplates, contentHandling }: IntegrationResponse,
  rules: HeaderRules,
  isBinary: IsBinary,
  traced: boolean,
): (answer: Answer, context: RestContext) => Response {
  const choose = compileResponseTemplates(responseTemplates);
  const mappings = compileResponseMappings(responseParameters).flatMap((mapping) => {
    const name = responseHeaderName(mapping.name, rules);
    return name === undefined
      ? []
      : [{ ...mapping, name, isContentType: name.toLowerCase() === "content-type" }];
  });
  const status = Number(statusCode);
  return (answer, context) => {
    const { headers: requestHeaders } = context.request;
    const template = choose(requestHeaders.get("accept"));
    let body: string | Uint8Array;
    let text: string | undefined;
    if (template?.constant !== undefined) {
      body = template.constant;
    } else {
      body = convert(answer, isBinary, contentHandling, requestHeaders.get("accept"));
      if (template?.render) {
        if (typeof body !== "string") throw internalError();
        text = body;
        context.awsEndpointRequestId ??= answer.headers.get("x-amzn-requestid") ?? undefined;
        body = renderTemplate(template.render, templateScope(context, body), "response");
      }
    }
    const headers = idHeaders(context);
    let contentType = template?.contentType ?? "application/json";
    const add = (name: string, value: string) => {
      if (!isLegalHeader(name, value)) throw internalError();
      if (name.toLowerCase() === "content-type") contentType = value;
      else headers[name] = value;
    };
    const overridden = context.hasOverrides ? context.overrides.response : undefined;
    if (mappings.length > 0) {
      const mapped: EndpointResponse = {
        status: answer.status,
        headers: answer.headers,
        get body() {
          text ??= textOf(answer.body);
          return text;
        },
      };
      for (const { name, constant, read } of mappings) {
        const value = constant ?? read(mapped, context);
        if (value === undefined || value === "") continue;
        if (overridden && hasHeader(overridden.header, name)) continue;
        add(name, typeof value === "string" ? value : value.join(","));
      }
    }
    for (const [name, value] of overridden?.header ?? []) add(responseHeaderName(name, rules) ?? name, value);
    headers["Content-Type"] = contentType;
    if (traced) headers["X-Amzn-Trace-Id"] = context.trace.response;
    const answered = overridden ? statusOf(overridden.status, status) : status;
    const hasBody = context.request.method !== "HEAD" && !isBodyless(answered);
    return new Response(hasBody ? (body as string | Uint8Array<ArrayBuffer>) : null, {
      status: answered,
      headers,
    });
  };
}

const hasHeader = (headers: ReadonlyMap<string, string>, name: string): boolean => {
  for (const key of headers.keys()) if (key.toLowerCase() === name.toLowerCase()) return true;
  return false;
};

/** An override that is no status is ignored. */
function statusOf(override: string | undefined, status: number): number {
  const parsed = Number(override);
  return override !== undefined && Number.isInteger(parsed) && parsed >= 200 && parsed <= 599
    ? parsed
    : status;
}

/** The guide's api-gateway-payload-encodings-workflow, table of responses. */
function convert(
  { body, headers }: Answer,
  isBinary: IsBinary,
  contentHandling: IntegrationResponse["contentHandling"],
  accept: string | null,
): string | Uint8Array {
  const toText =
    contentHandling === "CONVERT_TO_TEXT" || (contentHandling === undefined && !isBinary(accept));
  if (isBinary(headers.get("content-type"))) {
    const octets = typeof body === "string" ? Buffer.from(body) : body;
    return toText ? Buffer.from(octets).toString("base64") : octets;
  }
  const text = textOf(body);
  return toText ? text : fromText(text, "CONVERT_TO_BINARY");
}
