/**
 * The integration request: what a message becomes for its endpoint. Sources: the guide's
 * apigateway-websocket-api-integration-requests, websocket-api-data-mapping and websocket-api-develop-binary-media-types.
 */
import { parseRouteSource } from "../../../definitions/parameter-mapping.ts";
import type { Integration } from "../../../definitions/websocket-api.ts";
import { type EndpointRequest, fromText, mapParameters } from "../../integrations/endpoint-request.ts";
import { headerRules } from "../../integrations/headers.ts";
import { compileRequestMappings } from "../../mapping/parameters.ts";
import { renderTemplate, templateScope, untransformed } from "../../mapping/render-template.ts";
import { configurationError, GatewayError, internalError } from "../../rest/gateway-error.ts";
import type { RouteContext } from "./route-context.ts";
import { compileTemplateSelection } from "./template-selection.ts";

/**
 * @returns what makes the request; it throws GatewayError: 415 by the passthrough behavior, 500 for a template that
 *   fails, for what should be base64 and is not, and for a header that may not be mapped
 */
export function compileIntegrationRequest(
  integration: Integration,
): (context: RouteContext) => EndpointRequest {
  const makePayload = isProxy(integration) ? convertedBody(integration) : compilePayload(integration);
  const mappings = compileRequestMappings(integration.requestParameters, parseRouteSource);
  const { illegalToMap } = headerRules[integration.integrationType];
  const mapsIllegalHeader = mappings.some(
    ({ kind, name }) => kind === "header" && illegalToMap.has(name.toLowerCase()),
  );
  return (context) => {
    const payload = makePayload(context);
    if (mapsIllegalHeader) throw internalError();
    return mapParameters(payload, mappings, context, () => context.event.body);
  };
}

type MakePayload = (context: RouteContext) => EndpointRequest["payload"];

const isProxy = ({ integrationType }: Integration) =>
  integrationType === "HTTP_PROXY" || integrationType === "AWS_PROXY";

const convertedBody =
  ({ contentHandlingStrategy }: Integration): MakePayload =>
  ({ event }) =>
    fromText(event.body, contentHandlingStrategy);

function compilePayload(integration: Integration): MakePayload {
  const { requestTemplates = {}, templateSelectionExpression, passthroughBehavior } = integration;
  const choose = compileTemplateSelection(requestTemplates, templateSelectionExpression);
  const passes =
    passthroughBehavior === "WHEN_NO_MATCH" ||
    (passthroughBehavior === "WHEN_NO_TEMPLATES" && Object.keys(requestTemplates).length === 0);
  const pass = convertedBody(integration);
  return (context) => {
    const template = choose(() => context.selectionSource);
    if (!template && !passes) throw new GatewayError("UNSUPPORTED_MEDIA_TYPE", "Unsupported Media Type");
    if (template?.constant !== undefined) return template.constant;
    const body = pass(context);
    if (!template?.render) return body;
    // A template reads text alone, as in a REST API.
    if (typeof body !== "string") throw configurationError(untransformed("request"), "DEFAULT_5XX");
    return renderTemplate(template.render, templateScope(context, body), "request");
  };
}
