import { describe, expect, test } from "vitest";
import { functionUri, webSocketApi } from "./websocket-api.ts";

const http = { IntegrationType: "HTTP", IntegrationMethod: "GET", IntegrationUri: "http://www.example.com" };
const mapped = "Invalid mapping expression specified";

describe("what is not given has AWS's defaults", () => {
  const defaults = {
    ConnectionType: "INTERNET",
    IntegrationId: expect.stringMatching(/^[a-z0-9]{7}$/),
    PassthroughBehavior: "WHEN_NO_MATCH",
    PayloadFormatVersion: "1.0",
    TimeoutInMillis: 29_000,
  };
  const statusCode = { IntegrationResponseSelectionExpression: "${integration.response.statuscode}" };
  const errorMessage = {
    IntegrationResponseSelectionExpression: "${integration.response.body.errorMessage}",
  };
  const lambda = { IntegrationUri: functionUri };

  test.each([
    [{ IntegrationType: "MOCK" }, statusCode],
    [http, statusCode],
    [{ ...http, IntegrationType: "HTTP_PROXY" }, {}],
    [
      { IntegrationType: "AWS", ...lambda },
      { IntegrationMethod: "POST", ...errorMessage },
    ],
    [
      {
        IntegrationType: "AWS",
        IntegrationMethod: "POST",
        IntegrationUri: "arn:aws:apigateway:us-east-1:dynamodb:action/PutItem",
        CredentialsArn: "arn:aws:iam::000000000000:role/r",
      },
      statusCode,
    ],
    [{ IntegrationType: "AWS_PROXY", ...lambda }, { IntegrationMethod: "POST" }],
  ])("%j", (input, shown) => {
    const { call } = webSocketApi();
    const integration = call("CreateIntegration", input);
    expect(integration).toEqual({ ...defaults, ...input, ...shown });
    expect(call("GetIntegration", { IntegrationId: integration.IntegrationId })).toEqual(integration);
    expect(call("GetIntegrations")).toEqual({ Items: [integration] });
  });
});

/** As TestAccAPIGatewayV2Integration_integrationTypeHTTP has it. */
test("an update replaces texts and joins maps; an empty text takes away what cannot be empty", () => {
  const { call } = webSocketApi();
  const { IntegrationId } = call("CreateIntegration", {
    ...http,
    ContentHandlingStrategy: "CONVERT_TO_TEXT",
    Description: "Test HTTP",
    TemplateSelectionExpression: "$request.body.name",
    TimeoutInMillis: 28_999,
    RequestParameters: { "integration.request.querystring.stage": "'value1'" },
    RequestTemplates: { "application/json": "" },
  });
  expect(call("GetIntegration", { IntegrationId }).RequestTemplates).toEqual({ "application/json": "" });
  const changes = {
    ContentHandlingStrategy: "CONVERT_TO_BINARY",
    IntegrationMethod: "POST",
    IntegrationUri: "http://www.example.org",
    PassthroughBehavior: "WHEN_NO_TEMPLATES",
    TemplateSelectionExpression: "$request.body.id",
    TimeoutInMillis: 51,
  };
  const updated = call("UpdateIntegration", {
    IntegrationId,
    ...changes,
    Description: "",
    RequestParameters: {
      "integration.request.querystring.stage": "",
      "integration.request.header.x-userid": "'value2'",
      "integration.request.path.op": "'value3'",
    },
    RequestTemplates: { "application/xml": "#set($percent=$number/100)" },
  });
  expect(updated).toMatchObject({
    ...changes,
    RequestParameters: {
      "integration.request.header.x-userid": "'value2'",
      "integration.request.path.op": "'value3'",
    },
    RequestTemplates: { "application/json": "", "application/xml": "#set($percent=$number/100)" },
  });
  expect(updated.RequestParameters).not.toHaveProperty(["integration.request.querystring.stage"]);
  expect(updated).not.toHaveProperty("Description");
  const left = call("UpdateIntegration", { IntegrationId, RequestTemplates: { "application/json": null } });
  expect(Object.keys(left.RequestTemplates)).toEqual(["application/xml"]);
});

