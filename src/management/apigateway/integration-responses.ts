/** IntegrationResponse: how an endpoint's answer becomes a method response. Recorded: test_lifecycle_integration_response. */
import type { Integration, IntegrationResponse, Method } from "../../definitions/rest-api.ts";
import { compact } from "../openapi/json.ts";
import type { Handlers } from "../operation.ts";
import { conflict, notFound } from "../protocol/service-error.ts";
import { requireResource } from "./collections.ts";
import {
  checkIntegrationResponse,
  mappingEntries,
  templateEntries,
  templatesOf,
} from "./integration-rules.ts";
import { contentHandlingOf } from "./integrations.ts";
import { type MethodPlace, methodOf, putMethod, requireIntegration } from "./method-place.ts";
import { requireResponse } from "./method-responses.ts";
import { nonEmptyMap } from "./method-rules.ts";
import {
  applyPatch,
  mapEntry,
  type PatchOperation,
  type PatchTable,
  refusePathOrOperation,
  setMember,
  text,
} from "./patch.ts";

interface ResponsePlace extends MethodPlace {
  statusCode: string;
}

interface PutInput extends ResponsePlace, Omit<IntegrationResponse, "statusCode"> {}

export const integrationResponseHandlers: Handlers = {
  PutIntegrationResponse(input: PutInput, context): IntegrationResponse {
    const { resource, method, integration } = requireIntegration(input, context);
    const response: IntegrationResponse = compact({
      statusCode: input.statusCode,
      selectionPattern: input.selectionPattern,
      responseParameters: nonEmptyMap(input.responseParameters),
      responseTemplates: templatesOf(nonEmptyMap(input.responseTemplates)),
      contentHandling: input.contentHandling,
    } as IntegrationResponse);
    checkIntegrationResponse(response, method);
    requireResponse(method, input.statusCode);
    requireFreePattern(integration, response);
    putMethod(input.restApiId, resource, withResponse(method, integration, response), context);
    return response;
  },

  GetIntegrationResponse: (place: ResponsePlace, context) =>
    requireIntegrationResponse(requireIntegration(place, context).integration, place.statusCode),

  UpdateIntegrationResponse(
    input: ResponsePlace & { patchOperations?: PatchOperation[] },
    context,
  ): IntegrationResponse {
    const { resource, method, integration } = requireIntegration(input, context);
    const before = requireIntegrationResponse(integration, input.statusCode);
    const response = applyPatch(patchTable, before, input.patchOperations);
    checkIntegrationResponse(response, method);
    requireFreePattern(integration, response);
    putMethod(input.restApiId, resource, withResponse(method, integration, response), context);
    return response;
  },

  DeleteIntegrationResponse(place: ResponsePlace, context) {
    const resource = requireResource(context, place.restApiId, place.resourceId);
    const method = methodOf(resource, place.httpMethod);
    const integration = method?.methodIntegration;
    // Recorded, test_delete_integration_response_errors: also when it is the method that is not there.
    if (!method || !integration) throw notFound("Invalid Integration identifier specified");
    requireIntegrationResponse(integration, place.statusCode);
    const { [place.statusCode]: _, ...left } = integration.integrationResponses ?? {};
    const { integrationResponses: __, ...bare } = integration;
    const methodIntegration = Object.keys(left).length > 0 ? { ...bare, integrationResponses: left } : bare;
    putMethod(place.restApiId, resource, { ...method, methodIntegration }, context);
    return undefined;
  },
};

/** The text is AWS's as its users report it of the default. @throws ServiceError ConflictException */
function requireFreePattern(
  { integrationResponses = {} }: Integration,
  { statusCode, selectionPattern = "" }: IntegrationResponse,
): void {
  const isTaken = Object.values(integrationResponses).some(
    (other) => other.statusCode !== statusCode && (other.selectionPattern ?? "") === selectionPattern,
  );
  if (!isTaken) return;
  throw conflict(
    `Integration response with selection pattern ${selectionPattern || "default"} already exists`,
  );
}

const withResponse = (method: Method, integration: Integration, response: IntegrationResponse): Method => ({
  ...method,
  methodIntegration: {
    ...integration,
    integrationResponses: { ...integration.integrationResponses, [response.statusCode]: response },
  },
});

function requireIntegrationResponse(
  { integrationResponses = {} }: Integration,
  statusCode: string,
): IntegrationResponse {
  const response = Object.hasOwn(integrationResponses, statusCode)
    ? integrationResponses[statusCode]
    : undefined;
  if (!response) throw notFound("Invalid Response status code specified");
  return response;
}

const patchTable: PatchTable<IntegrationResponse> = {
  refuse: refusePathOrOperation,
  paths: {
    "/selectionPattern": { replace: setMember("selectionPattern", text) },
    "/contentHandling": { replace: setMember("contentHandling", contentHandlingOf) },
    "/responseParameters/{name}": mapEntry("responseParameters", mappingEntries),
    "/responseTemplates/{contentType}": mapEntry("responseTemplates", templateEntries),
  },
};
