import { describe, expect, test } from "vitest";
import { webSocketApi } from "./websocket-api.ts";

const defaults = {
  CreatedDate: 1_700_000_000,
  DefaultRouteSettings: { DataTraceEnabled: false, DetailedMetricsEnabled: false, LoggingLevel: "OFF" },
  LastUpdatedDate: 1_700_000_000,
  RouteSettings: {},
  StageVariables: {},
  Tags: {},
};
const logGroup = "arn:aws:logs:us-east-1:123456789012:log-group:g";
const stageOf = (input: object = {}) => {
  const api = webSocketApi();
  api.call("CreateStage", { StageName: "dev", ...input });
  const update = (changes: object) => api.call("UpdateStage", { StageName: "dev", ...changes });
  const get = () => api.call("GetStage", { StageName: "dev" });
  return { ...api, update, get };
};

test("what is not given has AWS's defaults", () => {
  const { call, get, published } = stageOf();
  expect(get()).toEqual({ StageName: "dev", ...defaults });
  expect(call("GetStages")).toEqual({ Items: [{ StageName: "dev", ...defaults }] });
  // There is nothing to serve.
  expect([...published.keys()]).toEqual([]);
});

test.each(["dev", "tf-acc-test_1", "$default", "x".repeat(128)])("a stage may be named %s", (StageName) => {
  const { call } = webSocketApi();
  expect(call("CreateStage", { StageName }).StageName).toBe(StageName);
});

test.each(["", "a b", "a.b", "$dev", "x".repeat(129)])("but not %j", (StageName) => {
  const { refused } = webSocketApi();
  expect(refused("CreateStage", { StageName })).toBe(
    "BadRequestException: Stage name only allows a-zA-Z0-9_",
  );
});

test("a stage is there once, and ten are there at most", () => {
  const { call, refused } = webSocketApi();
  for (let index = 0; index < 10; index++) call("CreateStage", { StageName: `s${index}` });
  expect(refused("CreateStage", { StageName: "s1" })).toBe("ConflictException: Stage already exists");
  expect(refused("CreateStage", { StageName: "s10" })).toBe(
    "TooManyRequestsException: Maximum number of Stages for this API has been reached.  Please contact AWS if you need additional Stages.",
  );
});

test("an update leaves what it does not give", () => {
  const { update, get } = stageOf({ Description: "d", StageVariables: { a: "1", b: "2" } });
  update({ StageVariables: { b: "", c: "3" } });
  expect(get()).toMatchObject({ Description: "d", StageVariables: { a: "1", c: "3" } });
  expect(update({ Description: "" })).toHaveProperty("Description", "d");
});

test.each([
  [{ StageVariables: { "a-b": "1" } }, "Invalid stage variable name: a-b."],
  [{ StageVariables: { a: "ä" } }, "Invalid stage variable value of key a.  Please use values"],
  [{ StageVariables: { a: "x".repeat(2049) } }, "Invalid stage variable value of key a.  Please use values"],
  [{ DeploymentId: "nothing" }, "Deployment id does not exist"],
  [
    { DefaultRouteSettings: { ThrottlingBurstLimit: -2 } },
    "Throttling limits must be between -1 and 2147483647",
  ],
  [
    { AccessLogSettings: { DestinationArn: logGroup } },
    "Access Log value missing. Expected destinationArn and format.",
  ],
  [
    { AccessLogSettings: { Format: "$context.requestId" } },
    "Access Log value missing. Expected destinationArn and format.",
  ],
  [
    { AccessLogSettings: { DestinationArn: "group", Format: "$context.requestId" } },
    "Invalid ARN specified in the request. ARNs must start with 'arn:': group",
  ],
  [
    { AccessLogSettings: { DestinationArn: `${logGroup}:a`, Format: "$context.requestId" } },
    "Access log destination must only contain characters a-z, A-Z, 0-9, '_', '-', '/', '.': 'log-group:g:a'",
  ],
  [
    {
      AccessLogSettings: {
        DestinationArn: "arn:aws:firehose:us-east-1:123456789012:deliverystream/amazon-apigateway-x",
        Format: "$context.requestId",
      },
    },
    "Access log destination must only contain characters a-z, A-Z, 0-9, '_', '-', '/', '.': 'deliverystream/amazon-apigateway-x'",
  ],
  [
    { AccessLogSettings: { DestinationArn: logGroup, Format: "$context.stage" } },
    "The following errors are found in Access Log Format: Access Log format must include either $context.requestId or $context.extendedRequestId : '$context.stage'",
  ],
  [
    { AccessLogSettings: { DestinationArn: logGroup, Format: "$context.requestId\n" } },
    "The following errors are found in Access Log Format: Access Log format must be single line: '$context.requestId\n'",
  ],
])("%j is refused, and nothing changes", (changes, message) => {
  const { get, refused } = stageOf();
  const before = get();
  expect(refused("UpdateStage", { StageName: "dev", ...changes })).toContain(
    `BadRequestException: ${message}`,
  );
  expect(get()).toEqual(before);
});

test("variables may be longer than those of REST APIs", () => {
  const { get } = stageOf({ StageVariables: { a: "x".repeat(2048) } });
  expect(get().StageVariables.a).toHaveLength(2048);
});