test("a function's own ARN is taken for a proxy, and for that alone", () => {
  const { call, refused } = webSocketApi();
  const IntegrationUri = "arn:aws:lambda:us-east-1:123456789012:function:chat";
  expect(call("CreateIntegration", { IntegrationType: "AWS_PROXY", IntegrationUri })).toMatchObject({
    IntegrationUri,
    IntegrationMethod: "POST",
  });
  expect(
    refused("CreateIntegration", { IntegrationType: "AWS", IntegrationMethod: "POST", IntegrationUri }),
  ).toBe("BadRequestException: AWS ARN for integration must contain path or action");
});

test("another type has another selection expression, and a mock no endpoint", () => {
  const { call } = webSocketApi();
  const { IntegrationId } = call("CreateIntegration", { ...http, IntegrationType: "HTTP_PROXY" });
  const mock = call("UpdateIntegration", { IntegrationId, IntegrationType: "MOCK" });
  expect(mock).toMatchObject({
    IntegrationResponseSelectionExpression: "${integration.response.statuscode}",
  });
  expect(mock).not.toHaveProperty("IntegrationUri");
  expect(mock).not.toHaveProperty("IntegrationMethod");
});

test.each([
  [
    { ...http, IntegrationMethod: undefined },
    "HttpMethod parameter method must be specified for integrationType HTTP",
  ],
  [
    { ...http, IntegrationType: "HTTP_PROXY", IntegrationMethod: undefined },
    "HttpMethod parameter method must be specified for integrationType HTTPPROXY",
  ],
  [{ ...http, IntegrationMethod: "BREW" }, "Invalid HttpMethod specified: BREW"],
  [{ ...http, IntegrationUri: undefined }, "Invalid integration URI specified"],
  [{ IntegrationType: "AWS_PROXY", IntegrationMethod: "POST" }, "Invalid integration URI specified"],
  [
    { IntegrationType: "AWS", IntegrationMethod: "POST", IntegrationUri: "x" },
    "Invalid ARN specified in the request",
  ],
  [
    {
      IntegrationType: "AWS_PROXY",
      IntegrationMethod: "POST",
      IntegrationUri: "arn:aws:apigateway:us-east-1:sqs:path/q",
    },
    "Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations.",
  ],
  [{ ...http, TimeoutInMillis: 49 }, "Timeout should be between 50 ms and 29000 ms"],
  [{ ...http, TimeoutInMillis: 29_001 }, "Timeout should be between 50 ms and 29000 ms"],
  [{ ...http, PayloadFormatVersion: "2.0" }, "Unsupported PayloadFormatVersion: 2.0"],
  [{ ...http, CredentialsArn: "role" }, "Invalid ARN specified in the request"],
  [
    { ...http, TemplateSelectionExpression: "${integration.response.statuscode}" },
    "Unexpected variable in selection expression: ${integration.response.statuscode}",
  ],
  [
    { ...http, TlsConfig: { ServerNameToVerify: "a" } },
    "TlsConfig cannot be set for WEBSOCKET protocol Apis.",
  ],
  [
    { ...http, IntegrationSubtype: "SQS-SendMessage" },
    "IntegrationSubtype cannot be set for WEBSOCKET protocol Apis.",
  ],
  [
    { ...http, ConnectionType: "VPC_LINK" },
    "ConnectionId must be set to vpcLinkId for ConnectionType VPC_LINK",
  ],
  [
    { IntegrationType: "MOCK", ConnectionType: "VPC_LINK", ConnectionId: "link" },
    "Connection type VPC_LINK is only supported for integrations of type HTTP and HTTP_PROXY",
  ],
  [
    { ...http, RequestParameters: { "integration.request.header.a": "method.request.header.a" } },
    `${mapped}: Validation Result: warnings : [], errors : [${mapped}: method.request.header.a]`,
  ],
  [
    { ...http, RequestParameters: { "integration.request.header.a": "route.request.body.a[" } },
    `${mapped}: Validation Result: warnings : [], errors : [${mapped}: route.request.body.a[]`,
  ],
  [
    { ...http, RequestParameters: { "integration.request.header.a": "'unclosed" } },
    `${mapped}: Validation Result: warnings : [], errors : [${mapped}: 'unclosed]`,
  ],
  [{ ...http, TemplateSelectionExpression: "${request.body.a[}" }, "Invalid templateSelectionExpression"],
  [
    { ...http, RequestParameters: { a: "'1'" } },
    `${mapped}: Validation Result: warnings : [], errors : [${mapped}: a]`,
  ],
  [
    { ...http, RequestTemplates: { a: "x".repeat(32_769) } },
    "RequestTemplates cannot have more than 32768 characters",
  ],
])("%j is refused", (input, message) => {
  const { call, refused } = webSocketApi();
  expect(refused("CreateIntegration", input)).toBe(`BadRequestException: ${message}`);
  expect(call("GetIntegrations").Items).toEqual([]);
});

