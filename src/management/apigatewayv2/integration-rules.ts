/**
 * What an integration of a WebSocket API may say. The texts are AWS's as its users report them; URIs and mappings are
 * refused as those of V1 are, a guess.
 */
import { parseRouteSource } from "../../definitions/parameter-mapping.ts";
import type { IntegrationType } from "../../definitions/rest-api.ts";
import type { Integration } from "../../definitions/websocket-api.ts";
import { checkIntegrationUri } from "../apigateway/integration-rules.ts";
import { refuseFaults, requestMappingFault } from "../apigateway/mapping-expressions.ts";
import { httpMethods } from "../apigateway/method-rules.ts";
import { compact } from "../openapi/json.ts";
import { badRequest } from "../protocol/service-error.ts";
import type { Store } from "../store.ts";
import { vpcLinks } from "./collections.ts";
import { checkMessageExpression } from "./expression-rules.ts";
import { checkLengths } from "./update-rules.ts";

/** Milliseconds. */
const longestTimeout = 29_000;

/**
 * @param draft with what was given, or was there before
 * @returns the integration with what is left out filled in
 * @throws ServiceError BadRequestException
 */
export function checkIntegration(
  draft: Pick<Integration, "integrationId" | "integrationResponses"> & Partial<Integration>,
  store: Store,
): Integration {
  checkLengths(draft);
  const { integrationType = "MOCK", payloadFormatVersion = "1.0", timeoutInMillis = longestTimeout } = draft;
  if (payloadFormatVersion !== "1.0") {
    throw badRequest(`Unsupported PayloadFormatVersion: ${payloadFormatVersion}`);
  }
  if (!(timeoutInMillis >= 50 && timeoutInMillis <= longestTimeout)) {
    throw badRequest(`Timeout should be between 50 ms and ${longestTimeout} ms`);
  }
  const connectionType = draft.connectionType ?? "INTERNET";
  if (connectionType === "VPC_LINK") checkVpcLink(integrationType, draft.connectionId, store);
  checkCredentials(draft.credentialsArn);
  checkMappings(draft.requestParameters);
  checkMessageExpression("templateSelectionExpression", draft.templateSelectionExpression);
  return compact({
    ...draft,
    ...endpointOf(integrationType, draft),
    integrationType,
    connectionType,
    connectionId: connectionType === "VPC_LINK" ? draft.connectionId : undefined,
    passthroughBehavior: draft.passthroughBehavior ?? "WHEN_NO_MATCH",
    payloadFormatVersion,
    timeoutInMillis,
    integrationResponseSelectionExpression: responseSelectionExpression(
      integrationType,
      draft.integrationUri,
    ),
  } as Integration);
}

const lambdaUri = /^arn:aws[a-z-]*:apigateway:[^:]*:lambda:path\//;
/** A function's own, which the CDK gave once and which AWS takes (aws/aws-cdk#13820). */
const functionArn = /^arn:aws[a-z-]*:lambda:[^:]*:[^:]*:function:\S+$/;

/**
 * "Currently the value is fixed" (the guide's websocket-api-data-transformations), spelled as Terraform's tests have it.
 * That answers of AWS's other services are told apart by their statuses is what an integration test for the CDK says of
 * AWS (aws/aws-cdk#29661).
 */
function responseSelectionExpression(type: IntegrationType, uri = ""): string | undefined {
  if (type === "HTTP_PROXY" || type === "AWS_PROXY") return undefined;
  return type === "AWS" && lambdaUri.test(uri)
    ? "${integration.response.body.errorMessage}"
    : "${integration.response.statuscode}";
}

/** A mock calls nobody: what is said of its endpoint is not kept, as in V1. */
function endpointOf(
  type: IntegrationType,
  { integrationUri = "", integrationMethod }: Partial<Integration>,
): { integrationUri: string | undefined; integrationMethod: string | undefined } {
  if (type === "MOCK") return { integrationUri: undefined, integrationMethod: undefined };
  const isFunctionArn = type === "AWS_PROXY" && functionArn.test(integrationUri);
  // As the acceptance test of Lambda integrations shows.
  const method = integrationMethod ?? (isFunctionArn || lambdaUri.test(integrationUri) ? "POST" : undefined);
  if (method === undefined) {
    throw badRequest(
      `HttpMethod parameter method must be specified for integrationType ${type.replace("_", "")}`,
    );
  }
  if (!(httpMethods as readonly string[]).includes(method)) {
    throw badRequest(`Invalid HttpMethod specified: ${method}`);
  }
  if (!isFunctionArn) checkIntegrationUri(type, integrationUri);
  return { integrationUri, integrationMethod: method };
}

/** WebSocket APIs know V1's links alone, as AWS's users report; an id that no link has is taken, as in V1. */
function checkVpcLink(type: IntegrationType, connectionId: string | undefined, store: Store): void {
  if (connectionId === undefined) {
    throw badRequest("ConnectionId must be set to vpcLinkId for ConnectionType VPC_LINK");
  }
  if (type !== "HTTP" && type !== "HTTP_PROXY") {
    throw badRequest(
      "Connection type VPC_LINK is only supported for integrations of type HTTP and HTTP_PROXY",
    );
  }
  if (vpcLinks(store).has(connectionId)) {
    throw badRequest(`VpcLinkV2 ${connectionId} cannot be set for WEBSOCKET protocol Apis.`);
  }
}

const credentials = /^arn:aws[a-z-]*:iam::(?:\d{12}|\*):\S+$/;

function checkCredentials(arn: string | undefined): void {
  if (arn !== undefined && !credentials.test(arn)) throw badRequest("Invalid ARN specified in the request");
}

function checkMappings(mappings: Record<string, string> = {}): void {
  refuseFaults(Object.entries(mappings), (mapping) => requestMappingFault(mapping, parseRouteSource));
}
