/** IntegrationResponse: what becomes of an answer. Source: the guide's apigateway-websocket-api-integration-responses. */

import { parseRouteResponseTarget } from "../../definitions/parameter-mapping.ts";
import type { Integration, IntegrationResponse } from "../../definitions/websocket-api.ts";
import { randomId } from "../apigateway/ids.ts";
import { checkSelectionPattern } from "../apigateway/integration-rules.ts";
import { refuseFaults, responseMappingFault } from "../apigateway/mapping-expressions.ts";
import type { Handlers, OperationContext } from "../operation.ts";
import { type TokenRequest, tokenPage } from "../protocol/paging.ts";
import { badRequest, conflict, notFound } from "../protocol/service-error.ts";
import { integrations } from "./collections.ts";
import { checkAnswerExpression } from "./expression-rules.ts";
import { type IdentifiedIntegration, requireIntegration } from "./integrations.ts";
import { type Capitalized, capitalized } from "./member-names.ts";
import { checkLengths, joined, joinedTexts, updated } from "./update-rules.ts";

interface Input
  extends IdentifiedIntegration,
    Capitalized<
      Partial<
        Pick<
          IntegrationResponse,
          "integrationResponseKey" | "contentHandlingStrategy" | "templateSelectionExpression"
        >
      >
    > {
  ResponseParameters?: Record<string, string | null>;
  ResponseTemplates?: Record<string, string | null>;
}

interface Identified extends IdentifiedIntegration {
  IntegrationResponseId: string;
}

export const integrationResponseHandlers: Handlers = {
  CreateIntegrationResponse(input: Input, context) {
    const integration = requireIntegration(input, context);
    const response = responseOf({ integrationResponseId: randomId(7) }, input);
    putResponses(input.ApiId, integration, [...integration.integrationResponses, response], context);
    return capitalized(response);
  },

  GetIntegrationResponse: (input: Identified, context) =>
    capitalized(requireResponse(input, context).response),

  GetIntegrationResponses(input: TokenRequest & IdentifiedIntegration, context) {
    const { integrationResponses } = requireIntegration(input, context);
    const { items, ...next } = tokenPage(
      integrationResponses,
      input,
      ({ integrationResponseId }) => integrationResponseId,
    );
    return { Items: items.map(capitalized), ...next };
  },

  UpdateIntegrationResponse(input: Input & Identified, context) {
    const { integration, response: before } = requireResponse(input, context);
    const response = responseOf(before, input);
    const responses = integration.integrationResponses.map((other) => (other === before ? response : other));
    putResponses(input.ApiId, integration, responses, context);
    return capitalized(response);
  },

  DeleteIntegrationResponse(input: Identified, context) {
    const { integration, response } = requireResponse(input, context);
    const left = integration.integrationResponses.filter((other) => other !== response);
    putResponses(input.ApiId, integration, left, context);
    return undefined;
  },
};

function requireResponse(input: Identified, context: OperationContext) {
  const integration = requireIntegration(input, context);
  const response = integration.integrationResponses.find(
    ({ integrationResponseId }) => integrationResponseId === input.IntegrationResponseId,
  );
  if (!response) {
    throw notFound(`Invalid IntegrationResponse identifier specified ${input.IntegrationResponseId}`);
  }
  return { integration, response };
}

/** @throws ServiceError ConflictException for two with one key; the text is a guess */
function putResponses(
  apiId: string,
  integration: Integration,
  integrationResponses: IntegrationResponse[],
  { store }: OperationContext,
): void {
  const keys = new Set<string>();
  for (const { integrationResponseKey: key } of integrationResponses) {
    if (keys.has(key))
      throw conflict(`IntegrationResponse with key ${key} already exists for this Integration`);
    keys.add(key);
  }
  integrations(store, apiId).put(integration.integrationId, { ...integration, integrationResponses });
}

/** @throws ServiceError BadRequestException */
function responseOf(
  before: Pick<IntegrationResponse, "integrationResponseId"> & Partial<IntegrationResponse>,
  input: Input,
): IntegrationResponse {
  const { responseParameters, responseTemplates, ...rest } = before;
  const response = updated(rest, {
    integrationResponseKey: input.IntegrationResponseKey,
    contentHandlingStrategy: input.ContentHandlingStrategy,
    templateSelectionExpression: input.TemplateSelectionExpression,
  });
  const integrationResponseKey = keyOf(response.integrationResponseKey);
  checkAnswerExpression("templateSelectionExpression", response.templateSelectionExpression);
  const parameters = joinedTexts(responseParameters, input.ResponseParameters);
  refuseFaults(Object.entries(parameters ?? {}), (mapping) =>
    responseMappingFault(mapping, parseRouteResponseTarget),
  );
  const templates = joined(responseTemplates, input.ResponseTemplates);
  const whole = {
    ...response,
    integrationResponseKey,
    ...(parameters ? { responseParameters: parameters } : {}),
    ...(templates ? { responseTemplates: templates } : {}),
  };
  checkLengths(whole);
  return whole;
}

/** `$default`, or a regular expression between slashes. The text for what is neither is a guess. */
function keyOf(key = ""): string {
  if (key === "$default") return key;
  const [, pattern] = /^\/(.+)\/$/s.exec(key) ?? [];
  if (pattern === undefined) throw badRequest("Invalid integrationResponseKey");
  checkSelectionPattern(pattern);
  return key;
}