describe("route settings", () => {
  /** As TestAccAPIGatewayV2Stage_defaultRouteSettingsWebSocket has it. */
  test("by default, of which an update leaves what it does not give", () => {
    const { update } = stageOf({
      DefaultRouteSettings: {
        DataTraceEnabled: true,
        DetailedMetricsEnabled: true,
        LoggingLevel: "INFO",
        ThrottlingBurstLimit: 2222,
        ThrottlingRateLimit: 8888,
      },
    });
    const changes = { DataTraceEnabled: false, ThrottlingBurstLimit: 0, ThrottlingRateLimit: 0.5 };
    expect(update({ DefaultRouteSettings: changes }).DefaultRouteSettings).toEqual({
      ...changes,
      DetailedMetricsEnabled: true,
      LoggingLevel: "INFO",
    });
  });

  /** As TestAccAPIGatewayV2Stage_routeSettingsWebSocket has it. */
  test("of the predefined routes, which need not be there", () => {
    const { update, call } = stageOf({
      RouteSettings: { $connect: { LoggingLevel: "ERROR", ThrottlingBurstLimit: 1 } },
    });
    const { RouteSettings } = update({
      RouteSettings: { $connect: { ThrottlingBurstLimit: 2 }, $disconnect: {}, $default: {} },
    });
    expect(RouteSettings).toEqual({
      $connect: { LoggingLevel: "ERROR", ThrottlingBurstLimit: 2 },
      $disconnect: {},
      $default: {},
    });
    call("DeleteRouteSettings", { StageName: "dev", RouteKey: "$connect" });
    expect(Object.keys(call("GetStage", { StageName: "dev" }).RouteSettings)).toEqual([
      "$disconnect",
      "$default",
    ]);
  });

  test("of another only if it is there", () => {
    const { call, refused, update } = stageOf();
    const changes = { RouteSettings: { send: { ThrottlingRateLimit: 1 } } };
    const text = "NotFoundException: Unable to find Route by key send within the provided RouteSettings";
    expect(refused("UpdateStage", { StageName: "dev", ...changes })).toBe(text);
    call("CreateRoute", { RouteKey: "send" });
    expect(update(changes).RouteSettings).toEqual(changes.RouteSettings);
    call("DeleteRouteSettings", { StageName: "dev", RouteKey: "send" });
    expect(refused("DeleteRouteSettings", { StageName: "dev", RouteKey: "send" })).toBe(text);
    expect(refused("DeleteRouteSettings", { StageName: "dev", RouteKey: "__proto__" })).toContain(
      "NotFoundException",
    );
  });
});

test("access logs are set and, by an operation or by nothing given, taken away", () => {
  const AccessLogSettings = {
    DestinationArn: logGroup,
    Format: "$context.identity.sourceIp $context.requestId",
  };
  const { call, update, get } = stageOf({ AccessLogSettings });
  expect(get()).toMatchObject({ AccessLogSettings });
  expect(update({ Description: "d" })).toMatchObject({ AccessLogSettings });
  const other = { Format: "$context.extendedRequestId" };
  expect(update({ AccessLogSettings: other })).toMatchObject({
    AccessLogSettings: { DestinationArn: logGroup, ...other },
  });
  expect(update({ AccessLogSettings: {} })).not.toHaveProperty("AccessLogSettings");
  const ofCloudWatch = { ...AccessLogSettings, DestinationArn: `${logGroup}:*` };
  expect(update({ AccessLogSettings: ofCloudWatch })).toMatchObject({ AccessLogSettings: ofCloudWatch });
  call("DeleteAccessLogSettings", { StageName: "dev" });
  expect(get()).not.toHaveProperty("AccessLogSettings");
});

test("there are no results of authorizers to forget, and a stage is asked for all the same", () => {
  const { call, refused } = stageOf();
  expect(call("ResetAuthorizersCache", { StageName: "dev" })).toBeUndefined();
  expect(refused("ResetAuthorizersCache", { StageName: "none" })).toBe(
    "NotFoundException: Invalid stage identifier specified",
  );
  expect(refused("ResetAuthorizersCache", { ApiId: "none", StageName: "dev" })).toBe(
    "NotFoundException: Invalid API identifier specified 123456789012:none",
  );
});

test("a client certificate that a stage shows is not deleted", () => {
  const { ApiId, callV1, refused, update } = stageOf();
  const issued = { certificate: "PEM", privateKey: "PEM", from: 0, to: 1 };
  const { clientCertificateId } = callV1("GenerateClientCertificate", { issued });
  expect(update({ ClientCertificateId: clientCertificateId }).ClientCertificateId).toBe(clientCertificateId);
  expect(() => callV1("DeleteClientCertificate", { clientCertificateId })).toThrow(`including ${ApiId}:dev`);
  expect(update({ ClientCertificateId: "" })).not.toHaveProperty("ClientCertificateId");
  callV1("DeleteClientCertificate", { clientCertificateId });
  expect(refused("UpdateStage", { StageName: "dev", ClientCertificateId: "nothing" })).toBe(
    "NotFoundException: Invalid Client Certificate identifier specified",
  );
});

test("a stage that is deleted is not there any more, and leaves its usage plans", () => {
  const { ApiId, call, callV1, refused } = stageOf();
  const plan = callV1("CreateUsagePlan", { name: "plan", apiStages: [{ apiId: ApiId, stage: "dev" }] });
  call("DeleteStage", { StageName: "dev" });
  expect(callV1("GetUsagePlan", { usagePlanId: plan.id }).apiStages).toEqual([]);
  for (const operation of ["GetStage", "UpdateStage", "DeleteStage", "DeleteAccessLogSettings"]) {
    expect(refused(operation, { StageName: "dev" })).toBe(
      "NotFoundException: Invalid stage identifier specified",
    );
  }
});
