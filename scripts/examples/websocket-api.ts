/** The WebSocket API of an example, from its manifest: routes, each of which calls a function. */
import {
  ApiGatewayV2Client,
  CreateApiCommand,
  CreateDeploymentCommand,
  CreateIntegrationCommand,
  CreateRouteCommand,
  CreateStageCommand,
  DeleteIntegrationCommand,
  DeleteRouteCommand,
  GetApisCommand,
  GetIntegrationsCommand,
  GetRoutesCommand,
  UpdateApiCommand,
  UpdateStageCommand,
} from "@aws-sdk/client-apigatewayv2";
import { permitInvokes } from "./functions.ts";
import { type ExampleOptions, isNamed, type Manifest, type WebSocketApiOfExample } from "./manifest.ts";

/**
 * Makes the API, or gives the one that is there the routes of the manifest and no others, and deploys it.
 * @returns where it answers
 */
export async function loadWebSocketApi(
  example: string,
  { stage, functions = [], webSocketApi }: Manifest,
  variables: Record<string, string>,
  options: ExampleOptions,
): Promise<string> {
  const { origin, region, credentials } = options;
  const client = new ApiGatewayV2Client({ endpoint: origin, region, credentials });
  try {
    const apiId = await putApi(client, webSocketApi as WebSocketApiOfExample, options);
    await permitInvokes(example, functions, { apiId, sources: "*/*" }, options);
    await deploy(client, apiId, stage, variables);
    return `${origin.replace(/^http/, "ws")}/execute-api/${apiId}/${stage}`;
  } finally {
    client.destroy();
  }
}

/** @returns the API's id */
async function putApi(
  client: ApiGatewayV2Client,
  { name, description, routeSelectionExpression, routes }: WebSocketApiOfExample,
  { region, accountId }: ExampleOptions,
): Promise<string> {
  const RouteSelectionExpression = routeSelectionExpression;
  let ApiId = await findApi(client, name, description);
  if (ApiId) {
    await client.send(new UpdateApiCommand({ ApiId, RouteSelectionExpression }));
    await removeRoutes(client, ApiId);
  } else {
    const api = await client.send(
      new CreateApiCommand({
        Name: name,
        Description: description,
        ProtocolType: "WEBSOCKET",
        RouteSelectionExpression,
      }),
    );
    ApiId = api.ApiId as string;
  }
  for (const functionName of new Set(Object.values(routes))) {
    const functionArn = `arn:aws:lambda:${region}:${accountId}:function:${functionName}`;
    const { IntegrationId } = await client.send(
      new CreateIntegrationCommand({
        ApiId,
        IntegrationType: "AWS_PROXY",
        IntegrationMethod: "POST",
        IntegrationUri: `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`,
      }),
    );
    for (const [RouteKey, target] of Object.entries(routes)) {
      if (target !== functionName) continue;
      await client.send(new CreateRouteCommand({ ApiId, RouteKey, Target: `integrations/${IntegrationId}` }));
    }
  }
  return ApiId;
}

async function findApi(
  client: ApiGatewayV2Client,
  name: string,
  description: string,
): Promise<string | undefined> {
  let NextToken: string | undefined;
  do {
    const page = await client.send(new GetApisCommand({ NextToken }));
    const found = page.Items?.find((api) => api.Name === name && api.Description === description);
    if (found) return found.ApiId;
    NextToken = page.NextToken;
  } while (NextToken);
  return undefined;
}

/** What is deployed stays as it is until the next deployment. */
async function removeRoutes(client: ApiGatewayV2Client, ApiId: string): Promise<void> {
  const all = { ApiId, MaxResults: "500" };
  const { Items: routes = [] } = await client.send(new GetRoutesCommand(all));
  for (const { RouteId } of routes) await client.send(new DeleteRouteCommand({ ApiId, RouteId }));
  const { Items: integrations = [] } = await client.send(new GetIntegrationsCommand(all));
  for (const { IntegrationId } of integrations) {
    await client.send(new DeleteIntegrationCommand({ ApiId, IntegrationId }));
  }
}

async function deploy(
  client: ApiGatewayV2Client,
  ApiId: string,
  StageName: string,
  StageVariables: Record<string, string>,
): Promise<void> {
  const { DeploymentId } = await client.send(new CreateDeploymentCommand({ ApiId }));
  const stage = { ApiId, StageName, DeploymentId, StageVariables };
  try {
    await client.send(new CreateStageCommand(stage));
  } catch (error) {
    if (!isNamed(error, "ConflictException")) throw error;
    await client.send(new UpdateStageCommand(stage));
  }
}
