/** WebSocket APIs through the AWS SDK: the control plane. */
import {
  CreateApiCommand,
  CreateAuthorizerCommand,
  CreateDeploymentCommand,
  CreateIntegrationCommand,
  CreateIntegrationResponseCommand,
  CreateModelCommand,
  CreateRouteCommand,
  CreateRouteResponseCommand,
  CreateStageCommand,
  DeleteApiCommand,
  DeleteIntegrationCommand,
  DeleteRouteRequestParameterCommand,
  DeleteRouteSettingsCommand,
  GetApiCommand,
  GetApisCommand,
  GetIntegrationCommand,
  GetModelTemplateCommand,
  GetRouteCommand,
  GetRoutesCommand,
  GetStageCommand,
  GetTagsCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateApiCommand,
  UpdateIntegrationCommand,
  UpdateStageCommand,
} from "@aws-sdk/client-apigatewayv2";
import { expect, inject, test } from "vitest";
import { apiGatewayV2Client } from "./clients.ts";

const origin = inject("origin");
const client = apiGatewayV2Client(origin);
const authorizerUri =
  "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:auth/invocations";

const createApi = async () => {
  const api = await client.send(
    new CreateApiCommand({
      Name: "chat",
      ProtocolType: "WEBSOCKET",
      RouteSelectionExpression: "$request.body.action",
    }),
  );
  return api.ApiId as string;
};

test("an API's life", async () => {
  const created = await client.send(
    new CreateApiCommand({
      Name: "chat",
      ProtocolType: "WEBSOCKET",
      RouteSelectionExpression: "$request.body.action",
      Tags: { team: "a" },
    }),
  );
  const { $metadata, ...api } = created;
  const ApiId = api.ApiId as string;
  expect($metadata.httpStatusCode).toBe(201);
  expect(api).toEqual({
    ApiId: expect.stringMatching(/^[a-z0-9]{10}$/),
    ApiEndpoint: `${origin.replace("http", "ws")}/execute-api/${ApiId}`,
    ApiKeySelectionExpression: "$request.header.x-api-key",
    CreatedDate: expect.any(Date),
    DisableExecuteApiEndpoint: false,
    IpAddressType: "ipv4",
    Name: "chat",
    ProtocolType: "WEBSOCKET",
    RouteSelectionExpression: "$request.body.action",
    Tags: { team: "a" },
  });
  expect(await client.send(new GetApiCommand({ ApiId }))).toMatchObject(api);
  await client.send(new UpdateApiCommand({ ApiId, Name: "talk", Description: "d" }));
  expect(await client.send(new GetApiCommand({ ApiId }))).toMatchObject({ Name: "talk", Description: "d" });
  const { Items = [] } = await client.send(new GetApisCommand({ MaxResults: "500" }));
  expect(Items.map((item) => item.ApiId)).toContain(ApiId);
  await client.send(new DeleteApiCommand({ ApiId }));
  await expect(client.send(new GetApiCommand({ ApiId }))).rejects.toMatchObject({
    name: "NotFoundException",
    message: `Invalid API identifier specified 000000000000:${ApiId}`,
    $metadata: { httpStatusCode: 404 },
  });
});

test("HTTP APIs are refused as what is not there yet", async () => {
  await expect(client.send(new CreateApiCommand({ Name: "h", ProtocolType: "HTTP" }))).rejects.toMatchObject({
    name: "NotImplementedException",
    $metadata: { httpStatusCode: 501 },
  });
});

