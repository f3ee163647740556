import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { account, replace } from "./calling.ts";

let { call, refused, published, createApi, createDeployable, putMock } = account();
let restApiId = "";
let rootResourceId = "";

beforeEach(() => {
  ({ call, refused, published, createApi, createDeployable, putMock } = account());
  ({ id: restApiId, rootResourceId } = createDeployable({ description: "an API", version: "1" }));
});

const deploy = (input: object = {}) => call("CreateDeployment", { restApiId, ...input });
const stage = (stageName = "dev") => call("GetStage", { restApiId, stageName });
const update = (...patchOperations: object[]) =>
  call("UpdateStage", { restApiId, stageName: "dev", patchOperations });
const refusedUpdate = (...patchOperations: object[]) =>
  refused("UpdateStage", { restApiId, stageName: "dev", patchOperations });

const bareStage = {
  stageName: "dev",
  cacheClusterEnabled: false,
  cacheClusterStatus: "NOT_AVAILABLE",
  methodSettings: {},
  tracingEnabled: false,
  createdDate: 1_700_000_000,
  lastUpdatedDate: 1_700_000_000,
};

describe("deployments", () => {
  test("freeze the working copy of their moment", () => {
    const { id } = deploy({ description: "first" });
    const snapshot = published.get(`snapshot/${restApiId}/${id}`);
    expect(snapshot).toMatchObject({
      protocol: "REST",
      apiId: restApiId,
      deploymentId: id,
      api: { name: "api", description: "an API", version: "1" },
    });
    expect(snapshot.resources).toEqual(call("GetResources", { restApiId, embed: ["methods"] }).items);
    expect(snapshot.models).toEqual(call("GetModels", { restApiId }).items);
    call("CreateResource", { restApiId, parentId: rootResourceId, pathPart: "later" });
    expect(published.get(`snapshot/${restApiId}/${id}`)).toEqual(snapshot);
  });

  test("show what they hold when they are asked", () => {
    const { id } = deploy({ description: "first" });
    expect(call("GetDeployment", { restApiId, deploymentId: id })).toEqual({
      id,
      description: "first",
      createdDate: 1_700_000_000,
    });
    expect(call("GetDeployment", { restApiId, deploymentId: id, embed: ["apisummary"] }).apiSummary).toEqual({
      "/": { GET: { authorizationType: "NONE", apiKeyRequired: false } },
    });
    expect(
      call("UpdateDeployment", {
        restApiId,
        deploymentId: id,
        patchOperations: [replace("/description", "new")],
      }),
    ).toMatchObject({ description: "new" });
    expect(call("GetDeployments", { restApiId }).items).toHaveLength(1);
  });

  test("need methods, and integrations of all of them", () => {
    const empty = createApi();
    expect(refused("CreateDeployment", { restApiId: empty.id })).toBe(
      "BadRequestException: The REST API doesn't contain any methods",
    );
    call("PutMethod", {
      restApiId,
      resourceId: rootResourceId,
      httpMethod: "POST",
      authorizationType: "NONE",
    });
    expect(refused("CreateDeployment", { restApiId })).toBe(
      "BadRequestException: No integration defined for method",
    );
  });

  // Recorded: test_create_delete_deployments.
  test("in use stay", () => {
    const { id } = deploy({ stageName: "dev" });
    expect(refused("DeleteDeployment", { restApiId, deploymentId: id })).toBe(
      "BadRequestException: Active stages pointing to this deployment must be moved or deleted",
    );
    deploy({ stageName: "dev" });
    call("DeleteDeployment", { restApiId, deploymentId: id });
    expect(published.has(`snapshot/${restApiId}/${id}`)).toBe(false);
    expect(refused("GetDeployment", { restApiId, deploymentId: id })).toBe(
      "NotFoundException: Invalid Deployment identifier specified",
    );
  });

  test("make their stage, or move it", () => {
    const first = deploy({ stageName: "dev", stageDescription: "d", variables: { a: "1", b: "2" } });
    expect(stage()).toEqual({
      ...bareStage,
      deploymentId: first.id,
      description: "d",
      variables: { a: "1", b: "2" },
    });
    const second = deploy({ stageName: "dev", variables: { b: "3" } });
    expect(stage()).toMatchObject({
      deploymentId: second.id,
      description: "d",
      variables: { a: "1", b: "3" },
    });
  });

  // Recorded: test_create_canary_deployment_validation.
  test.each([
    [{}, "Non null and non empty stageName must be provided for canary deployment. Provided value is null"],
    [
      { stageName: "" },
      "Non null and non empty stageName must be provided for canary deployment. Provided value is ",
    ],
    [
      { stageName: "non-existing" },
      "Stage non-existing must already be created before making a canary release deployment",
    ],
  ])("of a canary with %j are refused", (input, message) => {
    expect(refused("CreateDeployment", { restApiId, canarySettings: { percentTraffic: 50 }, ...input })).toBe(
      `BadRequestException: Invalid deployment content specified.${message}`,
    );
  });
});

