import { describe, expect, test } from "vitest";
import { stageKey } from "../../../src/definitions/published.ts";
import { account } from "../apigateway/calling.ts";
import { webSocketApi } from "./websocket-api.ts";

const given = {
  Name: "chat",
  ProtocolType: "WEBSOCKET",
  RouteSelectionExpression: "$request.body.action",
};
/** As TestAccAPIGatewayV2API_allAttributesWebSocket has it. */
const all = {
  ...given,
  ApiKeySelectionExpression: "$context.authorizer.usageIdentifierKey",
  Description: "test description",
  DisableExecuteApiEndpoint: true,
  DisableSchemaValidation: true,
  IpAddressType: "dualstack",
  RouteSelectionExpression: "$request.body.service",
  Version: "v1",
};

test("what is not given has AWS's defaults", () => {
  const { ApiId, call } = webSocketApi();
  expect(call("GetApi")).toEqual({
    ...given,
    ApiId,
    ApiEndpoint: `ws://127.0.0.1:8787/execute-api/${ApiId}`,
    ApiKeySelectionExpression: "$request.header.x-api-key",
    CreatedDate: 1_700_000_000,
    DisableExecuteApiEndpoint: false,
    IpAddressType: "ipv4",
    Tags: {},
  });
});

test("an update replaces what it gives, and an empty text takes away", () => {
  const { call } = webSocketApi();
  const { ProtocolType: _, ...changes } = all;
  expect(call("UpdateApi", changes)).toMatchObject(all);
  const cleared = call("UpdateApi", { Description: "", Version: "", ApiKeySelectionExpression: "" });
  expect(cleared).toMatchObject({
    ApiKeySelectionExpression: "$request.header.x-api-key",
    DisableExecuteApiEndpoint: true,
    RouteSelectionExpression: "$request.body.service",
  });
  expect(cleared).not.toHaveProperty("Description");
  expect(cleared).not.toHaveProperty("Version");
});

test("an address under a domain of one's own has that, without a path", () => {
  const { callV2, context } = account({ EXECUTE_DOMAIN: "example.com" });
  context.origin = "https://gateway.example.com";
  const { ApiId, ApiEndpoint } = callV2("CreateApi", given);
  expect(ApiEndpoint).toBe(`wss://${ApiId}.execute-api.example.com`);
});

describe("refused", () => {
  test.each([
    [{ Name: " " }, "Invalid API name specified"],
    [{ Name: "x".repeat(129) }, "Name cannot have more than 128 characters"],
    [{ RouteSelectionExpression: undefined }, "Invalid routeSelectionExpression"],
    [{ RouteSelectionExpression: "" }, "Invalid routeSelectionExpression"],
    [{ RouteSelectionExpression: "${request.body.a" }, "Invalid routeSelectionExpression"],
    [
      { RouteSelectionExpression: "$request.header.a" },
      "Unexpected variable in selection expression: $request.header.a",
    ],
    [{ RouteSelectionExpression: "$default" }, "Unexpected variable in selection expression: $default"],
    [{ ApiKeySelectionExpression: "$request.header.key" }, "Invalid apiKeySelectionExpression"],
    [{ CorsConfiguration: {} }, "Cors is not supported for WEBSOCKET protocolType"],
    [{ Target: "https://example.com" }, "Target cannot be set for WEBSOCKET protocol Apis."],
    [{ Tags: { "aws:x": "1" } }, "Invalid tag key specified: aws:x. 'aws:' is a reserved prefix."],
  ])("%j", (input, message) => {
    const { callV2, refused } = account();
    expect(refused("CreateApi", { ...given, ...input }, callV2)).toBe(`BadRequestException: ${message}`);
  });

  test.each(["${request.header.x-api-key}", "${context.authorizer.usageIdentifierKey}"])(
    "but not %s",
    (expression) => {
      const { call } = webSocketApi({ ApiKeySelectionExpression: expression });
      expect(call("GetApi").ApiKeySelectionExpression).toBe(expression);
    },
  );

  test("by every operation of an API that is not there", () => {
    const { refused } = webSocketApi();
    const text = "NotFoundException: Invalid API identifier specified 123456789012:nothing";
    for (const [operation, input] of Object.entries({
      GetApi: {},
      UpdateApi: { Name: "n" },
      DeleteApi: {},
      CreateRoute: { RouteKey: "a" },
      GetRoutes: {},
      GetRoute: { RouteId: "r" },
      CreateIntegration: { IntegrationType: "MOCK" },
      CreateModel: { Name: "m", Schema: "{}" },
      CreateAuthorizer: { Name: "a" },
      CreateDeployment: {},
      CreateStage: { StageName: "s" },
      GetStage: { StageName: "s" },
      DeleteStage: { StageName: "s" },
    })) {
      expect(refused(operation, { ...input, ApiId: "nothing" })).toBe(text);
    }
  });
});

test("a REST API is none of V2's, and the other way round", () => {
  const { ApiId, callV1, refused } = webSocketApi();
  const rest = callV1("CreateRestApi", { name: "rest" });
  expect(refused("GetApi", { ApiId: rest.id })).toContain("NotFoundException");
  expect(() => callV1("GetRestApi", { restApiId: ApiId })).toThrow("Invalid API identifier specified");
});

test("an API that is deleted takes all that it has along, and what was published", () => {
  const { ApiId, call, published } = webSocketApi();
  call("CreateRoute", { RouteKey: "$default" });
  const { DeploymentId } = call("CreateDeployment");
  call("CreateStage", { StageName: "dev", DeploymentId });
  expect([...published.keys()]).toEqual([`snapshot/${ApiId}/${DeploymentId}`, stageKey(ApiId, "dev")]);
  call("DeleteApi");
  expect([...published.keys()]).toEqual([]);
});

test("stages of an API that is deleted leave their usage plans", () => {
  const { ApiId, call, callV1 } = webSocketApi();
  call("CreateStage", { StageName: "dev" });
  const plan = callV1("CreateUsagePlan", { name: "plan", apiStages: [{ apiId: ApiId, stage: "dev" }] });
  expect(plan.apiStages).toEqual([{ apiId: ApiId, stage: "dev" }]);
  call("DeleteApi");
  expect(callV1("GetUsagePlan", { usagePlanId: plan.id }).apiStages).toEqual([]);
});

test.each([
  ["DeleteCorsConfiguration", {}, "Cors"],
  ["ReimportApi", { Body: "openapi: 3.0.1" }, "Import"],
  ["ExportApi", { Specification: "OAS30", OutputType: "JSON" }, "Export"],
])("%s is for HTTP APIs", (operation, input, what) => {
  const { refused } = webSocketApi();
  expect(refused(operation, input)).toBe(
    `BadRequestException: ${what} is not supported for WEBSOCKET protocolType`,
  );
  expect(refused(operation, { ...input, ApiId: "none" })).toBe(
    "NotFoundException: Invalid API identifier specified 123456789012:none",
  );
});
