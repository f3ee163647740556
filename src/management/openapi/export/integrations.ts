/** An integration as `x-amazon-apigateway-integration`, which leaves out what it would mean anyway. */
import type { Integration, IntegrationResponse } from "../../../definitions/rest-api.ts";
import { compact } from "../json.ts";

const DEFAULT_TIMEOUT_MILLIS = 29_000;

/** @param resourceId the cache namespace unless another is given */
export function writeIntegration(integration: Integration, resourceId: string): object {
  const { cacheNamespace, cacheKeyParameters, connectionType, timeoutInMillis } = integration;
  const responses = Object.values(integration.integrationResponses ?? {}).map((response) => [
    response.selectionPattern || "default",
    writeResponse(response),
  ]);
  return compact({
    type: integration.type.toLowerCase(),
    connectionId: integration.connectionId,
    credentials: integration.credentials,
    httpMethod: integration.httpMethod,
    uri: integration.uri,
    responses: responses.length > 0 ? Object.fromEntries(responses) : undefined,
    requestParameters: integration.requestParameters,
    requestTemplates: integration.requestTemplates,
    passthroughBehavior: integration.passthroughBehavior.toLowerCase(),
    connectionType: connectionType === "INTERNET" ? undefined : connectionType,
    cacheNamespace: cacheNamespace === resourceId ? undefined : cacheNamespace,
    cacheKeyParameters: cacheKeyParameters.length > 0 ? cacheKeyParameters : undefined,
    contentHandling: integration.contentHandling,
    timeoutInMillis: timeoutInMillis === DEFAULT_TIMEOUT_MILLIS ? undefined : timeoutInMillis,
    tlsConfig: integration.tlsConfig,
    responseTransferMode: integration.responseTransferMode,
    integrationTarget: integration.integrationTarget,
  });
}

const writeResponse = ({ selectionPattern: _, ...response }: IntegrationResponse) => response;
