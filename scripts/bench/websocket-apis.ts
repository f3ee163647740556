/** The WebSocket API that is measured, made with the AWS SDK as a user makes it. */
import {
  ApiGatewayV2Client,
  CreateApiCommand,
  CreateDeploymentCommand,
  CreateIntegrationCommand,
  type CreateIntegrationCommandInput,
  CreateIntegrationResponseCommand,
  CreateRouteCommand,
  CreateRouteResponseCommand,
  CreateStageCommand,
} from "@aws-sdk/client-apigatewayv2";
import { createFunction } from "./functions.ts";
import { credentials, region, type Servers } from "./servers.ts";
import { echoSource } from "./stored-function.ts";

/** What the MOCK route answers. */
export const mockAnswer = '{"message":"Hello from the bench"}';

/** Routes of the API, as messages that take them. */
export const messages = {
  /** Answered with the connection's id. */
  id: '{"action":"id"}',
  mock: '{"action":"mock","text":"Hello from the bench"}',
  function: '{"action":"function","text":"Hello from the bench"}',
} as const;

/** @returns the stage's address, `http:`, to which `/@connections/…` is added */
export async function deployWebSocketApi({ gateway }: Servers): Promise<string> {
  const client = new ApiGatewayV2Client({ endpoint: gateway, region, credentials });
  const functionArn = await createFunction(gateway, "echo", echoSource);
  const { ApiId } = await client.send(
    new CreateApiCommand({
      Name: "bench",
      ProtocolType: "WEBSOCKET",
      RouteSelectionExpression: "$request.body.action",
    }),
  );
  const route = async (
    RouteKey: string,
    integration: Partial<CreateIntegrationCommandInput>,
    template?: string,
  ) => {
    const { IntegrationId } = await client.send(
      new CreateIntegrationCommand({
        IntegrationType: "MOCK",
        RequestTemplates: { $default: '{"statusCode":200}' },
        ...integration,
        ApiId,
      }),
    );
    if (integration.IntegrationType !== "AWS_PROXY") {
      await client.send(
        new CreateIntegrationResponseCommand({
          ApiId,
          IntegrationId,
          IntegrationResponseKey: "$default",
          ...(template ? { ResponseTemplates: { $default: template } } : {}),
        }),
      );
    }
    const { RouteId } = await client.send(
      new CreateRouteCommand({
        ApiId,
        RouteKey,
        Target: `integrations/${IntegrationId}`,
        ...(RouteKey === "$connect" ? {} : { RouteResponseSelectionExpression: "$default" }),
      }),
    );
    if (RouteKey === "$connect") return;
    await client.send(new CreateRouteResponseCommand({ ApiId, RouteId, RouteResponseKey: "$default" }));
  };
  await route("$connect", {});
  await route("id", {}, "$context.connectionId");
  await route("mock", {}, mockAnswer);
  await route("function", {
    IntegrationType: "AWS_PROXY",
    IntegrationMethod: "POST",
    IntegrationUri: `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`,
    RequestTemplates: undefined,
  });
  const { DeploymentId } = await client.send(new CreateDeploymentCommand({ ApiId }));
  await client.send(new CreateStageCommand({ ApiId, StageName: "bench", DeploymentId }));
  client.destroy();
  return `${gateway}/execute-api/${ApiId}/bench`;
}
