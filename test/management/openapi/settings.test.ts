import { expect, test } from "vitest";
import { readDocument } from "../../../src/management/openapi/document.ts";
import { openapi, read, refusalOf, swagger, variables } from "./reading.ts";

test("info is the API's name, description and version", () => {
  const document = readDocument(
    "swagger: '2.0'\ninfo: { title: Pets, description: All, version: 3 }",
    variables,
  );
  expect(read(document).info).toEqual({ name: "Pets", description: "All", version: "3" });
});

test("an API must have a title", () => {
  for (const info of ["{}", "{ title: '' }", "{ title: [] }", "x"]) {
    const document = readDocument(`swagger: '2.0'\ninfo: ${info}`, variables);
    expect(refusalOf(() => read(document)).message).toBe("Invalid OpenAPI input.");
  }
});

test("extensions at the root", () => {
  expect(
    read(
      swagger(`
x-amazon-apigateway-api-key-source: AUTHORIZER
x-amazon-apigateway-binary-media-types: [image/png, "*/*"]
x-amazon-apigateway-minimum-compression-size: 5242880
x-amazon-apigateway-policy: { Version: "2012-10-17", Statement: [] }
x-amazon-apigateway-endpoint-configuration: { disableExecuteApiEndpoint: true, vpcEndpointIds: [vpce-1] }`),
    ).settings,
  ).toEqual({
    apiKeySource: "AUTHORIZER",
    binaryMediaTypes: ["image/png", "*/*"],
    minimumCompressionSize: 5_242_880,
    policy: '{"Version":"2012-10-17","Statement":[]}',
    disableExecuteApiEndpoint: true,
    vpcEndpointIds: ["vpce-1"],
  });
});

test("the endpoint configuration of OpenAPI 3.0 stands in a server", () => {
  const server =
    "servers: [{ x-amazon-apigateway-endpoint-configuration: { disableExecuteApiEndpoint: true } }]";
  expect(read(openapi(server)).settings).toEqual({ disableExecuteApiEndpoint: true });
});

test("settings out of range are refused", () => {
  const { errors } = read(
    swagger(
      "x-amazon-apigateway-minimum-compression-size: 10485761\nx-amazon-apigateway-api-key-source: QUERY",
    ),
  );
  expect(errors).toEqual([
    "Invalid API key source specified. Must be one of: [HEADER, AUTHORIZER]",
    "Invalid minimum compression size, must be between 0 and 10485760",
  ]);
});

test("gateway responses", () => {
  expect(
    read(
      swagger(`
x-amazon-apigateway-gateway-responses:
  DEFAULT_4XX: { responseParameters: { gatewayresponse.header.X: "'1'" } }
  INVALID_API_KEY: { statusCode: 429, responseTemplates: { application/json: "{}" } }`),
    ).gatewayResponses,
  ).toEqual([
    { responseType: "DEFAULT_4XX", responseParameters: { "gatewayresponse.header.X": "'1'" } },
    { responseType: "INVALID_API_KEY", statusCode: "429", responseTemplates: { "application/json": "{}" } },
  ]);
});
