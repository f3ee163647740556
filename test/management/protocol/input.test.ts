import fc from "fast-check";
import { expect, test } from "vitest";
import { readInput } from "../../../src/management/protocol/read-input.ts";
import { matchOperation } from "../../../src/management/protocol/route.ts";
import { ServiceError } from "../../../src/management/protocol/service-error.ts";
import { validateInput } from "../../../src/management/protocol/validate-input.ts";

function inputOf(
  method: string,
  path: string,
  { query = "", body = "", headers = {} }: { query?: string; body?: string; headers?: HeadersInit } = {},
  service = "apigateway",
) {
  const match = matchOperation(service, method, path, query);
  if (!match) throw new Error(`no operation for ${method} ${path}`);
  const bytes = new TextEncoder().encode(body);
  const input = readInput(service, match, { query, headers: new Headers(headers), body: bytes });
  validateInput(service, match.operation, input);
  return input;
}

const json = (value: unknown) => ({ body: JSON.stringify(value) });

test("members come from path, query and body, by their model names", () => {
  expect(
    inputOf(
      "PUT",
      "/restapis/abc/resources/r1/methods/GET",
      json({ authorizationType: "NONE", apiKeyRequired: true }),
    ),
  ).toEqual({
    restApiId: "abc",
    resourceId: "r1",
    httpMethod: "GET",
    authorizationType: "NONE",
    apiKeyRequired: true,
  });
  expect(inputOf("GET", "/restapis/abc/resources", { query: "limit=10&embed=methods&embed=x" })).toEqual({
    restApiId: "abc",
    limit: 10,
    embed: ["methods", "x"],
  });
});

test("a document comes as bytes, and the rest of the query as its parameters", () => {
  const input = inputOf("POST", "/restapis", {
    query: "mode=import&failonwarnings=true&basepath=prepend",
    body: "swagger: '2.0'",
  });
  expect(input).toMatchObject({ failOnWarnings: true, parameters: { basepath: "prepend" } });
  expect(new TextDecoder().decode(input.body as Uint8Array)).toBe("swagger: '2.0'");
});

test("Lambda's zip comes as bytes", () => {
  const input = inputOf(
    "POST",
    "/2015-03-31/functions",
    json({ FunctionName: "f", Role: "arn:aws:iam::000000000000:role/r", Code: { ZipFile: "UEs=" } }),
    "lambda",
  );
  expect(input.Code).toEqual({ ZipFile: new Uint8Array([80, 75]) });
});

test("unknown members are ignored, and null is absent", () => {
  expect(inputOf("POST", "/restapis", json({ name: "n", wrong: 1, description: null }))).toEqual({
    name: "n",
  });
});

// Recorded: test_put_integration_request_parameter_bool_type, and the tests of kinesalite and dynalite.
test.each([
  ["POST /restapis", { name: true }, "class java.lang.Boolean can not be converted to an String"],
  [
    "POST /restapis",
    { name: 1 },
    "class com.amazon.coral.value.json.numbers.TruncatingBigNumber can not be converted to an String",
  ],
  ["POST /restapis", { name: {} }, "Start of structure or map found where not expected."],
  ["POST /restapis", { name: [] }, "Start of list found where not expected"],
  ["POST /restapis", { name: "n", tags: "x" }, "Expected map or null"],
  ["POST /restapis", { name: "n", tags: [] }, "Start of list found where not expected"],
  ["POST /restapis", { name: "n", binaryMediaTypes: "x" }, "Expected list or null"],
  [
    "POST /restapis",
    { name: "n", binaryMediaTypes: {} },
    "Start of structure or map found where not expected.",
  ],
  ["POST /restapis", { name: "n", endpointConfiguration: 1 }, "Expected null"],
  ["POST /restapis", { name: "n", endpointConfiguration: [] }, "Start of list found where not expected"],
  ["POST /restapis", [], "Start of list found where not expected"],
  [
    "POST /restapis",
    { name: "n", disableExecuteApiEndpoint: 1 },
    "class com.amazon.coral.value.json.numbers.TruncatingBigNumber can not be converted to an Boolean",
  ],
  [
    "POST /restapis",
    { name: "n", disableExecuteApiEndpoint: "maybe" },
    "'MAYBE' can not be converted to an Boolean",
  ],
  [
    "POST /usageplans",
    { name: "n", quota: { limit: "1" } },
    "class java.lang.String can not be converted to an Integer",
  ],
  [
    "POST /usageplans",
    { name: "n", throttle: { rateLimit: true } },
    "class java.lang.Boolean can not be converted to an Double",
  ],
])("%s %j has the wrong type", (operation, body, message) => {
  const [method = "", path = ""] = operation.split(" ");
  expect(() => inputOf(method, path, json(body))).toThrow(
    new ServiceError("SerializationException", 400, message),
  );
});