/** The guide's websocket-api-data-mapping. */
test.each([
  "route.request.querystring.authToken",
  "route.request.header.Auth",
  "route.request.multivaluequerystring.a",
  "route.request.multivalueheader.a",
  "route.request.body",
  "route.request.body.data.room",
  "stageVariables.v",
  "context.connectionId",
  "'static'",
])("a parameter is mapped from %s", (source) => {
  const { call } = webSocketApi();
  const RequestParameters = { "integration.request.header.a": source };
  expect(call("CreateIntegration", { ...http, RequestParameters }).RequestParameters).toEqual(
    RequestParameters,
  );
});

describe("a private integration", () => {
  const nlb = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/n/1";
  const privately = (ConnectionId: string) => ({ ...http, ConnectionType: "VPC_LINK", ConnectionId });

  test("goes through a link of V1, which cannot be deleted while it is deployed", () => {
    const { ApiId, call, callV1 } = webSocketApi();
    const { id } = callV1("CreateVpcLink", { name: "link", targetArns: [nlb] });
    const { IntegrationId } = call("CreateIntegration", privately("${stageVariables.link}"));
    const { RouteId } = call("CreateRoute", { RouteKey: "send", Target: `integrations/${IntegrationId}` });
    const { DeploymentId } = call("CreateDeployment");
    call("CreateStage", { StageName: "dev", DeploymentId, StageVariables: { link: id } });
    expect(() => callV1("DeleteVpcLink", { vpcLinkId: id })).toThrow(
      `Cannot delete vpc link. Vpc link '${id}', is referenced in [${ApiId}:send:${RouteId}:dev]`,
    );
    call("DeleteStage", { StageName: "dev" });
    callV1("DeleteVpcLink", { vpcLinkId: id });
  });

  test("has no link of V2", () => {
    const { call, refused } = webSocketApi();
    const { VpcLinkId } = call("CreateVpcLink", { Name: "link", SubnetIds: ["subnet-a"] });
    expect(refused("CreateIntegration", privately(VpcLinkId))).toContain("BadRequestException: VpcLinkV2");
  });

  test("that turns to the internet has no link any more", () => {
    const { call } = webSocketApi();
    const { IntegrationId } = call("CreateIntegration", privately("link"));
    const open = call("UpdateIntegration", { IntegrationId, ConnectionType: "INTERNET" });
    expect(open).not.toHaveProperty("ConnectionId");
  });
});

test("an integration is deleted when no route names it", () => {
  const { call, refused, createMock } = webSocketApi();
  const IntegrationId = createMock();
  const { RouteId } = call("CreateRoute", { RouteKey: "a", Target: `integrations/${IntegrationId}` });
  expect(refused("DeleteIntegration", { IntegrationId })).toBe(
    `ConflictException: Cannot delete Integration because it is referenced by the following Routes with Ids: [${RouteId}]`,
  );
  call("UpdateRoute", { RouteId, Target: "" });
  call("DeleteIntegration", { IntegrationId });
  for (const operation of ["GetIntegration", "UpdateIntegration", "DeleteIntegration"]) {
    expect(refused(operation, { IntegrationId })).toBe(
      `NotFoundException: Invalid Integration identifier specified ${IntegrationId}`,
    );
  }
});

