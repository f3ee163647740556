import { describe, expect, test } from "vitest";
import { onlyMethod, openapi, read, swagger } from "./reading.ts";

const parametersOf = (path: string, item: string) =>
  onlyMethod(read(openapi(`paths: { "${path}": ${item} }`))).requestParameters;

test("path, query and header parameters, with whether they are required", () => {
  expect(
    parametersOf(
      "/pets/{id}",
      `{ get: { parameters: [
        { name: id, in: path, required: true }, { name: page, in: query },
        { name: X-Trace, in: header, required: true }, { name: session, in: cookie } ] } }`,
    ),
  ).toEqual({
    "method.request.path.id": true,
    "method.request.querystring.page": false,
    "method.request.header.X-Trace": true,
  });
});

test("a path item's parameters hold for its operations, which may replace them", () => {
  expect(
    parametersOf(
      "/pets",
      "{ parameters: [{ name: a, in: query }, { name: b, in: query }], get: { parameters: [{ name: a, in: query, required: true }] } }",
    ),
  ).toEqual({ "method.request.querystring.a": true, "method.request.querystring.b": false });
});

test("the path's own parameters are declared even where the document does not", () => {
  // Recorded: test_import_and_validate_rest_api, `/product/{product_id}`.
  expect(parametersOf("/{shop}/{proxy+}", "{ x-amazon-apigateway-any-method: {} }")).toEqual({
    "method.request.path.shop": true,
    "method.request.path.proxy": true,
  });
  expect(parametersOf("/", "{ get: {} }")).toBeUndefined();
});

describe("references", () => {
  test("are followed", () => {
    const document = swagger(`
parameters: { page: { name: page, in: query } }
paths: { /pets: { get: { parameters: [{ $ref: "#/parameters/page" }] } } }`);
    expect(onlyMethod(read(document)).requestParameters).toEqual({
      "method.request.querystring.page": false,
    });
  });

  test("in a circle, or to nowhere, declare nothing", () => {
    const document = swagger(`
parameters: { a: { $ref: "#/parameters/b" }, b: { $ref: "#/parameters/a" } }
paths: { /pets: { get: { parameters: [{ $ref: "#/parameters/a" }, { $ref: "#/x~1y/~0" }, { $ref: "other.yaml" }] } } }`);
    expect(onlyMethod(read(document)).requestParameters).toBeUndefined();
  });
});
