/**
 * Api: a WebSocket API. Sources: API Gateway V2 API reference; the guide's apigateway-websocket-api-create-empty-api;
 * Terraform's acceptance tests (TestAccAPIGatewayV2API_basicWebSocket, …_allAttributesWebSocket); texts of refusals
 * that AWS's users have reported.
 */
import { snapshotKey, stageKey } from "../../definitions/published.ts";
import type { WebSocketApi } from "../../definitions/websocket-api.ts";
import { longId } from "../apigateway/ids.ts";
import { tagsOf } from "../apigateway/tag-rules.ts";
import { leaveUsagePlans } from "../apigateway/usage-plan-records.ts";
import type { Handlers, OperationContext } from "../operation.ts";
import { type TokenRequest, tokenPage } from "../protocol/paging.ts";
import { badRequest, ServiceError } from "../protocol/service-error.ts";
import { apiEndpoint } from "./api-endpoint.ts";
import { apis, apiTree, deployments, requireApi, stages } from "./collections.ts";
import { checkMessageExpression } from "./expression-rules.ts";
import { type Capitalized, capitalized, uncapitalized } from "./member-names.ts";
import { checkLengths, refuseMembers, updated } from "./update-rules.ts";

type Given = Partial<
  Pick<
    WebSocketApi,
    | "name"
    | "description"
    | "version"
    | "routeSelectionExpression"
    | "apiKeySelectionExpression"
    | "disableSchemaValidation"
    | "disableExecuteApiEndpoint"
    | "ipAddressType"
  >
>;

interface Identified {
  ApiId: string;
}

interface CreateInput extends Capitalized<Given> {
  ProtocolType: "WEBSOCKET" | "HTTP";
  CorsConfiguration?: object;
  Tags?: Record<string, string | null>;
}

const ofHttpApis = ["RouteKey", "Target", "CredentialsArn"];

export const apiHandlers: Handlers = {
  CreateApi({ Tags, ProtocolType, ...input }: CreateInput, context) {
    if (ProtocolType !== "WEBSOCKET") {
      throw new ServiceError("NotImplementedException", 501, "Sallyport does not implement HTTP APIs yet.");
    }
    checkProtocol(input);
    const settled = {
      apiId: longId(),
      protocolType: ProtocolType,
      tags: tagsOf(Tags) ?? {},
      createdDate: context.now,
    };
    const api = apiOf(settled, uncapitalized(input));
    apis(context.store).put(api.apiId, api);
    return shown(api, context);
  },

  GetApi: ({ ApiId }: Identified, context) => shown(requireApi(context, ApiId), context),

  GetApis(input: TokenRequest, context) {
    const { items, ...next } = tokenPage(apis(context.store).list(), input, ({ apiId }) => apiId);
    return { Items: items.map((api) => shown(api, context)), ...next };
  },

  UpdateApi({ ApiId, ...input }: Identified & Capitalized<Given>, context) {
    const before = requireApi(context, ApiId);
    checkProtocol(input);
    const api = apiOf(before, uncapitalized(input));
    apis(context.store).put(api.apiId, api);
    return shown(api, context);
  },

  DeleteApi({ ApiId }: Identified, context) {
    const { store, publish } = context;
    const { apiId } = requireApi(context, ApiId);
    leaveUsagePlans(apiId, undefined, context);
    for (const { stageName } of stages(store, apiId).list()) publish.delete(stageKey(apiId, stageName));
    for (const { deploymentId } of deployments(store, apiId).list())
      publish.delete(snapshotKey(apiId, deploymentId));
    apis(store).delete(apiId);
    store.deleteTree(apiTree(apiId));
    return undefined;
  },
};

function checkProtocol(input: object): void {
  if ("CorsConfiguration" in input) throw badRequest("Cors is not supported for WEBSOCKET protocolType");
  refuseMembers(input, ofHttpApis);
}

type Settled = Pick<WebSocketApi, "apiId" | "protocolType" | "tags" | "createdDate">;

/** @throws ServiceError BadRequestException */
function apiOf(before: Settled & Given, given: Given): WebSocketApi {
  const api = updated(before, given);
  checkLengths(api);
  const { name, routeSelectionExpression } = api;
  if (!name?.trim()) throw badRequest("Invalid API name specified");
  if (routeSelectionExpression === undefined) throw badRequest("Invalid routeSelectionExpression");
  checkMessageExpression("routeSelectionExpression", routeSelectionExpression);
  return {
    ...api,
    name,
    routeSelectionExpression,
    apiKeySelectionExpression: apiKeySelectionExpressionOf(api.apiKeySelectionExpression),
    disableExecuteApiEndpoint: api.disableExecuteApiEndpoint ?? false,
    ipAddressType: api.ipAddressType ?? "ipv4",
  };
}

/** The guide's apigateway-websocket-api-selection-expressions: "Currently the only two supported values". */
const apiKeyVariables = ["request.header.x-api-key", "context.authorizer.usageIdentifierKey"];

function apiKeySelectionExpressionOf(expression = "$request.header.x-api-key"): string {
  const isKnown = apiKeyVariables.some((name) => [`$${name}`, `\${${name}}`].includes(expression));
  if (!isKnown) throw badRequest("Invalid apiKeySelectionExpression");
  return expression;
}

const shown = (api: WebSocketApi, context: OperationContext) => ({
  ...capitalized(api),
  ApiEndpoint: apiEndpoint(api.apiId, context),
});
