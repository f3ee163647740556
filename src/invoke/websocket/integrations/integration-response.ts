/**
 * The integration response: what becomes of an endpoint's answer, for the types that map. Sources: the guide's
 * apigateway-websocket-api-integration-responses, websocket-api-data-transformations and
 * websocket-api-develop-binary-media-types.
 */
import { Buffer } from "node:buffer";
import { parseRouteResponseTarget } from "../../../definitions/parameter-mapping.ts";
import type { Integration, IntegrationResponse } from "../../../definitions/websocket-api.ts";
import { Pattern, PatternTooCostly } from "../../../regex/pattern.ts";
import { type Answer, fromText, textOf } from "../../integrations/endpoint-request.ts";
import { compileResponseMappings, type EndpointResponse } from "../../mapping/parameters.ts";
import { renderTemplate, templateScope, untransformed } from "../../mapping/render-template.ts";
import { configurationError, internalError } from "../../rest/gateway-error.ts";
import { unmatched } from "../../rest/integration-response.ts";
import type { RouteAnswer } from "../route-event.ts";
import { compileSelection, type SelectionSource } from "../selection.ts";
import type { RouteContext } from "./route-context.ts";
import { compileTemplateSelection } from "./template-selection.ts";

export type Respond = (answer: Answer, context: RouteContext) => RouteAnswer;

/**
 * @returns what makes the route's answer, an empty one where nobody is told it; it throws GatewayError 500 when no
 *   response is selected ("you must set up at least one"), or when it cannot be made
 * @throws TemplateError for a template that does not parse
 */
export function compileIntegrationResponses(integration: Integration): Respond {
  const keyOf = compileSelection(
    integration.integrationResponseSelectionExpression ?? "${integration.response.statuscode}",
  );
  const candidates: Candidate[] = [];
  let fallback: CompiledResponse | undefined;
  for (const response of integration.integrationResponses) {
    const { integrationResponseKey: key } = response;
    const respond = compileResponse(response);
    if (key === "$default") fallback = respond;
    // A pattern stands between slashes, and matches the whole text, as in a REST API.
    else candidates.push({ pattern: new Pattern(key.slice(1, -1)), respond });
  }
  // Where nothing says what becomes of answers, a connection opens or not by the endpoint's status alone.
  const isBare = ({ event }: RouteContext) =>
    integration.integrationResponses.length === 0 && event.eventType === "CONNECT";
  return (answer, context) => {
    // "Regardless of any integration response configuration, no response will be returned" on a one-way route.
    if (!context.event.isAnswered || isBare(context)) {
      return { statusCode: answer.status, body: undefined, headers: {} };
    }
    context.status = answer.status;
    const source = selectionSource(answer, context);
    const respond = (candidates.length > 0 ? select(candidates, keyOf(source)) : undefined) ?? fallback;
    if (!respond) throw unmatched(answer.status);
    return respond(answer, source, context);
  };
}

interface Candidate {
  pattern: Pattern;
  respond: CompiledResponse;
}

/** @throws GatewayError 500 for a pattern that takes too long: which response it is for cannot be known */
function select(candidates: Candidate[], key: string): CompiledResponse | undefined {
  try {
    return candidates.find(({ pattern }) => pattern.matches(key))?.respond;
  } catch (error) {
    if (error instanceof PatternTooCostly) throw internalError("API_CONFIGURATION_ERROR");
    throw error;
  }
}

const selectionSource = (answer: Answer, context: RouteContext) => ({
  ...context.selectionSource,
  answer: {
    statusCode: answer.status,
    header: (name: string) => answer.headers.get(name) ?? undefined,
    get body() {
      return textOf(answer.body);
    },
  },
});

type CompiledResponse = (answer: Answer, source: SelectionSource, context: RouteContext) => RouteAnswer;

function compileResponse(response: IntegrationResponse): CompiledResponse {
  const { responseTemplates, templateSelectionExpression, responseParameters } = response;
  const choose = compileTemplateSelection(responseTemplates, templateSelectionExpression);
  // Headers are of a connection that opens.
  const mappings = compileResponseMappings(responseParameters, parseRouteResponseTarget);
  return (answer, source, context) => {
    const template = choose(() => source);
    let body: string | Uint8Array;
    if (template?.constant !== undefined) {
      body = template.constant;
    } else {
      body = converted(answer.body, response.contentHandlingStrategy);
      if (template?.render) {
        if (typeof body !== "string") throw configurationError(untransformed("response"));
        body = renderTemplate(template.render, templateScope(context, body), "response");
      }
    }
    const headers: Record<string, string> = {};
    const mapped: EndpointResponse = {
      status: answer.status,
      headers: answer.headers,
      get body() {
        return textOf(answer.body);
      },
    };
    for (const { name, read } of mappings) {
      const value = read(mapped, context);
      if (value === undefined || value === "") continue;
      headers[name.toLowerCase()] = typeof value === "string" ? value : value.join(",");
    }
    const overridden = context.hasOverrides ? context.overrides.response : undefined;
    for (const [name, value] of overridden?.header ?? []) headers[name.toLowerCase()] = value;
    return { statusCode: statusOf(overridden?.status) ?? answer.status, body: textOf(body), headers };
  };
}

/** Octets are base64 to a client when they are converted, whatever they are: the API knows no binary media types. */
function converted(
  body: Answer["body"],
  strategy: IntegrationResponse["contentHandlingStrategy"],
): string | Uint8Array {
  if (strategy === "CONVERT_TO_TEXT" && typeof body !== "string") return Buffer.from(body).toString("base64");
  return fromText(textOf(body), strategy);
}

/** An override that is no status is ignored, as in a REST API. */
function statusOf(override: string | undefined): number | undefined {
  const status = Number(override);
  return override !== undefined && Number.isInteger(status) && status >= 200 && status <= 599
    ? status
    : undefined;
}