test("all that an API consists of, deployed to a stage", async () => {
  const ApiId = await createApi();
  const { IntegrationId } = await client.send(
    new CreateIntegrationCommand({
      ApiId,
      IntegrationType: "MOCK",
      RequestTemplates: { $default: '{"statusCode": 200}' },
      TemplateSelectionExpression: "\\$default",
    }),
  );
  expect(await client.send(new GetIntegrationCommand({ ApiId, IntegrationId }))).toMatchObject({
    ConnectionType: "INTERNET",
    IntegrationResponseSelectionExpression: "${integration.response.statuscode}",
    IntegrationType: "MOCK",
    PassthroughBehavior: "WHEN_NO_MATCH",
    PayloadFormatVersion: "1.0",
    RequestTemplates: { $default: '{"statusCode": 200}' },
    TemplateSelectionExpression: "\\$default",
    TimeoutInMillis: 29_000,
  });
  await client.send(
    new CreateIntegrationResponseCommand({ ApiId, IntegrationId, IntegrationResponseKey: "$default" }),
  );
  const { ModelId } = await client.send(
    new CreateModelCommand({
      ApiId,
      Name: "Message",
      Schema: JSON.stringify({ type: "object", properties: { text: { type: "string" } } }),
    }),
  );
  const template = await client.send(new GetModelTemplateCommand({ ApiId, ModelId }));
  expect(template.Value).toContain('"text" : "foo"');
  const { AuthorizerId } = await client.send(
    new CreateAuthorizerCommand({
      ApiId,
      Name: "auth",
      AuthorizerType: "REQUEST",
      AuthorizerUri: authorizerUri,
      IdentitySource: ["route.request.querystring.token"],
    }),
  );
  const Target = `integrations/${IntegrationId}`;
  const connect = await client.send(
    new CreateRouteCommand({
      ApiId,
      RouteKey: "$connect",
      Target,
      AuthorizationType: "CUSTOM",
      AuthorizerId,
      RequestParameters: { "route.request.querystring.token": { Required: true } },
    }),
  );
  expect(connect).toMatchObject({
    ApiKeyRequired: false,
    AuthorizationType: "CUSTOM",
    RequestParameters: { "route.request.querystring.token": { Required: true } },
    RouteId: expect.stringMatching(/^[a-z0-9]{7}$/),
    RouteKey: "$connect",
  });
  await client.send(
    new DeleteRouteRequestParameterCommand({
      ApiId,
      RouteId: connect.RouteId,
      RequestParameterKey: "route.request.querystring.token",
    }),
  );
  const stored = await client.send(new GetRouteCommand({ ApiId, RouteId: connect.RouteId }));
  expect(stored.RequestParameters).toBeUndefined();
  const send = await client.send(
    new CreateRouteCommand({
      ApiId,
      RouteKey: "send",
      Target,
      RouteResponseSelectionExpression: "$default",
      ModelSelectionExpression: "\\$default",
      RequestModels: { $default: "Message" },
    }),
  );
  await client.send(
    new CreateRouteResponseCommand({ ApiId, RouteId: send.RouteId, RouteResponseKey: "$default" }),
  );
  await expect(client.send(new CreateRouteCommand({ ApiId, RouteKey: "send" }))).rejects.toMatchObject({
    name: "ConflictException",
    message: "Route with key send already exists for this API",
  });
  await expect(client.send(new DeleteIntegrationCommand({ ApiId, IntegrationId }))).rejects.toMatchObject({
    name: "ConflictException",
    message: `Cannot delete Integration because it is referenced by the following Routes with Ids: [${connect.RouteId}, ${send.RouteId}]`,
  });
  const deployment = await client.send(new CreateDeploymentCommand({ ApiId, Description: "first" }));
  expect(deployment).toMatchObject({
    AutoDeployed: false,
    CreatedDate: expect.any(Date),
    DeploymentStatus: "DEPLOYED",
    Description: "first",
  });
  const stage = await client.send(
    new CreateStageCommand({
      ApiId,
      StageName: "dev",
      DeploymentId: deployment.DeploymentId,
      StageVariables: { v: "1" },
      RouteSettings: { send: { ThrottlingBurstLimit: 5, ThrottlingRateLimit: 2.5 } },
    }),
  );
  expect(stage).toMatchObject({
    DefaultRouteSettings: { DataTraceEnabled: false, DetailedMetricsEnabled: false, LoggingLevel: "OFF" },
    RouteSettings: { send: { ThrottlingBurstLimit: 5, ThrottlingRateLimit: 2.5 } },
    StageVariables: { v: "1" },
    Tags: {},
  });
  await client.send(new DeleteRouteSettingsCommand({ ApiId, StageName: "dev", RouteKey: "send" }));
  expect(await client.send(new GetStageCommand({ ApiId, StageName: "dev" }))).toMatchObject({
    DeploymentId: deployment.DeploymentId,
    RouteSettings: {},
  });
  // A plain request is told what the stage is for.
  expect((await fetch(`${origin}/execute-api/${ApiId}/dev`)).status).toBe(426);
});

