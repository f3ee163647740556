/** MOCK: the gateway answers itself, with the status that the request template says. */
import type { Integration } from "../../../definitions/websocket-api.ts";
import { mockAnswers } from "../../integrations/mock.ts";
import type { RouteIntegration } from "../route-event.ts";
import { compileIntegrationRequest } from "./integration-request.ts";
import { compileIntegrationResponses } from "./integration-response.ts";
import { RouteContext } from "./route-context.ts";

export function compileMock(integration: Integration): RouteIntegration {
  const makeRequest = compileIntegrationRequest(integration);
  const answerOf = mockAnswers();
  const respond = compileIntegrationResponses(integration);
  return async (event) => {
    const context = new RouteContext(event);
    return respond(answerOf(makeRequest(context).payload), context);
  };
}
