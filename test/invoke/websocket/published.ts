/** What is published of a WebSocket API and of its stage, for tests that say what they are about alone. */
import type { WebSocketSnapshot } from "../../../src/definitions/published.ts";
import type { Route } from "../../../src/definitions/websocket-api.ts";
import type { RouteStage } from "../../../src/invoke/websocket/route-event.ts";

export function snapshotOf({
  api,
  ...more
}: Partial<Omit<WebSocketSnapshot, "api">> & {
  api?: Partial<WebSocketSnapshot["api"]> | undefined;
} = {}): WebSocketSnapshot {
  return {
    protocol: "WEBSOCKET",
    apiId: "api1",
    deploymentId: "d1",
    api: {
      name: "chat",
      routeSelectionExpression: "$request.body.action",
      apiKeySelectionExpression: "$request.header.x-api-key",
      disableExecuteApiEndpoint: false,
      ...api,
    },
    routes: [],
    integrations: [],
    models: [],
    authorizers: [],
    ...more,
  };
}

export const stageOf = (more: Partial<RouteStage["stage"]> = {}): RouteStage["stage"] => ({
  stageName: "prod",
  deploymentId: "d1",
  version: 1,
  stageVariables: {},
  defaultRouteSettings: {},
  routeSettings: {},
  tags: {},
  createdDate: 0,
  lastUpdatedDate: 0,
  ...more,
});

export const routeOf = (more: Partial<Route>): Route => ({
  routeId: "r1",
  routeKey: "$connect",
  apiKeyRequired: false,
  authorizationType: "NONE",
  routeResponses: [],
  ...more,
});
