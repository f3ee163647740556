/**
 * MOCK: the gateway answers itself, with the status that the request template says. A mock without any template succeeds:
 * AWS's Solutions Constructs put one behind `$connect`, where there must be an integration and nothing is to be done.
 */
import type { Integration } from "../../../definitions/websocket-api.ts";
import { mockAnswers } from "../../integrations/mock.ts";
import type { RouteIntegration } from "../route-event.ts";
import { compileIntegrationRequest } from "./integration-request.ts";
import { compileIntegrationResponses } from "./integration-response.ts";
import { RouteContext } from "./route-context.ts";

export function compileMock(integration: Integration): RouteIntegration {
  const makeRequest = compileIntegrationRequest(integration);
  const isTemplated = Object.keys(integration.requestTemplates ?? {}).length > 0;
  const answerOf = mockAnswers(isTemplated ? undefined : 200);
  const respond = compileIntegrationResponses(integration);
  return async (event) => {
    const context = new RouteContext(event);
    return respond(answerOf(makeRequest(context).payload), context);
  };
}
