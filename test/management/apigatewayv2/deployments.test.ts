import { describe, expect, test } from "vitest";
import { snapshotKey, stageKey } from "../../../src/definitions/published.ts";
import { functionUri, webSocketApi } from "./websocket-api.ts";

const noRoutes = "At least one route is required before deploying the Api.";

test("an API without routes cannot be deployed", () => {
  const { call, refused, published } = webSocketApi();
  expect(refused("CreateDeployment")).toBe(`BadRequestException: ${noRoutes}`);
  expect(call("GetDeployments").Items).toEqual([]);
  expect([...published.keys()]).toEqual([]);
});

test("a deployment's life", () => {
  const { ApiId, call, refused, published } = webSocketApi();
  call("CreateRoute", { RouteKey: "$default" });
  const deployment = call("CreateDeployment", { Description: "d" });
  const { DeploymentId } = deployment;
  expect(deployment).toEqual({
    AutoDeployed: false,
    CreatedDate: 1_700_000_000,
    DeploymentId,
    DeploymentStatus: "DEPLOYED",
    Description: "d",
  });
  expect(call("GetDeployment", { DeploymentId })).toEqual(deployment);
  expect(call("GetDeployments")).toEqual({ Items: [deployment] });
  expect(call("UpdateDeployment", { DeploymentId, Description: "" })).not.toHaveProperty("Description");
  call("CreateStage", { StageName: "dev", DeploymentId });
  expect(refused("DeleteDeployment", { DeploymentId })).toBe(
    "BadRequestException: Active stages pointing to this deployment must be moved or deleted",
  );
  call("DeleteStage", { StageName: "dev" });
  call("DeleteDeployment", { DeploymentId });
  expect(published.has(snapshotKey(ApiId, DeploymentId))).toBe(false);
  for (const operation of ["GetDeployment", "UpdateDeployment", "DeleteDeployment"]) {
    expect(refused(operation, { DeploymentId })).toBe(
      `NotFoundException: Invalid Deployment identifier specified ${DeploymentId}`,
    );
  }
});

test("a snapshot holds all that an invoke needs, as it was", () => {
  const { ApiId, call, published, createMock } = webSocketApi();
  const IntegrationId = createMock();
  call("CreateIntegrationResponse", { IntegrationId, IntegrationResponseKey: "$default" });
  const { AuthorizerId } = call("CreateAuthorizer", {
    Name: "a",
    AuthorizerUri: functionUri,
    IdentitySource: [],
  });
  const { ModelId } = call("CreateModel", { Name: "Message", Schema: "{}" });
  const { RouteId } = call("CreateRoute", {
    RouteKey: "$connect",
    Target: `integrations/${IntegrationId}`,
    AuthorizationType: "CUSTOM",
    AuthorizerId,
    RequestParameters: { "route.request.header.a": { Required: true } },
  });
  call("CreateRouteResponse", { RouteId, RouteResponseKey: "$default" });
  const { DeploymentId } = call("CreateDeployment");
  call("DeleteRoute", { RouteId });
  const id = expect.any(String);
  expect(published.get(snapshotKey(ApiId, DeploymentId))).toEqual({
    protocol: "WEBSOCKET",
    apiId: ApiId,
    deploymentId: DeploymentId,
    api: {
      name: "chat",
      routeSelectionExpression: "$request.body.action",
      apiKeySelectionExpression: "$request.header.x-api-key",
      disableExecuteApiEndpoint: false,
    },
    routes: [
      {
        routeId: RouteId,
        routeKey: "$connect",
        apiKeyRequired: false,
        authorizationType: "CUSTOM",
        authorizerId: AuthorizerId,
        requestParameters: { "route.request.header.a": { required: true } },
        target: `integrations/${IntegrationId}`,
        routeResponses: [{ routeResponseId: id, routeResponseKey: "$default" }],
      },
    ],
    integrations: [
      {
        integrationId: IntegrationId,
        integrationType: "MOCK",
        connectionType: "INTERNET",
        passthroughBehavior: "WHEN_NO_MATCH",
        payloadFormatVersion: "1.0",
        integrationResponseSelectionExpression: "${integration.response.statuscode}",
        timeoutInMillis: 29_000,
        integrationResponses: [{ integrationResponseId: id, integrationResponseKey: "$default" }],
      },
    ],
    models: [{ modelId: ModelId, name: "Message", contentType: "application/json", schema: "{}" }],
    authorizers: [
      {
        authorizerId: AuthorizerId,
        name: "a",
        authorizerType: "REQUEST",
        authorizerUri: functionUri,
        identitySource: [],
      },
    ],
  });
});

