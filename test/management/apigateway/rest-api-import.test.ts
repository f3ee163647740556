import { beforeEach, describe, expect, test } from "vitest";
import type { RestApi } from "../../../src/definitions/rest-api.ts";
import {
  children,
  gatewayResponses,
  models,
  requestValidators,
  resources,
} from "../../../src/management/apigateway/collections.ts";
import { childKey } from "../../../src/management/apigateway/path-part.ts";
import { importRestApi, putRestApi } from "../../../src/management/apigateway/rest-api-import.ts";
import { refusalOf } from "../openapi/reading.ts";
import { operationContext } from "../sqlite-store.ts";

let context = operationContext();
beforeEach(() => {
  context = operationContext();
});

type Answer = RestApi & { warnings?: string[] };
const importApi = (body: string, options: object = {}) =>
  importRestApi({ body, ...options }, context) as Answer;
const put = (restApiId: string, body: string, mode?: "merge" | "overwrite", options: object = {}) =>
  putRestApi({ restApiId, body, mode, ...options }, context) as Answer;

const resourcesOf = ({ id }: RestApi) => resources(context.store, id).list();
const summary = (api: RestApi) =>
  resourcesOf(api)
    .map(({ path, resourceMethods = {} }) => [path, ...Object.keys(resourceMethods).sort()].join(" "))
    .sort();
const idsByPath = (api: RestApi) => Object.fromEntries(resourcesOf(api).map(({ path, id }) => [path, id]));
const modelNames = ({ id }: RestApi) =>
  models(context.store, id)
    .list()
    .map(({ name }) => name);

const head = 'swagger: "2.0"\ninfo: { title: Imported, version: "1" }\n';
const mock = "x-amazon-apigateway-integration: { type: mock }";

describe("ImportRestApi", () => {
  test("answers with the API as it was made", () => {
    const { id, rootResourceId, ...api } = importApi(`${head}paths: { /pets: { get: { ${mock} } } }`);
    expect(api).toEqual({
      name: "Imported",
      version: "1",
      createdDate: 1_700_000_000,
      apiKeySource: "HEADER",
      endpointConfiguration: { types: ["EDGE"], ipAddressType: "ipv4" },
      disableExecuteApiEndpoint: false,
    });
    expect(id).toMatch(/^[a-z0-9]{10}$/);
    expect(resources(context.store, id).get(rootResourceId)).toEqual({ id: rootResourceId, path: "/" });
  });

  test("takes the endpoint type and the base path as parameters", () => {
    const body = `${head}basePath: /base\npaths: { /e: { get: { ${mock} } } }`;
    const api = importApi(body, {
      parameters: { endpointConfigurationTypes: "REGIONAL", basepath: "prepend" },
    });
    expect(api.endpointConfiguration.types).toEqual(["REGIONAL"]);
    expect(summary(api)).toEqual(["/", "/base", "/base/e GET"]);
    for (const parameters of [{ endpointConfigurationTypes: "MOON" }, { basepath: "append" }]) {
      expect(refusalOf(() => importApi(body, { parameters })).code).toBe("BadRequestException");
    }
  });

  test("links every resource with its parent, both ways", () => {
    const api = importApi(`${head}paths: { "/a/{b}": { get: { ${mock} } } }`);
    const ids = idsByPath(api);
    const [, a, b] = resourcesOf(api);
    expect(a).toMatchObject({ id: ids["/a"], parentId: api.rootResourceId, pathPart: "a" });
    expect(b).toMatchObject({ parentId: ids["/a"], pathPart: "{b}" });
    expect(children(context.store, api.id, api.rootResourceId).get("a")).toEqual({ id: ids["/a"] });
    expect(children(context.store, api.id, ids["/a"] as string).get(childKey("{b}"))).toEqual({
      id: ids["/a/{b}"],
    });
  });

  test("gives a method the ids of what it names, and an integration its resource's as cache namespace", () => {
    const api = importApi(`${head}
x-amazon-apigateway-request-validators: { all: { validateRequestBody: true, validateRequestParameters: true } }
securityDefinitions: { guard: { type: apiKey, name: A, in: header, x-amazon-apigateway-authorizer: { type: token, authorizerUri: "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:f/invocations" } } }
paths: { /a: { get: { x-amazon-apigateway-request-validator: all, security: [{ guard: [] }], ${mock} } } }`);
    const [validator] = requestValidators(context.store, api.id).list();
    const resource = resourcesOf(api).find(({ path }) => path === "/a");
    expect(resource?.resourceMethods?.GET).toMatchObject({
      requestValidatorId: validator?.id,
      authorizationType: "CUSTOM",
      authorizerId: expect.stringMatching(/^[a-z0-9]{6}$/),
      methodIntegration: { type: "MOCK", cacheNamespace: resource?.id },
    });
  });

  test("refuses a parameter that a method cannot have", () => {
    const parameter = "{ name: 'filter[a]', in: query, schema: { type: string } }";
    const body = `${head}paths: { /a: { get: { parameters: [${parameter}], ${mock} } } }`;
    expect(refusalOf(() => importApi(body)).message).toBe(
      "Errors found during import:\n\tUnable to put method 'GET' on resource at path '/a': Invalid mapping expression specified: Validation Result: warnings : [], errors : [Parameter name should match the following regular expression: ^[a-zA-Z0-9:._$-]+$]",
    );
  });

  test("refuses a validator that is not there", () => {
    const body = `${head}paths: { /a: { get: { x-amazon-apigateway-request-validator: no, ${mock} } } }`;
    expect(refusalOf(() => importApi(body)).message).toBe(
      "Errors found during import:\n\tUnable to put method 'GET' on resource at path '/a': Invalid Request Validator identifier specified",
    );
  });
});

