/**
 * The integration request of the types that map: which template makes the payload, and what the parameters become.
 * Source: the guide's api-gateway-integration-settings-integration-request.
 */
import { Buffer } from "node:buffer";
import type { Integration } from "../../definitions/rest-api.ts";
import type { IsBinary } from "../integrations/binary-media-types.ts";
import { type EndpointRequest, fromText, mapParameters, textOf } from "../integrations/endpoint-request.ts";
import { headerRules } from "../integrations/headers.ts";
import { declaredLength } from "../limits/payload.ts";
import { compileRequestMappings, readsBody } from "../mapping/parameters.ts";
import { renderTemplate, templateScope, untransformed } from "../mapping/render-template.ts";
import { compileRequestTemplates } from "../mapping/template-choice.ts";
import type { RestContext } from "./context.ts";
import { configurationError, GatewayError, internalError } from "./gateway-error.ts";

/**
 * @returns what makes the integration request; it throws GatewayError: 415 by the passthrough behavior, 500 for a
 *   template that fails and for a header that may not be mapped
 */
export function compileIntegrationRequest(
  integration: Integration,
  isBinary: IsBinary,
): (context: RestContext) => Promise<EndpointRequest> {
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
    let payload: EndpointRequest["payload"] = body;
    if (choice !== "passthrough" && choice.render) {
      // A template reads text alone (the guide's api-gateway-payload-encodings-workflow).
      if (typeof body !== "string") throw configurationError(untransformed("request"), "DEFAULT_5XX");
      payload = choice.constant ?? renderTemplate(choice.render, templateScope(context, body), "request");
    }
    if (mapsIllegalHeader) throw internalError();
    return mapParameters(payload, mappings, context, () => textOf(body));
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
