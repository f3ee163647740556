import { describe, expect, test } from "vitest";
import { onlyMethod, openapi, read, refusalOf } from "./reading.ts";

const resultOf = (integration: string) =>
  read(openapi(`paths: { /pets: { get: { x-amazon-apigateway-integration: ${integration} } } }`));
const integrationOf = (integration: string) => onlyMethod(resultOf(integration)).integration;

describe("defaults", () => {
  test("of an HTTP integration", () => {
    expect(integrationOf("{ type: http, httpMethod: get, uri: http://backend.example.com }")).toEqual({
      type: "HTTP",
      httpMethod: "GET",
      uri: "http://backend.example.com",
      connectionType: "INTERNET",
      passthroughBehavior: "WHEN_NO_MATCH",
      timeoutInMillis: 29_000,
      cacheKeyParameters: [],
    });
  });

  test("of a Lambda integration, which has no connection type", () => {
    expect(integrationOf("{ type: AWS_PROXY, httpMethod: POST, uri: arn }")).not.toHaveProperty(
      "connectionType",
    );
  });

  test("of a mock, which calls nobody", () => {
    // Recorded: test_import_with_http_method_integration.
    expect(integrationOf("{ type: mock, httpMethod: POST, uri: http://x }")).toEqual({
      type: "MOCK",
      passthroughBehavior: "WHEN_NO_MATCH",
      timeoutInMillis: 29_000,
      cacheKeyParameters: [],
    });
  });

  test("of an operation without integration", () => {
    expect(onlyMethod(read(openapi("paths: { /pets: { get: {} } }")))).not.toHaveProperty("integration");
  });
});

test("every property of the guide's table", () => {
  expect(
    integrationOf(`{
      type: aws, httpMethod: x-amazon-apigateway-any-method, uri: arn, credentials: role,
      connectionType: VPC_LINK, connectionId: abc123, passthroughBehavior: when_no_templates,
      contentHandling: CONVERT_TO_TEXT, timeoutInMillis: 500, cacheNamespace: cache,
      cacheKeyParameters: [method.request.querystring.page], tlsConfig: { insecureSkipVerification: true },
      requestParameters: { integration.request.header.a: "'b'" },
      requestTemplates: { application/json: $input.body }, responses: {} }`),
  ).toEqual({
    type: "AWS",
    httpMethod: "ANY",
    uri: "arn",
    credentials: "role",
    connectionType: "VPC_LINK",
    connectionId: "abc123",
    passthroughBehavior: "WHEN_NO_TEMPLATES",
    contentHandling: "CONVERT_TO_TEXT",
    timeoutInMillis: 500,
    cacheNamespace: "cache",
    cacheKeyParameters: ["method.request.querystring.page"],
    tlsConfig: { insecureSkipVerification: true },
    requestParameters: { "integration.request.header.a": "'b'" },
    requestTemplates: { "application/json": "$input.body" },
  });
});

test("responses stand under their patterns, `default` without one; codes may be numbers", () => {
  // Recorded: test_import_with_integer_http_status_code.
  expect(
    integrationOf(
      `{ type: mock, responses: { default: { statusCode: 200 }, "4\\\\d{2}": { statusCode: "400", responseTemplates: { a/b: x } } } }`,
    )?.integrationResponses,
  ).toEqual({
    "200": { statusCode: "200" },
    "400": { statusCode: "400", selectionPattern: "4\\d{2}", responseTemplates: { "a/b": "x" } },
  });
});

test("a mapping that is no text is left out with a warning", () => {
  // Recorded: test_import_rest_api_with_base_path_oas30, `put-rest-api-oas30-srv-url`.
  const result = resultOf(
    `{ type: mock, requestParameters: { integration.request.header.ok: "'1'", integration.request.header.nothing: true } }`,
  );
  expect(result.warnings).toEqual([
    "Invalid format for 'requestParameters'. Expected type string for property 'integration.request.header.nothing' of resource '/pets' and method 'GET' but got 'true'",
  ]);
  expect(onlyMethod(result).integration?.requestParameters).toEqual({
    "integration.request.header.ok": "'1'",
  });
});

test("an integration without a type refuses the document", () => {
  for (const integration of ["{}", "{ type: carrier_pigeon }", "text", "[]", "null"]) {
    expect(refusalOf(() => resultOf(integration)).message).toBe(
      "Unable to parse API definition because of a malformed integration at path /pets.",
    );
  }
});

test("an integration may be a reference", () => {
  const document = openapi(`
components: { x-amazon-apigateway-integrations: { m: { type: mock } } }
paths: { /a: { get: { x-amazon-apigateway-integration: { $ref: "#/components/x-amazon-apigateway-integrations/m" } } } }`);
  expect(onlyMethod(read(document)).integration?.type).toBe("MOCK");
});
