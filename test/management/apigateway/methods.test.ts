import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { account, replace } from "./calling.ts";

let { call, refused, createApi, createResource } = account();
let place: { restApiId: string; resourceId: string; httpMethod: string };

beforeEach(() => {
  ({ call, refused, createApi, createResource } = account());
  const api = createApi();
  place = { restApiId: api.id, resourceId: createResource(api, "pets").id, httpMethod: "POST" };
});

const put = (input: object = {}) => call("PutMethod", { ...place, authorizationType: "NONE", ...input });
const putIntegration = (input: object) => call("PutIntegration", { ...place, ...input });
const lambdaUri =
  "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:f/invocations";

describe("methods", () => {
  test("live and go", () => {
    const method = put({ authorizationType: "none", requestParameters: {}, requestModels: {} });
    expect(method).toEqual({ httpMethod: "POST", authorizationType: "NONE", apiKeyRequired: false });
    expect(call("GetMethod", place)).toEqual(method);
    call("DeleteMethod", place);
    expect(refused("GetMethod", place)).toBe("NotFoundException: Invalid Method identifier specified");
    expect(refused("DeleteMethod", place)).toBe("NotFoundException: Invalid Method identifier specified");
  });

  // Recorded: test_put_method_validation.
  test.each([
    [{ restApiId: "none" }, "NotFoundException: Invalid Resource identifier specified"],
    [{ resourceId: "none" }, "NotFoundException: Invalid Resource identifier specified"],
    [
      { httpMethod: "WRONG" },
      "BadRequestException: Invalid HttpMethod specified. Valid options are GET,PUT,POST,DELETE,PATCH,OPTIONS,HEAD,ANY",
    ],
    [
      { authorizationType: "CUSTOM" },
      "BadRequestException: Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.",
    ],
    [{ requestValidatorId: "none" }, "BadRequestException: Invalid Request Validator identifier specified"],
    [
      { requestModels: { "application/json": "petModel" } },
      "BadRequestException: Invalid model identifier specified: petModel",
    ],
    [
      { requestParameters: { "method.request.querystring.a": true, "method.request.header.a": true } },
      "BadRequestException: Parameter names must be unique across querystring, header and path",
    ],
    [
      { requestParameters: { "method.request.querystring.filter[a]": true } },
      "BadRequestException: Invalid mapping expression specified: Validation Result: warnings : [], errors : [Parameter name should match the following regular expression: ^[a-zA-Z0-9:._$-]+$]",
    ],
    [
      { requestParameters: { wrong: true } },
      "BadRequestException: Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression specified: wrong]",
    ],
  ])("%j is refused", (input, refusal) => {
    expect(refused("PutMethod", { ...place, authorizationType: "NONE", ...input })).toBe(refusal);
  });

  test("one is there once", () => {
    put();
    expect(refused("PutMethod", { ...place, authorizationType: "NONE" })).toBe(
      "ConflictException: Method already exists for this resource",
    );
  });

  // Recorded: test_update_method.
  test("are patched", () => {
    put();
    const update = (...patchOperations: object[]) => call("UpdateMethod", { ...place, patchOperations });
    expect(
      update(
        { op: "add", path: "/requestParameters/method.request.querystring.optional", value: "true" },
        { op: "add", path: "/requestModels/application~1json", value: "Empty" },
      ),
    ).toMatchObject({
      requestModels: { "application/json": "Empty" },
      requestParameters: { "method.request.querystring.optional": true },
    });
    expect(
      update(
        replace("/operationName", "n"),
        replace("/apiKeyRequired", "TRUE"),
        replace("/authorizationType", "AWS_IAM"),
      ),
    ).toMatchObject({ operationName: "n", apiKeyRequired: true, authorizationType: "AWS_IAM" });
    const bare = update(
      { op: "remove", path: "/requestParameters/method.request.querystring.optional" },
      { op: "remove", path: "/requestModels/application~1json" },
      replace("/authorizerId", "ignored"),
    );
    for (const gone of ["requestParameters", "requestModels", "authorizerId"])
      expect(bare).not.toHaveProperty(gone);
  });

  // Recorded: test_update_method_validation.
  test.each([
    [
      { op: "add", path: "/operationName", value: "x" },
      "Invalid patch operation specified. Must be one of: [replace]",
    ],
    [{ op: "add", path: "/httpMethod", value: "PUT" }, "Invalid patch path /httpMethod"],
    [replace("/requestParameters", "x"), "Invalid patch path /requestParameters"],
    [
      { op: "add", path: "/requestModels/application/json", value: "Empty" },
      "Invalid patch path /requestModels/application/json",
    ],
    [
      replace("/authorizationType", "CUSTOM"),
      "Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.",
    ],
    [replace("/requestValidatorId", "fake-id"), "Invalid Request Validator identifier specified"],
  ])("%j is refused", (operation, message) => {
    put();
    expect(refused("UpdateMethod", { ...place, patchOperations: [operation] })).toBe(
      `BadRequestException: ${message}`,
    );
  });

  test("a refused patch changes nothing", () => {
    const before = put();
    const path = fc.oneof(
      fc.constantFrom("/operationName", "/apiKeyRequired", "/requestModels/x", "/__proto__/x"),
      fc.string(),
    );
    const operation = fc.record({
      op: fc.constantFrom("add", "remove", "replace", "move", "copy", "test"),
      path,
      value: fc.option(fc.string(), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 4 }), (operations) => {
        const bad = { op: "replace", path: "/nothing", value: "x" };
        expect(refused("UpdateMethod", { ...place, patchOperations: [...operations, bad] })).toMatch(
          /Exception: /,
        );
        expect(call("GetMethod", place)).toEqual(before);
      }),
    );
  });
});