test.each([
  [
    "x",
    "'x' can not be converted to a Blob: Base64 encoded length is expected a multiple of 4 bytes but found: 1",
  ],
  ["=+/=", "'=+/=' can not be converted to a Blob: Invalid Base64 character: '='"],
  [{}, "Start of structure or map found where not expected."],
])("the zip %j is no Base64", (ZipFile, message) => {
  const body = json({ FunctionName: "f", Role: "r", Code: { ZipFile } });
  expect(() => inputOf("POST", "/2015-03-31/functions", body, "lambda")).toThrow(
    new ServiceError("SerializationException", 400, message),
  );
});

test.each([
  [1.9, 1],
  [-1.9, -1],
  [3_000_000_000, 2_147_483_647],
  [-3_000_000_000, -2_147_483_648],
])("where an integer is due, %d is %d", (given, read) => {
  expect(inputOf("POST", "/usageplans", json({ name: "n", quota: { limit: given } }))).toEqual({
    name: "n",
    quota: { limit: read },
  });
});

test("a number beyond all numbers is the largest", () => {
  const body = '{"name": "n", "throttle": {"rateLimit": 1e999}, "quota": {"limit": -1e999}}';
  expect(inputOf("POST", "/usageplans", { body })).toEqual({
    name: "n",
    throttle: { rateLimit: Number.MAX_VALUE },
    quota: { limit: -2_147_483_648 },
  });
});

test.each([
  ["true", true],
  ["Yes", true],
  ["1", true],
  ["FALSE", false],
  ["no", false],
  ["0", false],
])("where a boolean is due, %j is %s", (given, read) => {
  const input = inputOf("POST", "/restapis", json({ name: "n", disableExecuteApiEndpoint: given }));
  expect(input.disableExecuteApiEndpoint).toBe(read);
});

test("what is required must be there", () => {
  expect(() => inputOf("POST", "/restapis", json({}))).toThrow(
    "1 validation error detected: Value null at 'createRestApiInput.name' failed to satisfy constraint: Member must not be null",
  );
});

// Recorded: test_create_rest_api_with_endpoint_configuration, in both lists and single values.
test("violated enumerations are listed, a list as a whole", () => {
  expect(() =>
    inputOf(
      "POST",
      "/restapis",
      json({ name: "n", endpointConfiguration: { types: ["wrong"], ipAddressType: "wrong" } }),
    ),
  ).toThrow(
    "2 validation errors detected: Value '[wrong]' at 'createRestApiInput.endpointConfiguration.types' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: [PRIVATE, EDGE, REGIONAL]]; Value 'wrong' at 'createRestApiInput.endpointConfiguration.ipAddressType' failed to satisfy constraint: Member must satisfy enum value set: [ipv4, dualstack]",
  );
});

// Recorded: test_update_method_response_negative_tests: members of the body come first.
test("members of structures are counted from one, and a pattern in the path comes last", () => {
  const path = "/restapis/abc/resources/r1/methods/GET/responses/wrong";
  expect(() => inputOf("PATCH", path, json({ patchOperations: [{ op: "wrong_op", path: "/x" }] }))).toThrow(
    "2 validation errors detected: Value 'wrong_op' at 'updateMethodResponseInput.patchOperations.1.member.op' failed to satisfy constraint: Member must satisfy enum value set: [add, remove, move, test, replace, copy]; Value 'wrong' at 'statusCode' failed to satisfy constraint: Member must satisfy regular expression pattern: [1-5]\\d\\d",
  );
});

test("whatever the body, the answer is an input or a refusal in AWS's form", () => {
  const anything = fc.oneof(
    fc.string(),
    fc.json(),
    fc.jsonValue().map((value) => JSON.stringify({ name: value, tags: value })),
  );
  fc.assert(
    fc.property(anything, (body) => {
      try {
        inputOf("POST", "/restapis", { body });
      } catch (error) {
        expect(error).toBeInstanceOf(ServiceError);
        expect((error as ServiceError).status).toBe(400);
      }
    }),
  );
});

test("a body of a thousand levels is read", () => {
  const body = `{"name": "n", "x": ${"[".repeat(1000)}${"]".repeat(1000)}}`;
  expect(inputOf("POST", "/restapis", { body })).toEqual({ name: "n" });
});
