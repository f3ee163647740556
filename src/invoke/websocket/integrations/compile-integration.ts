/** From an integration's definition to the function that carries it out. */
import type { WebSocketSnapshot } from "../../../definitions/published.ts";
import type { Integration } from "../../../definitions/websocket-api.ts";
import { namesLambda } from "../../integrations/lambda-uri.ts";
import { TemplateError } from "../../mapping/template-scope.ts";
import { internalError } from "../../rest/gateway-error.ts";
import type { RouteIntegration } from "../route-event.ts";
import { compileAwsService, compileHttp } from "./endpoint-call.ts";
import { compileHttpProxy } from "./http-proxy.ts";
import { compileLambdaCustom } from "./lambda-custom.ts";
import { compileLambdaProxy } from "./lambda-proxy.ts";
import { compileMock } from "./mock.ts";

/** What cannot be compiled fails for its own routes, with every event, and not for the others. */
export function compileRouteIntegration(
  integration: Integration,
  { apiId }: WebSocketSnapshot,
): RouteIntegration {
  try {
    return compile(integration);
  } catch (error) {
    const isTemplate = error instanceof TemplateError;
    console.error(
      `Integration ${integration.integrationId} of ${apiId} cannot be carried out: ${isTemplate ? error.message : error}`,
    );
    return async () => {
      throw internalError(isTemplate ? "DEFAULT_5XX" : "API_CONFIGURATION_ERROR");
    };
  }
}

function compile(integration: Integration): RouteIntegration {
  switch (integration.integrationType) {
    case "MOCK":
      return compileMock(integration);
    case "HTTP_PROXY":
      return compileHttpProxy(integration);
    case "HTTP":
      return compileHttp(integration);
    case "AWS_PROXY":
      return compileLambdaProxy(integration);
    case "AWS":
      return namesLambda(integration.integrationUri ?? "")
        ? compileLambdaCustom(integration)
        : compileAwsService(integration);
  }
}