describe("method responses", () => {
  const response = () => ({ ...place, statusCode: "200" });

  // Recorded: test_lifecycle_method_response, test_update_method_response.
  test("live and go", () => {
    put();
    expect(call("PutMethodResponse", { ...response(), responseParameters: {}, responseModels: {} })).toEqual({
      statusCode: "200",
      responseParameters: {},
      responseModels: {},
    });
    const patchOperations = [
      { op: "add", path: "/responseParameters/method.response.header.my-header", value: "true" },
      { op: "add", path: "/responseModels/application~1json", value: "Empty" },
    ];
    const full = {
      statusCode: "200",
      responseModels: { "application/json": "Empty" },
      responseParameters: { "method.response.header.my-header": true },
    };
    expect(call("UpdateMethodResponse", { ...response(), patchOperations })).toEqual(full);
    expect(call("GetMethod", place).methodResponses).toEqual({ "200": full });
    expect(
      call("UpdateMethodResponse", {
        ...response(),
        patchOperations: patchOperations.map(({ path }) => ({ op: "remove", path })),
      }),
    ).toEqual({ statusCode: "200" });
    call("DeleteMethodResponse", response());
    expect(call("GetMethod", place)).not.toHaveProperty("methodResponses");
  });

  test.each([
    [replace("/responseParameters/wrong", "true"), "NotFoundException: Invalid parameter name specified"],
    [
      { op: "remove", path: "/responseModels/application~1json" },
      "NotFoundException: Content-Type specified was not found",
    ],
    [
      { op: "add", path: "/wrong/method.response.header.h", value: "true" },
      "BadRequestException: Invalid patch path /wrong/method.response.header.h",
    ],
  ])("%j is refused", (operation, refusal) => {
    put();
    call("PutMethodResponse", response());
    expect(refused("UpdateMethodResponse", { ...response(), patchOperations: [operation] })).toBe(refusal);
  });

  test("what is not there is refused in its own words", () => {
    expect(refused("PutMethodResponse", response())).toBe(
      "NotFoundException: Invalid Method identifier specified",
    );
    put();
    expect(refused("GetMethodResponse", response())).toBe(
      "NotFoundException: Invalid Response status code specified",
    );
    const named = (name: string) => ({ ...response(), responseParameters: { [name]: true } });
    expect(refused("PutMethodResponse", named("method.response.header.a b"))).toContain(
      "errors : [Parameter name should match the following regular expression: ^[a-zA-Z0-9:._$-]+$]",
    );
    expect(refused("PutMethodResponse", named("method.response.body"))).toContain(
      "errors : [Invalid mapping expression specified: method.response.body]",
    );
    call("PutMethodResponse", response());
    expect(refused("PutMethodResponse", response())).toBe(
      "ConflictException: Response already exists for this resource",
    );
  });
});

