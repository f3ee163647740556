import { describe, expect, test } from "vitest";
import { onlyMethod, openapi, read, swagger } from "./reading.ts";

const ref = '{ $ref: "#/definitions/Pet" }';
const swaggerMethod = (operation: string, rest = "") =>
  onlyMethod(
    read(
      swagger(`definitions: { Pet: { type: object } }\n${rest}\npaths: { /pets: { post: ${operation} } }`),
    ),
  );
const openapiMethod = (operation: string, rest = "") =>
  onlyMethod(
    read(
      openapi(
        `components: { schemas: { Pet: { type: object } }, ${rest} }\npaths: { /pets: { post: ${operation} } }`,
      ),
    ),
  );

describe("the request body", () => {
  const body = `parameters: [{ in: body, name: pet, schema: ${ref} }]`;

  test("of Swagger 2.0 is JSON unless the operation or the document consumes something else", () => {
    expect(swaggerMethod(`{ ${body} }`).requestModels).toEqual({ "application/json": "Pet" });
    expect(swaggerMethod(`{ ${body} }`, "consumes: [text/xml]").requestModels).toEqual({ "text/xml": "Pet" });
    expect(swaggerMethod(`{ consumes: [a/b, c/d], ${body} }`, "consumes: [text/xml]").requestModels).toEqual({
      "a/b": "Pet",
      "c/d": "Pet",
    });
  });

  test("of OpenAPI 3.0 has a model for every content type, referred to or not", () => {
    const content =
      'content: { application/json: { schema: { $ref: "#/components/schemas/Pet" } }, text/plain: {} }';
    expect(openapiMethod(`{ requestBody: { ${content} } }`).requestModels).toEqual({
      "application/json": "Pet",
    });
    expect(
      openapiMethod(
        '{ requestBody: { $ref: "#/components/requestBodies/Pet" } }',
        `requestBodies: { Pet: { ${content} } }`,
      ).requestModels,
    ).toEqual({ "application/json": "Pet" });
  });
});

describe("responses", () => {
  test("have their headers, none of them required", () => {
    expect(
      swaggerMethod("{ responses: { 200: { headers: { X-A: { type: string } } } } }").methodResponses,
    ).toEqual({
      "200": { statusCode: "200", responseParameters: { "method.response.header.X-A": false } },
    });
  });

  test("of Swagger 2.0 have a model for what the operation produces", () => {
    expect(
      swaggerMethod(`{ produces: [text/xml], responses: { 200: { schema: ${ref} } } }`, "produces: [a/b]")
        .methodResponses,
    ).toEqual({ "200": { statusCode: "200", responseModels: { "text/xml": "Pet" } } });
  });

  test("without a status code are none", () => {
    expect(
      swaggerMethod("{ responses: { default: {}, 2XX: {}, x-note: {} } }").methodResponses,
    ).toBeUndefined();
  });

  test("may be references", () => {
    expect(
      openapiMethod(
        '{ responses: { 404: { $ref: "#/components/responses/Lost" } } }',
        "responses: { Lost: { headers: { X-A: {} } } }",
      ).methodResponses,
    ).toEqual({ "404": { statusCode: "404", responseParameters: { "method.response.header.X-A": false } } });
  });
});
