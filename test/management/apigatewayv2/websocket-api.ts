/** A WebSocket API on a store of its own, for tests of its parts. */
import { account } from "../apigateway/calling.ts";

export const functionUri =
  "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:f/invocations";

export function webSocketApi(input: object = {}) {
  const { call: callV1, callV2, refused: refusedBy, published, context } = account();
  const { ApiId } = callV2("CreateApi", {
    Name: "chat",
    ProtocolType: "WEBSOCKET",
    RouteSelectionExpression: "$request.body.action",
    ...input,
  });
  /** Operations of this API. */
  const call = (operation: string, given: object = {}) => callV2(operation, { ApiId, ...given });
  const refused = (operation: string, given: object = {}) =>
    refusedBy(operation, { ApiId, ...given }, callV2);
  const createMock = (): string => call("CreateIntegration", { IntegrationType: "MOCK" }).IntegrationId;
  return { ApiId: ApiId as string, call, callV1, refused, published, context, createMock };
}