describe("an integration response", () => {
  const withMock = () => {
    const api = webSocketApi();
    return { ...api, IntegrationId: api.createMock() };
  };

  test.each(["$default", "/200/", "/2\\d\\d/", "/.*error.*/"])(
    "with the key %s",
    (IntegrationResponseKey) => {
      const { call, IntegrationId } = withMock();
      const response = call("CreateIntegrationResponse", { IntegrationId, IntegrationResponseKey });
      const { IntegrationResponseId } = response;
      expect(response).toEqual({ IntegrationResponseId, IntegrationResponseKey });
      expect(call("GetIntegrationResponse", { IntegrationId, IntegrationResponseId })).toEqual(response);
      expect(call("GetIntegrationResponses", { IntegrationId })).toEqual({ Items: [response] });
      expect(call("GetIntegration", { IntegrationId })).not.toHaveProperty("IntegrationResponses");
    },
  );

  test("has no key that is no regular expression", () => {
    const { refused, IntegrationId } = withMock();
    expect(refused("CreateIntegrationResponse", { IntegrationId, IntegrationResponseKey: "/(/" })).toBe(
      "BadRequestException: Invalid regex pattern specified",
    );
  });

  test.each([
    ["route.response.header.x", "integration.response.header.x"],
    ["method.response.header.x", "integration.response.body.a[0]"],
    ["method.response.header.x", "'static'"],
  ])("maps to %s from %s", (target, source) => {
    const { call, IntegrationId } = withMock();
    const given = { IntegrationResponseKey: "$default", ResponseParameters: { [target]: source } };
    expect(call("CreateIntegrationResponse", { IntegrationId, ...given })).toMatchObject(given);
  });

  test.each([
    ["header.x", "'1'", "header.x"],
    ["method.response.header.x", "integration.response.body.[", "integration.response.body.["],
    ["method.response.header.x", "method.request.header.x", "method.request.header.x"],
  ])("maps nothing to %s from %s", (target, source, fault) => {
    const { refused, IntegrationId } = withMock();
    const given = { IntegrationResponseKey: "$default", ResponseParameters: { [target]: source } };
    expect(refused("CreateIntegrationResponse", { IntegrationId, ...given })).toBe(
      `BadRequestException: ${mapped}: Validation Result: warnings : [], errors : [${mapped}: ${fault}]`,
    );
  });

  test.each(["", "200", "/", "//", "default"])("has no key %j", (IntegrationResponseKey) => {
    const { refused, IntegrationId } = withMock();
    expect(refused("CreateIntegrationResponse", { IntegrationId, IntegrationResponseKey })).toBe(
      "BadRequestException: Invalid integrationResponseKey",
    );
  });

  /** As TestAccAPIGatewayV2IntegrationResponse_allAttributes has it. */
  test("is updated as an integration is", () => {
    const { call, refused, IntegrationId } = withMock();
    const { IntegrationResponseId } = call("CreateIntegrationResponse", {
      IntegrationId,
      IntegrationResponseKey: "$default",
      ContentHandlingStrategy: "CONVERT_TO_TEXT",
      TemplateSelectionExpression: "$request.body.name",
      ResponseTemplates: { "application/json": "" },
    });
    const changes = {
      IntegrationResponseKey: "/404/",
      ContentHandlingStrategy: "CONVERT_TO_BINARY",
      TemplateSelectionExpression: "${integration.response.header.kind}",
      ResponseTemplates: { "application/json": "#set($number=42)", "application/xml": "x" },
    };
    const updated = call("UpdateIntegrationResponse", { IntegrationId, IntegrationResponseId, ...changes });
    expect(updated).toEqual({ IntegrationResponseId, ...changes });
    call("CreateIntegrationResponse", { IntegrationId, IntegrationResponseKey: "$default" });
    const taken = { IntegrationId, IntegrationResponseId, IntegrationResponseKey: "$default" };
    expect(refused("UpdateIntegrationResponse", taken)).toBe(
      "ConflictException: IntegrationResponse with key $default already exists for this Integration",
    );
    call("DeleteIntegrationResponse", { IntegrationId, IntegrationResponseId });
    expect(refused("GetIntegrationResponse", { IntegrationId, IntegrationResponseId })).toBe(
      `NotFoundException: Invalid IntegrationResponse identifier specified ${IntegrationResponseId}`,
    );
  });

  test("selects no template by what is not there yet", () => {
    const { refused, IntegrationId } = withMock();
    expect(
      refused("CreateIntegrationResponse", {
        IntegrationId,
        IntegrationResponseKey: "$default",
        TemplateSelectionExpression: "$context.stage",
      }),
    ).toBe("BadRequestException: Unexpected variable in selection expression: $context.stage");
  });
});
