import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { RestSnapshot } from "../../../src/definitions/published.ts";
import type { Method } from "../../../src/definitions/rest-api.ts";
import { readDocument } from "../../../src/management/openapi/document.ts";
import { type ExportOptions, writeOpenApi } from "../../../src/management/openapi/export/write-openapi.ts";
import { modelUrl, prettyJson } from "../../../src/management/openapi/schemas.ts";
import { openapi, type Result, read, variables } from "./reading.ts";

const method: Method = {
  httpMethod: "GET",
  authorizationType: "NONE",
  apiKeyRequired: false,
  requestParameters: { "method.request.path.id": true, "method.request.querystring.page": false },
  requestModels: { "application/json": "Pet" },
  methodResponses: {
    "200": {
      statusCode: "200",
      responseParameters: { "method.response.header.X-A": false },
      responseModels: { "application/json": "Pets" },
    },
    "404": { statusCode: "404" },
  },
  methodIntegration: {
    type: "HTTP",
    httpMethod: "GET",
    uri: "http://backend.example.com",
    connectionType: "INTERNET",
    passthroughBehavior: "WHEN_NO_MATCH",
    timeoutInMillis: 29_000,
    cacheNamespace: "abc123",
    cacheKeyParameters: [],
    integrationResponses: {
      "200": { statusCode: "200" },
      "404": { statusCode: "404", selectionPattern: "404" },
    },
  },
};

const snapshotOf = (
  change: Partial<RestSnapshot> = {},
  methodChange: Partial<Method> = {},
): RestSnapshot => ({
  protocol: "REST",
  apiId: "abcdefghij",
  deploymentId: "dep123",
  api: {
    name: "Pets",
    description: "All of them",
    version: "1.0",
    apiKeySource: "HEADER",
    endpointConfiguration: { types: ["EDGE"] },
    disableExecuteApiEndpoint: false,
  },
  resources: [
    { id: "root123456", path: "/" },
    {
      id: "abc123",
      parentId: "root123456",
      pathPart: "{id}",
      path: "/{id}",
      resourceMethods: { GET: { ...method, ...methodChange } },
    },
  ],
  models: [
    { id: "m1", name: "Pet", contentType: "application/json", schema: '{"type": "object"}' },
    {
      id: "m2",
      name: "Pets",
      contentType: "application/json",
      schema: JSON.stringify({ type: "array", items: { $ref: modelUrl("abcdefghij", "Pet") } }),
    },
  ],
  requestValidators: [],
  gatewayResponses: [],
  authorizers: [],
  ...change,
});

const write = (type: ExportOptions["type"], extensions: boolean, snapshot = snapshotOf()) =>
  writeOpenApi(snapshot, {
    type,
    address: { scheme: "https", host: "api.example.com", path: "" },
    stageName: "prod",
    extensions: { integrations: extensions, authorizers: extensions, settings: extensions },
  });

test("Swagger 2.0. Recorded: test_export_swagger_openapi", () => {
  expect(write("swagger", false)).toEqual({
    swagger: "2.0",
    info: { description: "All of them", version: "1.0", title: "Pets" },
    host: "api.example.com",
    basePath: "/prod",
    schemes: ["https"],
    paths: {
      "/{id}": {
        get: {
          consumes: ["application/json"],
          produces: ["application/json"],
          parameters: [
            { name: "id", in: "path", required: true, type: "string" },
            { name: "page", in: "query", required: false, type: "string" },
            { in: "body", name: "Pet", required: true, schema: { $ref: "#/definitions/Pet" } },
          ],
          responses: {
            "200": {
              description: "200 response",
              schema: { $ref: "#/definitions/Pets" },
              headers: { "X-A": { type: "string" } },
            },
            "404": { description: "404 response" },
          },
        },
      },
    },
    definitions: { Pet: { type: "object" }, Pets: { type: "array", items: { $ref: "#/definitions/Pet" } } },
  });
});

test("OpenAPI 3.0. Recorded: test_export_oas30_openapi", () => {
  expect(write("oas30", false)).toEqual({
    openapi: "3.0.1",
    info: { title: "Pets", description: "All of them", version: "1.0" },
    servers: [{ url: "https://api.example.com/{basePath}", variables: { basePath: { default: "prod" } } }],
    paths: {
      "/{id}": {
        get: {
          parameters: [
            { name: "id", in: "path", required: true, schema: { type: "string" } },
            { name: "page", in: "query", schema: { type: "string" } },
          ],
          requestBody: {
            content: { "application/json": { schema: { $ref: "#/components/schemas/Pet" } } },
            required: true,
          },
          responses: {
            "200": {
              description: "200 response",
              headers: { "X-A": { schema: { type: "string" } } },
              content: { "application/json": { schema: { $ref: "#/components/schemas/Pets" } } },
            },
            "404": { description: "404 response", content: {} },
          },
        },
      },
    },
    components: {
      schemas: {
        Pet: { type: "object" },
        Pets: { type: "array", items: { $ref: "#/components/schemas/Pet" } },
      },
    },
  });
});