describe("integrations", () => {
  beforeEach(() => {
    put({ requestParameters: { "method.request.querystring.q": false } });
  });

  // Recorded: test_put_integration_validation.
  test.each([
    [{ type: "MOCK", uri: "http://example.com" }, { type: "MOCK" }],
    [
      { type: "HTTP", uri: "http://example.com", integrationHttpMethod: "POST" },
      { type: "HTTP", connectionType: "INTERNET", httpMethod: "POST", uri: "http://example.com" },
    ],
    [
      { type: "AWS_PROXY", uri: lambdaUri, integrationHttpMethod: "POST" },
      { type: "AWS_PROXY", httpMethod: "POST", uri: lambdaUri },
    ],
  ])("%j is put with its defaults", (input, shown) => {
    expect(putIntegration(input)).toEqual({
      cacheKeyParameters: [],
      cacheNamespace: place.resourceId,
      passthroughBehavior: "WHEN_NO_MATCH",
      timeoutInMillis: 29_000,
      ...shown,
    });
  });

  test.each([
    [{ type: "HTTP", uri: "http://example.com" }, "Enumeration value for HttpMethod must be non-empty"],
    [{ type: "AWS", uri: "http://example.com" }, "Enumeration value for HttpMethod must be non-empty"],
    [{ type: "HTTP_PROXY", integrationHttpMethod: "GET" }, "Invalid integration URI specified"],
    [{ type: "AWS_PROXY", integrationHttpMethod: "POST", uri: "" }, "Invalid integration URI specified"],
    [{ type: "HTTP_PROXY", uri: "non-valid-http" }, "Invalid HTTP endpoint specified for URI"],
    [{ type: "AWS", uri: "non-valid-arn" }, "Invalid ARN specified in the request"],
    [
      { type: "AWS", uri: "arn:aws:iam::0000000000:role/service-role/asdf" },
      "AWS ARN for integration must contain path or action",
    ],
    [
      { type: "AWS_PROXY", uri: lambdaUri.replace(":path/", ":test/") },
      "AWS ARN for integration must contain path or action",
    ],
    [
      { type: "AWS_PROXY", uri: "arn:aws:apigateway:us-east-1:s3:path/b/k" },
      "Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations.",
    ],
    [
      { type: "AWS_PROXY", uri: lambdaUri.replace("2015-03-31/functions", "random/value") },
      "Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations.",
    ],
    [{ type: "MOCK", timeoutInMillis: 49 }, "Timeout should be between 50 ms and 29000 ms"],
    [{ type: "MOCK", timeoutInMillis: 29_001 }, "Timeout should be between 50 ms and 29000 ms"],
    [
      { type: "MOCK", requestTemplates: { "123": "x" } },
      "Validation Result: warnings : [], errors : [Invalid content type specified: 123]",
    ],
    [
      { type: "MOCK", requestParameters: { "integration.request.header.x": "true" } },
      "Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression specified: true]",
    ],
    [
      { type: "MOCK", requestParameters: { "integration.request.header.x": "method.request.header.none" } },
      "Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression parameter specified: method.request.header.none]",
    ],
    [
      { type: "MOCK", requestParameters: { "integration.request.header.x": "method.request.body.a[" } },
      "Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression specified: method.request.body.a[]",
    ],
    [
      {
        type: "MOCK",
        requestParameters: { "integration.request.header.x": "'a", "integration.request.cookie.y": "'b'" },
      },
      "Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression specified: 'a, Invalid mapping expression specified: integration.request.cookie.y]",
    ],
    [
      { type: "MOCK", cacheKeyParameters: ["method.request.querystring.none"] },
      "Invalid cache key parameter specified",
    ],
  ])("%j is refused", (input, message) => {
    const method =
      input.type !== "MOCK" && !message.startsWith("Enumeration") ? { integrationHttpMethod: "POST" } : {};
    expect(refused("PutIntegration", { ...place, ...method, ...input })).toBe(
      `BadRequestException: ${message}`,
    );
  });

  test("are patched, and keep to the rules", () => {
    putIntegration({ type: "HTTP", uri: "http://example.com", integrationHttpMethod: "POST" });
    const update = (...patchOperations: object[]) => call("UpdateIntegration", { ...place, patchOperations });
    expect(
      update(
        replace("/uri", "https://example.org/{x}"),
        replace("/timeoutInMillis", "500"),
        {
          op: "add",
          path: "/requestParameters/integration.request.header.x",
          value: "method.request.querystring.q",
        },
        { op: "add", path: "/requestTemplates/application~1json", value: "" },
        { op: "add", path: "/cacheKeyParameters/method.request.querystring.q" },
      ),
    ).toMatchObject({
      uri: "https://example.org/{x}",
      timeoutInMillis: 500,
      requestParameters: { "integration.request.header.x": "method.request.querystring.q" },
      requestTemplates: { "application/json": null },
      cacheKeyParameters: ["method.request.querystring.q"],
    });
    expect(
      refused("UpdateIntegration", { ...place, patchOperations: [replace("/timeoutInMillis", "1")] }),
    ).toBe("BadRequestException: Timeout should be between 50 ms and 29000 ms");
    call("DeleteIntegration", place);
    expect(refused("GetIntegration", place)).toBe(
      "NotFoundException: Invalid Integration identifier specified",
    );
  });

  // Recorded: test_get_integration_non_existent.
  test("what is not there is refused in its own words", () => {
    expect(refused("GetIntegration", { ...place, restApiId: "x" })).toBe(
      "NotFoundException: Invalid Resource identifier specified",
    );
    expect(refused("GetIntegration", { ...place, httpMethod: "GET" })).toBe(
      "NotFoundException: Invalid Method identifier specified",
    );
    expect(refused("GetIntegration", place)).toBe(
      "NotFoundException: Invalid Integration identifier specified",
    );
  });
});