test("a deployment to a stage moves it, after its snapshot", () => {
  const { ApiId, call, refused, published } = webSocketApi();
  call("CreateRoute", { RouteKey: "$default" });
  expect(refused("CreateDeployment", { StageName: "dev" })).toBe(
    "NotFoundException: Invalid stage identifier specified",
  );
  call("CreateStage", { StageName: "dev", StageVariables: { v: "1" } });
  const { DeploymentId } = call("CreateDeployment", { StageName: "dev" });
  expect(call("GetStage", { StageName: "dev" }).DeploymentId).toBe(DeploymentId);
  expect([...published.keys()]).toEqual([snapshotKey(ApiId, DeploymentId), stageKey(ApiId, "dev")]);
  expect(published.get(stageKey(ApiId, "dev"))).toMatchObject({
    protocol: "WEBSOCKET",
    apiId: ApiId,
    stage: { stageName: "dev", deploymentId: DeploymentId, stageVariables: { v: "1" } },
  });
});

describe("a stage that deploys automatically", () => {
  const following = () => {
    const api = webSocketApi();
    const stage = () => api.call("GetStage", { StageName: "live" });
    return { ...api, stage };
  };
  const deployed = (id: string) => `Successfully deployed stage with deployment ID '${id}'`;

  test("has what there is from its start, and follows every change", () => {
    const { call, stage, createMock } = following();
    const { RouteId } = call("CreateRoute", { RouteKey: "$default" });
    call("CreateStage", { StageName: "live", AutoDeploy: true });
    const seen = new Set<string>();
    const changed = () => {
      const { AutoDeploy, DeploymentId, LastDeploymentStatusMessage } = stage();
      expect(AutoDeploy).toBe(true);
      expect(LastDeploymentStatusMessage).toBe(deployed(DeploymentId));
      expect(seen.has(DeploymentId)).toBe(false);
      seen.add(DeploymentId);
    };
    changed();
    createMock();
    changed();
    call("UpdateRoute", { RouteId, OperationName: "o" });
    changed();
    call("CreateRouteResponse", { RouteId, RouteResponseKey: "$default" });
    changed();
    call("UpdateApi", { Description: "d" });
    changed();
    expect(call("GetDeployment", { DeploymentId: [...seen][1] })).toMatchObject({
      AutoDeployed: true,
      Description: "Automatic deployment triggered by changes to the Api configuration",
    });
    const before = stage();
    call("GetRoutes");
    call("UpdateStage", { StageName: "live", Description: "d" });
    expect(stage().DeploymentId).toBe(before.DeploymentId);
  });

  test("stays where it is when that fails, and says so", () => {
    const { call, stage } = following();
    const { RouteId } = call("CreateRoute", { RouteKey: "$default" });
    call("CreateStage", { StageName: "live", AutoDeploy: true });
    const { DeploymentId } = stage();
    call("DeleteRoute", { RouteId });
    expect(stage()).toMatchObject({
      DeploymentId,
      LastDeploymentStatusMessage: `Deployment attempt failed: ${noRoutes}`,
    });
  });

  test("is not changed by a change that is refused", () => {
    const { call, refused, stage } = following();
    call("CreateRoute", { RouteKey: "$default" });
    call("CreateStage", { StageName: "live", AutoDeploy: true });
    const before = stage();
    refused("CreateRoute", { RouteKey: "$default" });
    expect(stage()).toEqual(before);
  });

  test("may be created with a deployment, which it does not keep", () => {
    const { call } = following();
    call("CreateRoute", { RouteKey: "$default" });
    const { DeploymentId } = call("CreateDeployment");
    const created = call("CreateStage", { StageName: "live", AutoDeploy: true, DeploymentId });
    expect(created).toMatchObject({
      AutoDeploy: true,
      DeploymentId: expect.not.stringContaining(DeploymentId),
    });
  });

  test("cannot be moved by hand, until it is told not to follow", () => {
    const { call, refused, stage } = following();
    call("CreateRoute", { RouteKey: "$default" });
    const { DeploymentId } = call("CreateDeployment");
    call("CreateStage", { StageName: "live", AutoDeploy: true });
    const text = "BadRequestException: Deployment ID cannot be updated when autoDeploy is enabled";
    expect(refused("UpdateStage", { StageName: "live", DeploymentId })).toBe(text);
    expect(refused("CreateDeployment", { StageName: "live" })).toBe(text);
    call("UpdateStage", { StageName: "live", AutoDeploy: false, DeploymentId });
    expect(stage()).toMatchObject({ AutoDeploy: false, DeploymentId });
    expect(stage()).not.toHaveProperty("LastDeploymentStatusMessage");
    call("CreateRoute", { RouteKey: "a" });
    expect(stage().DeploymentId).toBe(DeploymentId);
  });
});