describe("extensions", () => {
  const operationOf = (snapshot: RestSnapshot) => {
    const { paths } = write("oas30", true, snapshot) as { paths: Record<string, Record<string, object>> };
    return paths["/{id}"]?.get;
  };

  test("show an integration without what it would mean anyway", () => {
    expect(operationOf(snapshotOf())).toMatchObject({
      "x-amazon-apigateway-integration": {
        type: "http",
        httpMethod: "GET",
        uri: "http://backend.example.com",
        passthroughBehavior: "when_no_match",
        responses: { default: { statusCode: "200" }, "404": { statusCode: "404" } },
      },
    });
  });

  test("show the method's validator and what it requires of callers", () => {
    const authorizer = {
      id: "au1",
      name: "Guard",
      type: "TOKEN" as const,
      authType: "custom",
      authorizerUri: "uri",
    };
    const snapshot = snapshotOf(
      {
        authorizers: [{ ...authorizer, identitySource: "method.request.header.Auth" }],
        requestValidators: [
          { id: "v1", name: "all", validateRequestBody: true, validateRequestParameters: true },
        ],
      },
      { authorizationType: "CUSTOM", authorizerId: "au1", apiKeyRequired: true, requestValidatorId: "v1" },
    );
    expect(operationOf(snapshot)).toMatchObject({
      security: [{ Guard: [] }, { api_key: [] }],
      "x-amazon-apigateway-request-validator": "all",
    });
    expect(write("swagger", true, snapshot)).toMatchObject({
      securityDefinitions: {
        Guard: {
          type: "apiKey",
          name: "Auth",
          in: "header",
          "x-amazon-apigateway-authtype": "custom",
          "x-amazon-apigateway-authorizer": { type: "token", authorizerUri: "uri" },
        },
        api_key: { type: "apiKey", name: "x-api-key", in: "header" },
      },
      "x-amazon-apigateway-request-validators": {
        all: { validateRequestBody: true, validateRequestParameters: true },
      },
    });
  });

  test("show the API's own settings", () => {
    const { api } = snapshotOf();
    const settings = {
      binaryMediaTypes: ["image/png"],
      minimumCompressionSize: 0,
      policy: '{"Statement":[]}',
      apiKeySource: "AUTHORIZER" as const,
    };
    expect(write("swagger", true, snapshotOf({ api: { ...api, ...settings } }))).toMatchObject({
      "x-amazon-apigateway-policy": { Statement: [] },
      "x-amazon-apigateway-api-key-source": "AUTHORIZER",
      "x-amazon-apigateway-minimum-compression-size": 0,
      "x-amazon-apigateway-binary-media-types": ["image/png"],
    });
  });
});

test("an API without a version has the time of its creation", () => {
  const { version: _, ...api } = snapshotOf().api;
  expect(
    write("oas30", false, snapshotOf({ api: { ...api, createdDate: 1_746_555_626 } })).info,
  ).toMatchObject({
    version: "2025-05-06T18:20:26Z",
  });
});

test("a model that is no JSON does not end the export", () => {
  const models = [{ id: "m", name: "Broken", contentType: "application/json", schema: "{" }];
  expect(write("swagger", false, snapshotOf({ models })).definitions).toEqual({ Broken: {} });
});

describe("what was exported imports again as what it was", () => {
  /** An import as a deployment would have it. */
  function deployed({ info, settings, resources, ...rest }: Result): RestSnapshot {
    const id = (name: string) => `id of ${name}`;
    const withIds = <T extends { name: string }>(list: T[]) =>
      list.map((one) => ({ id: id(one.name), ...one }));
    return snapshotOf({
      api: { ...snapshotOf().api, description: undefined, ...info, ...settings },
      models: withIds(rest.models),
      requestValidators: withIds(rest.requestValidators),
      authorizers: withIds(rest.authorizers),
      gatewayResponses: rest.gatewayResponses,
      resources: resources.map(({ path, methods }) => ({
        id: path,
        path,
        resourceMethods: Object.fromEntries(
          methods.map(({ authorizerName, requestValidatorName, integration, ...one }) => [
            one.httpMethod,
            {
              ...one,
              ...(authorizerName ? { authorizerId: id(authorizerName) } : {}),
              ...(requestValidatorName ? { requestValidatorId: id(requestValidatorName) } : {}),
              ...(integration ? { methodIntegration: { cacheNamespace: path, ...integration } } : {}),
            },
          ]),
        ),
      })),
    });
  }

  const documents = {
    "the PetStore example": () =>
      readFile(join(import.meta.dirname, "../../../examples/petstore/openapi.yaml"), "utf8").then((text) =>
        readDocument(text, variables),
      ),
    "every kind of guard and setting": async () =>
      openapi(`
x-amazon-apigateway-api-key-source: AUTHORIZER
x-amazon-apigateway-minimum-compression-size: 10
x-amazon-apigateway-binary-media-types: [a/b]
x-amazon-apigateway-policy: { Statement: [] }
x-amazon-apigateway-gateway-responses: { DEFAULT_5XX: { statusCode: 503 } }
components:
  securitySchemes:
    token: { type: apiKey, name: Auth, in: header, x-amazon-apigateway-authorizer: { type: token, authorizerUri: u } }
    request: { type: apiKey, name: Unused, in: header, x-amazon-apigateway-authorizer: { type: request, authorizerUri: u, identitySource: "context.a, stageVariables.b", authorizerResultTtlInSeconds: 0 } }
    api_key: { type: apiKey, name: x-api-key, in: header }
    sigv4: { type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authtype: awsSigv4 }
paths:
  /a: { get: { security: [{ token: [] }] }, post: { security: [{ request: [] }, { api_key: [] }] } }
  /b/{x}: { x-amazon-apigateway-any-method: { security: [{ sigv4: [] }], x-amazon-apigateway-integration: { type: aws, httpMethod: POST, uri: arn, timeoutInMillis: 100, cacheNamespace: c, responses: { ".*err.*": { statusCode: 500 }, default: { statusCode: 200 } } } } }`),
  };
  for (const [what, document] of Object.entries(documents)) {
    for (const type of ["swagger", "oas30"] as const) {
      test(`${what}, as ${type}`, async () => {
        const first = read(await document());
        const text = prettyJson(write(type, true, deployed(first)));
        expect(read(readDocument(text, variables))).toEqual(first);
      });
    }
  }
});
