import { describe, expect, test } from "vitest";
import { openapi, read, swagger } from "./reading.ts";

const pathsOf = ({ resources }: ReturnType<typeof read>) =>
  resources.map(({ path, methods }) => [path, ...methods.map(({ httpMethod }) => httpMethod)].join(" "));

describe("paths", () => {
  test("are resources, their operations methods", () => {
    const document = openapi(
      "paths: { /: { get: {} }, /pets: { post: {}, get: {}, trace: {}, summary: x }, /any: { x-amazon-apigateway-any-method: {} } }",
    );
    expect(pathsOf(read(document))).toEqual(["/ GET", "/pets GET POST", "/any ANY"]);
  });

  test("that differ in a slash at the end are one", () => {
    expect(pathsOf(read(openapi("paths: { /pets: { get: {} }, /pets/: { post: {} } }")))).toEqual([
      "/pets GET POST",
    ]);
  });

  test("must start with a slash; extensions among them are none", () => {
    const result = read(openapi("paths: { pets: { get: {} }, x-note: { get: {} } }"));
    expect(pathsOf(result)).toEqual([]);
    expect(result.warnings).toEqual(["Parse issue: attribute paths. Resource pets should start with /"]);
  });

  test("carry the operation's name and validator", () => {
    const document = openapi(`
x-amazon-apigateway-request-validator: all
x-amazon-apigateway-request-validators: { all: { validateRequestBody: true, validateRequestParameters: true }, none: {} }
paths: { /a: { get: { operationId: GetA }, post: { x-amazon-apigateway-request-validator: none } } }`);
    const { resources, requestValidators } = read(document);
    expect(resources[0]?.methods).toMatchObject([
      { operationName: "GetA", requestValidatorName: "all" },
      { requestValidatorName: "none" },
    ]);
    expect(requestValidators).toEqual([
      { name: "all", validateRequestBody: true, validateRequestParameters: true },
      { name: "none", validateRequestBody: false, validateRequestParameters: false },
    ]);
  });
});

describe("the base path", () => {
  const paths = "paths: { /e: { get: {} } }";
  const under = (document: ReturnType<typeof openapi>) =>
    (["ignore", "prepend", "split"] as const).map((mode) => read(document, mode).resources[0]?.path);

  test("of Swagger 2.0 is ignored, prepended or split, as the guide's example has it", () => {
    expect(under(swagger(`basePath: /a/b/c\n${paths}`))).toEqual(["/e", "/a/b/c/e", "/b/c/e"]);
  });

  test("of OpenAPI 3.0 is the path of the first server's URL", () => {
    const server = "servers: [{ url: https://example.com/base/part/ }, { url: /other }]";
    expect(under(openapi(`${server}\n${paths}`))).toEqual(["/e", "/base/part/e", "/part/e"]);
  });

  test("or the variable basePath, even if no URL names it", () => {
    // Recorded: test_import_rest_api_with_base_path_oas30, `put-rest-api-oas30-srv-var`.
    const server = "servers: [{ url: https://example.com/x, variables: { basePath: { default: /base } } }]";
    expect(under(openapi(`${server}\n${paths}`))).toEqual(["/e", "/base/e", "/e"]);
  });

  test("may be absent", () => {
    expect(under(openapi(paths))).toEqual(["/e", "/e", "/e"]);
    expect(under(swagger(paths))).toEqual(["/e", "/e", "/e"]);
  });
});