describe("integration responses", () => {
  const response = () => ({ ...place, statusCode: "200" });

  beforeEach(() => {
    put();
    putIntegration({ type: "MOCK" });
    call("PutMethodResponse", { ...response(), responseParameters: { "method.response.header.h": false } });
  });

  // Recorded: test_lifecycle_integration_response.
  test("live and go", () => {
    const created = {
      responseTemplates: { "application/json": '"created"' },
      selectionPattern: "",
      statusCode: "200",
    };
    expect(call("PutIntegrationResponse", { ...place, ...created })).toEqual(created);
    expect(call("GetIntegrationResponse", response())).toEqual(created);
    expect(
      call("UpdateIntegrationResponse", {
        ...response(),
        patchOperations: [replace("/selectionPattern", "updated-pattern")],
      }),
    ).toEqual({ ...created, selectionPattern: "updated-pattern" });
    const over = {
      responseTemplates: { "application/json": "overwrite" },
      selectionPattern: "overwrite-pattern",
      statusCode: "200",
    };
    expect(call("PutIntegrationResponse", { ...place, ...over })).toEqual(over);
    expect(call("GetMethod", place).methodIntegration.integrationResponses).toEqual({ "200": over });
    call("DeleteIntegrationResponse", response());
    expect(call("GetIntegration", place)).not.toHaveProperty("integrationResponses");
  });

  // Recorded: test_put_integration_response_templates.
  test("an empty template is shown as null", () => {
    expect(
      call("PutIntegrationResponse", {
        ...response(),
        selectionPattern: "",
        responseTemplates: { "application/json": "" },
      }),
    ).toEqual({ statusCode: "200", selectionPattern: "", responseTemplates: { "application/json": null } });
  });

  test("no two have the same pattern", () => {
    const failure = { ...response(), statusCode: "500", selectionPattern: "" };
    call("PutMethodResponse", failure);
    call("PutIntegrationResponse", response());
    call("PutIntegrationResponse", { ...response(), selectionPattern: "" });
    const text = (pattern: string) =>
      `ConflictException: Integration response with selection pattern ${pattern} already exists`;
    expect(refused("PutIntegrationResponse", failure)).toBe(text("default"));
    call("PutIntegrationResponse", { ...failure, selectionPattern: "5\\d{2}" });
    const patchOperations = [replace("/selectionPattern", "5\\d{2}")];
    expect(refused("UpdateIntegrationResponse", { ...response(), patchOperations })).toBe(text("5\\d{2}"));
  });

  test("only headers that the method response declares are mapped", () => {
    call("PutIntegrationResponse", {
      ...response(),
      responseParameters: { "method.response.header.h": "'x'" },
    });
    expect(
      refused("PutIntegrationResponse", {
        ...response(),
        responseParameters: { "method.response.header.other": "'x'" },
      }),
    ).toBe(
      "BadRequestException: Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression parameter specified: method.response.header.other]",
    );
  });

  test.each([
    [{ selectionPattern: "[" }, "Invalid regex pattern specified"],
    [{ selectionPattern: `${"(".repeat(10_000)}` }, "Invalid regex pattern specified"],
    [
      { responseParameters: { "method.response.header.h": "integration.response.body.[" } },
      "Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression specified: integration.response.body.[]",
    ],
    [
      { statusCode: "201", responseParameters: { "method.response.header.h": "'x'" } },
      "Invalid mapping expression specified: Validation Result: warnings : [], errors : [No method response exists for method.]",
    ],
  ])("%j is refused", (input, message) => {
    expect(refused("PutIntegrationResponse", { ...response(), ...input })).toBe(
      `BadRequestException: ${message}`,
    );
  });

  // Recorded: test_delete_integration_response_errors.
  test.each([
    ["DeleteIntegrationResponse", { resourceId: "x" }, "Invalid Resource identifier specified"],
    ["DeleteIntegrationResponse", { httpMethod: "GET" }, "Invalid Integration identifier specified"],
    ["DeleteIntegrationResponse", { statusCode: "201" }, "Invalid Response status code specified"],
    ["GetIntegrationResponse", { httpMethod: "GET" }, "Invalid Method identifier specified"],
    ["PutIntegrationResponse", { statusCode: "500" }, "Invalid Response status code specified"],
  ])("%s of %j is refused", (operation, input, message) => {
    expect(refused(operation, { ...response(), ...input })).toBe(`NotFoundException: ${message}`);
  });
});