describe("PutRestApi", () => {
  const first = `${head}
x-amazon-apigateway-binary-media-types: [image/heif]
x-amazon-apigateway-policy: { Statement: [] }
x-amazon-apigateway-gateway-responses: { DEFAULT_4XX: { statusCode: 400 } }
definitions: { Old: { type: object } }
paths: { /a: { get: { operationId: First, ${mock} }, post: { ${mock} } }, /b: { get: { ${mock} } } }`;
  const second = `swagger: "2.0"
info: { title: Renamed, version: "2" }
x-amazon-apigateway-binary-media-types: [image/png]
definitions: { New: { type: object } }
paths: { /a: { get: { operationId: Second, ${mock} } }, /c/d: { get: { ${mock} } } }`;

  test("merges unless told otherwise: what the document does not define is left alone", () => {
    const api = importApi(first);
    const before = idsByPath(api);
    expect(put(api.id, second)).toMatchObject({
      name: "Renamed",
      version: "2",
      // Recorded: test_put_rest_api_mode_binary_media_types.
      binaryMediaTypes: ["image/heif", "image/png"],
      policy: '{\\"Statement\\":[]}',
      tags: {},
    });
    expect(summary(api)).toEqual(["/", "/a GET POST", "/b GET", "/c", "/c/d GET"]);
    expect(modelNames(api)).toEqual(["Old", "New"]);
    expect(gatewayResponses(context.store, api.id).count()).toBe(1);
    expect(idsByPath(api)).toMatchObject(before);
    expect(
      resources(context.store, api.id).get(before["/a"] as string)?.resourceMethods?.GET?.operationName,
    ).toBe("Second");
  });

  test("overwrites: what the document does not define goes; resources at the same path keep their ids", () => {
    const api = importApi(first);
    const before = idsByPath(api);
    const changed = put(api.id, second, "overwrite");
    expect(changed).toMatchObject({ binaryMediaTypes: ["image/png"], rootResourceId: api.rootResourceId });
    expect(changed).not.toHaveProperty("policy");
    expect(summary(api)).toEqual(["/", "/a GET", "/c", "/c/d GET"]);
    expect(modelNames(api)).toEqual(["New"]);
    expect(gatewayResponses(context.store, api.id).count()).toBe(0);
    expect(idsByPath(api)).toMatchObject({ "/": before["/"], "/a": before["/a"] });
    expect(children(context.store, api.id, api.rootResourceId).has("b")).toBe(false);
  });

  test("the same document twice changes nothing", () => {
    const api = importApi(first);
    const before = { resources: resourcesOf(api), models: models(context.store, api.id).list() };
    for (const mode of ["merge", "overwrite"] as const) {
      put(api.id, first, mode);
      expect({ resources: resourcesOf(api), models: models(context.store, api.id).list() }).toEqual(before);
    }
  });

  test("a merged document may refer to models that the API has", () => {
    const api = importApi(first);
    const body = `${head}paths: { /a: { get: { responses: { 200: { schema: { $ref: "#/definitions/Old" } } } } } }`;
    expect(put(api.id, body, "merge")).not.toHaveProperty("warnings");
    expect(put(api.id, body, "overwrite").warnings).toEqual([
      "Reference to model 'Old' not found. Ignoring.",
    ]);
  });

  test("leaves the endpoint type and the tags as they were", () => {
    const api = importApi(first, { parameters: { endpointConfigurationTypes: "REGIONAL" } });
    expect(put(api.id, second, "overwrite").endpointConfiguration.types).toEqual(["REGIONAL"]);
  });

  test("refuses a bad document before it looks for the API", () => {
    // Recorded: test_import_api_bad_file.
    expect(refusalOf(() => put("nope", "{'key:value}"))).toMatchObject({
      code: "BadRequestException",
      message: "Invalid OpenAPI input.",
    });
    expect(refusalOf(() => put("nope", second))).toMatchObject({
      code: "NotFoundException",
      message: "Invalid API identifier specified 123456789012:nope",
    });
  });
});

test("warnings come with the API, or refuse the import when the caller wants it", () => {
  const body = `${head}paths: { /pets: { get: { responses: { 200: { schema: { $ref: "#/definitions/Pet" } } } } } }`;
  const warning = "Reference to model 'Pet' not found. Ignoring.";
  expect(importApi(body).warnings).toEqual([warning]);
  expect(refusalOf(() => importApi(body, { failOnWarnings: true })).message).toBe(
    `Warnings found during import:\n\t${warning}`,
  );
});

test("a method too large to be stored is refused", () => {
  const requestTemplates = { "application/json": "x".repeat(2_000_000) };
  const body = JSON.stringify({
    swagger: "2.0",
    info: { title: "T" },
    paths: { "/": { get: { "x-amazon-apigateway-integration": { type: "mock", requestTemplates } } } },
  });
  expect(refusalOf(() => importApi(body))).toMatchObject({ status: 400 });
});