test("a stage that deploys automatically follows every change", async () => {
  const ApiId = await createApi();
  await client.send(new CreateStageCommand({ ApiId, StageName: "live", AutoDeploy: true }));
  const stage = () => client.send(new GetStageCommand({ ApiId, StageName: "live" }));
  expect(await stage()).toMatchObject({
    LastDeploymentStatusMessage:
      "Deployment attempt failed: At least one route is required before deploying the Api.",
  });
  await client.send(new CreateRouteCommand({ ApiId, RouteKey: "$default" }));
  const first = (await stage()).DeploymentId;
  expect(first).toMatch(/^[a-z0-9]{6}$/);
  expect((await stage()).LastDeploymentStatusMessage).toBe(
    `Successfully deployed stage with deployment ID '${first}'`,
  );
  await client.send(new CreateRouteCommand({ ApiId, RouteKey: "$connect" }));
  expect((await stage()).DeploymentId).not.toBe(first);
});

test("maps are joined, and an empty text takes away", async () => {
  const ApiId = await createApi();
  const { IntegrationId } = await client.send(
    new CreateIntegrationCommand({
      ApiId,
      IntegrationType: "HTTP",
      IntegrationMethod: "POST",
      IntegrationUri: "http://example.com",
      Description: "d",
      RequestParameters: { "integration.request.header.a": "'1'", "integration.request.header.b": "'2'" },
    }),
  );
  const updated = await client.send(
    new UpdateIntegrationCommand({
      ApiId,
      IntegrationId,
      Description: "",
      RequestParameters: {
        "integration.request.header.a": "",
        "integration.request.header.c": "context.connectionId",
      },
    }),
  );
  expect(updated.Description).toBeUndefined();
  expect(updated.RequestParameters).toEqual({
    "integration.request.header.b": "'2'",
    "integration.request.header.c": "context.connectionId",
  });
  await client.send(new CreateStageCommand({ ApiId, StageName: "dev", StageVariables: { a: "1", b: "2" } }));
  const stage = await client.send(
    new UpdateStageCommand({ ApiId, StageName: "dev", StageVariables: { a: "", c: "3" } }),
  );
  expect(stage.StageVariables).toEqual({ b: "2", c: "3" });
});

test("pages", async () => {
  const ApiId = await createApi();
  for (const RouteKey of ["a", "b", "c"]) await client.send(new CreateRouteCommand({ ApiId, RouteKey }));
  const first = await client.send(new GetRoutesCommand({ ApiId, MaxResults: "2" }));
  expect(first.Items?.map(({ RouteKey }) => RouteKey)).toEqual(["a", "b"]);
  const second = await client.send(new GetRoutesCommand({ ApiId, NextToken: first.NextToken }));
  expect(second.Items?.map(({ RouteKey }) => RouteKey)).toEqual(["c"]);
  expect(second.NextToken).toBeUndefined();
});

test("tags of an API and of a stage", async () => {
  const ApiId = await createApi();
  await client.send(new CreateStageCommand({ ApiId, StageName: "dev" }));
  const arn = `arn:aws:apigateway:us-east-1::/apis/${ApiId}`;
  for (const ResourceArn of [arn, `${arn}/stages/dev`]) {
    await client.send(new TagResourceCommand({ ResourceArn, Tags: { a: "1", b: "2" } }));
    await client.send(new UntagResourceCommand({ ResourceArn, TagKeys: ["a"] }));
    expect((await client.send(new GetTagsCommand({ ResourceArn }))).Tags).toEqual({ b: "2" });
  }
  expect((await client.send(new GetApiCommand({ ApiId }))).Tags).toEqual({ b: "2" });
});
