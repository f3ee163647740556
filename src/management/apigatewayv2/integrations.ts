/**
 * Integration: what answers for routes. Sources: the guide's apigateway-websocket-api-integration-requests; Terraform's
 * acceptance tests (TestAccAPIGatewayV2Integration_basicWebSocket, …_lambdaWebSocket, …_integrationTypeHTTP).
 */
import type { Integration } from "../../definitions/websocket-api.ts";
import { randomId } from "../apigateway/ids.ts";
import type { Handlers, OperationContext } from "../operation.ts";
import { type TokenRequest, tokenPage } from "../protocol/paging.ts";
import { conflict } from "../protocol/service-error.ts";
import { integrations, requireApi, requireOfApi, routes } from "./collections.ts";
import { checkIntegration } from "./integration-rules.ts";
import { type Capitalized, capitalized, uncapitalized } from "./member-names.ts";
import { joined, joinedTexts, refuseMembers, requireRoom, updated } from "./update-rules.ts";

type Given = Partial<
  Omit<
    Integration,
    | "integrationId"
    | "integrationResponses"
    | "integrationResponseSelectionExpression"
    | "requestParameters"
    | "requestTemplates"
  >
>;

interface Input extends Capitalized<Given> {
  ApiId: string;
  RequestParameters?: Record<string, string | null>;
  RequestTemplates?: Record<string, string | null>;
}

export interface IdentifiedIntegration {
  ApiId: string;
  IntegrationId: string;
}

const ofHttpApis = ["IntegrationSubtype", "ResponseParameters", "TlsConfig"];

export const integrationHandlers: Handlers = {
  CreateIntegration({ ApiId, ...input }: Input, context) {
    const { apiId } = requireApi(context, ApiId);
    requireRoom("Integrations", integrations(context.store, apiId));
    const settled = { integrationId: randomId(7), integrationResponses: [] };
    return shown(putIntegration(apiId, settled, input, context));
  },

  GetIntegration: (input: IdentifiedIntegration, context) => shown(requireIntegration(input, context)),

  GetIntegrations(input: TokenRequest & { ApiId: string }, context) {
    const { apiId } = requireApi(context, input.ApiId);
    const all = integrations(context.store, apiId).list();
    const { items, ...next } = tokenPage(all, input, ({ integrationId }) => integrationId);
    return { Items: items.map(shown), ...next };
  },

  UpdateIntegration({ ApiId, IntegrationId, ...input }: Input & IdentifiedIntegration, context) {
    const before = requireIntegration({ ApiId, IntegrationId }, context);
    return shown(putIntegration(ApiId, before, input, context));
  },

  /** The text is AWS's as its users report it. */
  DeleteIntegration(input: IdentifiedIntegration, context) {
    const { integrationId } = requireIntegration(input, context);
    const users = routes(context.store, input.ApiId)
      .list()
      .filter(({ target }) => target === `integrations/${integrationId}`)
      .map(({ routeId }) => routeId);
    if (users.length > 0) {
      throw conflict(
        `Cannot delete Integration because it is referenced by the following Routes with Ids: [${users.join(", ")}]`,
      );
    }
    integrations(context.store, input.ApiId).delete(integrationId);
    return undefined;
  },
};

/** @throws ServiceError NotFoundException */
export const requireIntegration = (
  { ApiId, IntegrationId }: IdentifiedIntegration,
  context: OperationContext,
): Integration => requireOfApi(integrations, "Integration", ApiId, IntegrationId, context);

type Settled = Pick<Integration, "integrationId" | "integrationResponses">;

/** @throws ServiceError BadRequestException */
function putIntegration(
  apiId: string,
  before: Settled & Partial<Integration>,
  input: Omit<Input, "ApiId">,
  { store }: OperationContext,
): Integration {
  refuseMembers(input, ofHttpApis);
  const { RequestParameters, RequestTemplates, ...given } = input;
  const { requestParameters, requestTemplates, ...rest } = updated(before, uncapitalized(given));
  const parameters = joinedTexts(requestParameters, RequestParameters);
  // An empty template is one.
  const templates = joined(requestTemplates, RequestTemplates);
  const integration = checkIntegration(
    {
      ...rest,
      ...(parameters ? { requestParameters: parameters } : {}),
      ...(templates ? { requestTemplates: templates } : {}),
    },
    store,
  );
  integrations(store, apiId).put(integration.integrationId, integration);
  return integration;
}

const shown = ({ integrationResponses: _, ...integration }: Integration) => capitalized(integration);
