/** An integration of a WebSocket API, and an event that it is carried out for, as connections hand it over. */
import type { Integration, IntegrationResponse } from "../../../../src/definitions/websocket-api.ts";
import { compileRouteIntegration } from "../../../../src/invoke/websocket/integrations/compile-integration.ts";
import type { RouteAnswer, RouteEvent, RouteStage } from "../../../../src/invoke/websocket/route-event.ts";
import { type Env, settingsOf } from "../../../../src/settings.ts";
import { snapshotOf, stageOf } from "../published.ts";

export interface Situation
  extends Partial<Pick<RouteEvent, "eventType" | "body" | "opening" | "context" | "isAnswered">> {
  integration: Partial<Integration> & Pick<Integration, "integrationType">;
  variables?: Record<string, string>;
  vpcLinks?: RouteStage["vpcLinks"];
  /** Bindings and settings. */
  env?: object;
}

/** As Powertools for functions have recorded it (apiGatewayWebSocketApiMessage.json). */
export const messageContext = {
  routeKey: "chat",
  messageId: "BFaVtfGSIAMCKug=",
  eventType: "MESSAGE",
  extendedRequestId: "BFaVtH2HoAMFZEQ=",
  requestTime: "11/Nov/2024:13:45:46 +0000",
  messageDirection: "IN",
  stage: "prod",
  connectedAt: 1731332735513,
  requestTimeEpoch: 1731332746514,
  identity: { sourceIp: "192.0.2.1" },
  requestId: "BFaVtH2HoAMFZEQ=",
  domainName: "api1.execute-api.us-east-1.amazonaws.com",
  connectionId: "BFaT_fALIAMCKug=",
  apiId: "api1",
};

export const response = (more: Partial<IntegrationResponse> = {}): IntegrationResponse => ({
  integrationResponseId: "r1",
  integrationResponseKey: "$default",
  ...more,
});

/** What an integration says unless a test says otherwise, by its type. */
function integrationOf(given: Situation["integration"]): Integration {
  const { integrationType } = given;
  const isProxy = integrationType === "AWS_PROXY" || integrationType === "HTTP_PROXY";
  const errorMessage = "${integration.response.body.errorMessage}";
  return {
    integrationId: "i1",
    connectionType: "INTERNET",
    passthroughBehavior: "WHEN_NO_MATCH",
    payloadFormatVersion: "1.0",
    timeoutInMillis: 29_000,
    integrationResponses: isProxy ? [] : [response()],
    ...(integrationType === "MOCK" ? {} : { integrationMethod: "POST" }),
    ...(integrationType === "AWS" ? { integrationResponseSelectionExpression: errorMessage } : {}),
    ...given,
  };
}

export function carryOut(situation: Situation): Promise<RouteAnswer> {
  const integration = integrationOf(situation.integration);
  const snapshot = snapshotOf({ integrations: [integration] });
  const stage = stageOf({ stageVariables: situation.variables ?? {} });
  const env = { DEFINITIONS: { get: async () => null }, ...situation.env } as unknown as Env;
  const { eventType = "MESSAGE", body = "", opening, isAnswered = true } = situation;
  return compileRouteIntegration(
    integration,
    snapshot,
  )({
    eventType,
    body,
    ...(opening ? { opening } : {}),
    context: { ...messageContext, eventType, ...situation.context },
    stage: { snapshot, stage, vpcLinks: situation.vpcLinks ?? new Map() },
    isAnswered,
    env,
    settings: settingsOf(env),
    waitUntil: () => undefined,
  });
}

/** The request that opens a connection. */
export const opening = (headers: Record<string, string>, query: [string, string[]][] = []) => ({
  headers: new Headers(headers),
  query: new Map(query),
  connection: { sourceIp: "192.0.2.1", scheme: "https", port: "443" } as const,
});

/** A function that is bound as `chat`. */
export function boundFunction(answer: (event: string) => Response | Promise<Response>) {
  const fetch = async (request: Request) => answer(await request.text());
  return {
    env: { chat: { fetch } },
    uri: "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:chat/invocations",
  };
}