describe("stages", () => {
  test("live and go, and the data plane sees each change", () => {
    const { id } = deploy();
    const created = call("CreateStage", {
      restApiId,
      stageName: "dev",
      deploymentId: id,
      variables: { v: "1" },
    });
    expect(created).toEqual({ ...bareStage, deploymentId: id, variables: { v: "1" } });
    expect(published.get(`stage/${restApiId}/dev`)).toEqual({
      protocol: "REST",
      version: expect.any(Number),
      apiId: restApiId,
      stage: created,
    });
    update(replace("/variables/v", "2"), replace("/description", "new"), replace("/tracingEnabled", "true"));
    expect(published.get(`stage/${restApiId}/dev`).stage).toEqual(stage());
    expect(stage()).toMatchObject({ variables: { v: "2" }, description: "new", tracingEnabled: true });
    call("DeleteStage", { restApiId, stageName: "dev" });
    expect(published.has(`stage/${restApiId}/dev`)).toBe(false);
    expect(refused("GetStage", { restApiId, stageName: "dev" })).toBe(
      "NotFoundException: Invalid Stage identifier specified",
    );
  });

  test("are listed, also by deployment", () => {
    const first = deploy({ stageName: "a" });
    deploy({ stageName: "b" });
    expect(call("GetStages", { restApiId }).item).toHaveLength(2);
    expect(call("GetStages", { restApiId, deploymentId: first.id }).item).toMatchObject([{ stageName: "a" }]);
  });

  test.each([
    [{ stageName: "dev" }, "ConflictException: Stage already exists"],
    [{ stageName: "a b" }, "BadRequestException: Stage name only allows a-zA-Z0-9_"],
    [{ stageName: "x", deploymentId: "none" }, "BadRequestException: Deployment id does not exist"],
    [
      { stageName: "x", variables: { "a-b": "1" } },
      "BadRequestException: Invalid stage variable name: a-b. Please use names with only word characters.",
    ],
    [
      { stageName: "x", variables: { a: "<>" } },
      "BadRequestException: Invalid stage variable value of key a.  Please use values with alphanumeric characters and the symbols ' ', -', '.', '_', ':', '/', '?', '&', '=', and ','.",
    ],
  ])("%j is refused", (input, refusal) => {
    const { id } = deploy({ stageName: "dev" });
    expect(refused("CreateStage", { restApiId, deploymentId: id, ...input })).toBe(refusal);
  });

  const settings = {
    cacheDataEncrypted: false,
    cacheTtlInSeconds: 300,
    cachingEnabled: false,
    dataTraceEnabled: false,
    metricsEnabled: false,
    requireAuthorizationForCacheControl: true,
    throttlingBurstLimit: 5000,
    throttlingRateLimit: 10_000,
    unauthorizedCacheControlHeaderStrategy: "SUCCEED_WITH_RESPONSE_HEADER",
  };

  // Recorded: test_create_update_stages; the guide's order of a method's settings is that of the patches.
  test("a method's first setting copies what all methods have then, and keeps it", () => {
    deploy({ stageName: "dev" });
    update(
      replace("/*/*/throttling/burstLimit", "123"),
      replace("/*/*/caching/enabled", "true"),
      replace("/test/GET/throttling/burstLimit", "124"),
      replace("/~1pets~1{id}/POST/logging/loglevel", "INFO"),
      replace("/*/*/throttling/burstLimit", "100"),
    );
    const all = { ...settings, cachingEnabled: true };
    expect(stage().methodSettings).toEqual({
      "*/*": { ...all, throttlingBurstLimit: 100 },
      "test/GET": { ...all, throttlingBurstLimit: 124 },
      "~1pets~1{id}/POST": { ...all, throttlingBurstLimit: 123, loggingLevel: "INFO" },
    });
    update({ op: "remove", path: "/*/*" });
    expect(Object.keys(stage().methodSettings)).toEqual(["test/GET", "~1pets~1{id}/POST"]);
  });

  // Recorded: test_update_stage_remove_wildcard, test_stage_access_log_settings_validation, test_apigateway_canary.
  test.each([
    [
      { op: "remove", path: "/*/*" },
      "Cannot remove method setting */* because there is no method setting for this method ",
    ],
    [
      { op: "add", path: "/accessLogSettings/randomValue", value: "x" },
      "Invalid accessLogSettings path. Must be one of : [/accessLogSettings/destinationArn, /accessLogSettings/format]",
    ],
    [
      { op: "remove", path: "/accessLogSettings/destinationArn" },
      "Cannot remove method setting accessLogSettings/destinationArn because there is no method setting for this method ",
    ],
    [replace("/accessLogSettings/format", ""), "Access Log value must not be empty"],
    [
      replace("/accessLogSettings/format", "$context.stage"),
      "Access Log format must include either $context.requestId or $context.extendedRequestId : '$context.stage'",
    ],
    [
      replace("/accessLogSettings/format", "$context.requestId\n$context.stage"),
      "Access Log format must be single line, new line character is allowed only at end of the format: '$context.requestId\n$context.stage'",
    ],
    [
      replace("/accessLogSettings/destinationArn", "group"),
      "Invalid ARN specified in the request. ARNs must start with 'arn:': group",
    ],
    [
      replace("/accessLogSettings/destinationArn", "arn:aws:sns:us-east-1:123456789012:topic"),
      "Invalid ARN specified in the request. The ARN must be a valid CloudWatch Logs log group or Kinesis Data Firehose delivery stream ARN.",
    ],
    [
      replace(
        "/accessLogSettings/destinationArn",
        "arn:aws:firehose:us-east-1:123456789012:deliverystream/logs",
      ),
      "Kinesis Firehose delivery stream name must begin with the characters 'amazon-apigateway-': 'deliverystream/logs'",
    ],
    [
      replace("/accessLogSettings/destinationArn", "arn:aws:logs:us-east-1:123456789012:log-group:g:*"),
      "Access log destination must only contain characters a-z, A-Z, 0-9, '_', '-', '/', '.': 'log-group:g:*'",
    ],
    [
      replace("/*/*/caching/ttlInSeconds", "3601"),
      "Invalid time-to-live setting, must be an integer no greater than 3600",
    ],
    [
      { op: "add", path: "/canarySettings/deploymentId", value: "x" },
      "Invalid add operation with path: /canarySettings/deploymentId",
    ],
    [replace("/canarySettings/deploymentId", "deploy"), "Deployment id does not exist"],
    [
      { op: "remove", path: "/canarySettings/stageVariableOverrides" },
      "Cannot remove method setting canarySettings/stageVariableOverrides because there is no method setting for this method ",
    ],
    [
      { op: "copy", path: "/canarySettings/stageVariableOverrides", from: "/variables" },
      "Invalid copy operation with path: /canarySettings/stageVariableOverrides and from /variables. Valid copy:path are [/deploymentId, /variables] and valid copy:from are [/canarySettings/deploymentId, /canarySettings/stageVariableOverrides]",
    ],
    [
      { op: "copy", path: "/variables", from: "/canarySettings/stageVariableOverrides" },
      "Promotion not available. Canary does not exist.",
    ],
  ])("%j is refused", (operation, message) => {
    deploy({ stageName: "dev" });
    expect(refusedUpdate(operation)).toBe(`BadRequestException: ${message}`);
  });

  test.each([
    "/documentation_version",
    "/tags/tag1",
    "/canarySettings",
    "/canarySettings/badPath",
    "/*/*/throttling/none",
  ])("replacing %s lists what can be", (path) => {
    deploy({ stageName: "dev" });
    expect(refusedUpdate(replace(path, "x"))).toContain(
      `BadRequestException: Invalid method setting path: ${path}. Must be one of: [/deploymentId, /description, `,
    );
  });

  test("access logs are set and removed", () => {
    deploy({ stageName: "dev" });
    const group = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/gateway";
    const stream = "arn:aws:firehose:us-east-1:123456789012:deliverystream/amazon-apigateway-logs";
    update(
      { op: "add", path: "/accessLogSettings/destinationArn", value: group },
      replace("/accessLogSettings/format", "${context.requestId} $context.status\n"),
    );
    expect(stage().accessLogSettings).toEqual({
      destinationArn: group,
      format: "${context.requestId} $context.status\n",
    });
    update(replace("/accessLogSettings/destinationArn", stream));
    expect(stage().accessLogSettings.destinationArn).toBe(stream);
    update({ op: "remove", path: "/accessLogSettings" });
    expect(stage()).not.toHaveProperty("accessLogSettings");
  });

  // Recorded: test_update_stage_with_copy_ops.
  test("a canary is made, promoted and removed", () => {
    const first = deploy({ stageName: "dev", variables: { testVar: "test", testVar2: "test2" } });
    const second = deploy({
      stageName: "dev",
      canarySettings: { percentTraffic: 50, stageVariableOverrides: { testVar: "override" } },
    });
    expect(stage()).toMatchObject({
      deploymentId: first.id,
      canarySettings: {
        deploymentId: second.id,
        percentTraffic: 50,
        stageVariableOverrides: { testVar: "override" },
        useStageCache: false,
      },
    });
    update(
      replace("/canarySettings/percentTraffic", "0.0"),
      { op: "copy", from: "/canarySettings/stageVariableOverrides", path: "/variables" },
      { op: "copy", from: "/canarySettings/deploymentId", path: "/deploymentId" },
    );
    expect(stage()).toMatchObject({
      deploymentId: second.id,
      variables: { testVar: "override", testVar2: "test2" },
      canarySettings: { percentTraffic: 0 },
    });
    update({ op: "remove", path: "/canarySettings" });
    expect(stage()).not.toHaveProperty("canarySettings");
    // Any change of a canary makes one.
    update(replace("/canarySettings/percentTraffic", "10"));
    expect(stage().canarySettings).toEqual({
      deploymentId: second.id,
      percentTraffic: 10,
      useStageCache: false,
    });
  });

  test("a refused patch changes nothing, here and for the data plane", () => {
    deploy({ stageName: "dev", variables: { v: "1" } });
    const before = stage();
    const seen = published.get(`stage/${restApiId}/dev`);
    const operation = fc.record({
      op: fc.constantFrom("add", "remove", "replace", "copy"),
      path: fc.oneof(
        fc.constantFrom("/variables/v", "/description", "/*/*/metrics/enabled", "/__proto__/x"),
        fc.string(),
      ),
      value: fc.option(fc.string(), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 4 }), (operations) => {
        refusedUpdate(...operations, replace("/nothing", "x"));
        expect(stage()).toEqual(before);
        expect(published.get(`stage/${restApiId}/dev`)).toEqual(seen);
      }),
    );
  });
});

describe("validators, tags and the account", () => {
  // Recorded: test_request_validator_lifecycle, test_invalid_update_request_validator_operations.
  test("a validator lives and goes", () => {
    const { id } = call("CreateRequestValidator", { restApiId, name: "v" });
    const place = { restApiId, requestValidatorId: id };
    const shown = { id, name: "v", validateRequestBody: false, validateRequestParameters: false };
    expect(call("GetRequestValidators", { restApiId }).items).toEqual([shown]);
    expect(
      call("UpdateRequestValidator", {
        ...place,
        patchOperations: [replace("/validateRequestBody", "true")],
      }),
    ).toEqual({ ...shown, validateRequestBody: true });
    expect(
      call("UpdateRequestValidator", { ...place, patchOperations: [replace("/validateRequestBody")] }),
    ).toEqual(shown);
    expect(
      refused("UpdateRequestValidator", { ...place, patchOperations: [replace("/invalidPath", "x")] }),
    ).toBe(
      "BadRequestException: Invalid patch path  '/invalidPath' specified for op 'replace'. Must be one of: [/name, /validateRequestParameters, /validateRequestBody]",
    );
    expect(refused("UpdateRequestValidator", { ...place, patchOperations: [replace("/name", "")] })).toBe(
      "BadRequestException: Request Validator name cannot be blank",
    );
    call("DeleteRequestValidator", place);
    expect(refused("GetRequestValidator", place)).toBe(
      "NotFoundException: Invalid Request Validator identifier specified",
    );
    expect(refused("CreateRequestValidator", { restApiId: "none", name: "v" })).toBe(
      "BadRequestException: Invalid REST API identifier specified",
    );
  });

  // Recorded: test_put_method_model.
  test("a model in use stays", () => {
    call("CreateModel", {
      restApiId,
      name: "Pet",
      contentType: "application/json",
      schema: '{"type": "object"}',
    });
    call("UpdateMethod", {
      restApiId,
      resourceId: rootResourceId,
      httpMethod: "GET",
      patchOperations: [{ op: "add", path: "/requestModels/application~1json", value: "Pet" }],
    });
    expect(refused("DeleteModel", { restApiId, modelName: "Pet" })).toBe(
      "ConflictException: Cannot delete model 'Pet', is referenced in method request: //GET",
    );
  });

  test("a stage is tagged, and the data plane's copy with it", () => {
    deploy({ stageName: "dev" });
    const resourceArn = `arn:aws:apigateway:us-east-1::/restapis/${restApiId}/stages/dev`;
    call("TagResource", { resourceArn, tags: { a: "1", b: "2" } });
    call("UntagResource", { resourceArn, tagKeys: ["a"] });
    expect(call("GetTags", { resourceArn }).tags).toEqual({ b: "2" });
    expect(published.get(`stage/${restApiId}/dev`).stage.tags).toEqual({ b: "2" });
    expect(refused("TagResource", { resourceArn: "arn:aws:s3:::b", tags: {} })).toBe(
      "BadRequestException: Invalid ARN specified in the request",
    );
    expect(refused("TagResource", { resourceArn, tags: { "aws:x": "1" } })).toMatch(/BadRequestException: /);
  });

  test("the account has AWS's quotas, and a role for logs", () => {
    expect(call("GetAccount")).toEqual({
      throttleSettings: { burstLimit: 5000, rateLimit: 10_000 },
      features: ["UsagePlans"],
      apiKeyVersion: "4",
    });
    const arn = "arn:aws:iam::123456789012:role/logs";
    expect(
      call("UpdateAccount", { patchOperations: [replace("/cloudwatchRoleArn", arn)] }).cloudwatchRoleArn,
    ).toBe(arn);
    expect(refused("UpdateAccount", { patchOperations: [replace("/apiKeyVersion", "5")] })).toBe(
      "BadRequestException: Invalid patch path /apiKeyVersion",
    );
  });
});

test("an API's deletion takes what was published with it", () => {
  deploy({ stageName: "dev" });
  deploy({ stageName: "prod" });
  putMock(restApiId, rootResourceId, "POST");
  expect(published.size).toBe(4);
  call("DeleteRestApi", { restApiId });
  expect([...published.keys()]).toEqual([]);
  expect(refused("GetStages", { restApiId })).toMatch(/NotFoundException/);
});
