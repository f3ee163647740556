import fc from "fast-check";
import { expect, test } from "vitest";
import { readDocument } from "../../../src/management/openapi/document.ts";
import { ImportReport } from "../../../src/management/openapi/import-report.ts";
import { ServiceError } from "../../../src/management/protocol/service-error.ts";
import { openapi, read, swagger, variables } from "./reading.ts";

/** Names that the reader looks for, so that arbitrary documents go deep into it. */
const names = [
  ...[
    "info",
    "title",
    "version",
    "paths",
    "/",
    "/pets",
    "/pets/{id}",
    "get",
    "post",
    "parameters",
    "in",
    "name",
  ],
  ...[
    "path",
    "query",
    "header",
    "body",
    "schema",
    "$ref",
    "responses",
    "200",
    "default",
    "headers",
    "content",
  ],
  ...[
    "application/json",
    "requestBody",
    "definitions",
    "components",
    "schemas",
    "Pet",
    "security",
    "servers",
    "url",
  ],
  ...["securityDefinitions", "securitySchemes", "type", "variables", "basePath", "__proto__", "constructor"],
  ...["x-amazon-apigateway-integration", "x-amazon-apigateway-any-method", "x-amazon-apigateway-authorizer"],
  ...["x-amazon-apigateway-request-validators", "x-amazon-apigateway-gateway-responses", "statusCode"],
  ...[
    "requestParameters",
    "requestTemplates",
    "responseParameters",
    "properties",
    "items",
    "consumes",
    "produces",
  ],
];
const values = [
  ...[
    "#/definitions/Pet",
    "#/components/schemas/Pet",
    "#/",
    "mock",
    "HTTP",
    "path",
    "body",
    "token",
    "apiKey",
    "Pet",
  ],
];

const { json } = fc.letrec<{ json: unknown; object: unknown; array: unknown }>((tie) => ({
  json: fc.oneof(
    { depthSize: "medium" },
    fc.constantFrom(...values),
    fc.oneof(fc.boolean(), fc.integer(), fc.constant(null), fc.string()),
    tie("array"),
    tie("object"),
  ),
  array: fc.array(tie("json"), { maxLength: 4 }),
  object: fc
    .uniqueArray(fc.tuple(fc.constantFrom(...names), tie("json")), {
      maxLength: 8,
      selector: ([name]) => name,
    })
    .map((entries) => Object.fromEntries(entries)),
}));
const root = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...names), json), { maxLength: 12, selector: ([name]) => name })
  .map((entries) => Object.fromEntries(entries));

test("no document makes it throw anything but a ServiceError, nor change the prototype of objects", () => {
  fc.assert(
    fc.property(root, fc.constantFrom("swagger", "openapi"), (document, kind) => {
      const version = kind === "swagger" ? { swagger: "2.0" } : { openapi: "3.0.1" };
      const text = JSON.stringify({ ...document, info: { title: "T" }, ...version });
      try {
        const api = read(readDocument(text, variables), "prepend");
        JSON.stringify(api);
      } catch (error) {
        expect(error).toBeInstanceOf(ServiceError);
      }
      expect(Object.keys(Object.prototype)).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test("no text makes it throw anything but a ServiceError", () => {
  const noise = fc.oneof(fc.string(), fc.string({ unit: "binary" }), fc.json());
  fc.assert(
    fc.property(
      noise,
      fc.constantFrom("", "swagger: '2.0'\n", "{", "openapi: 3.0.0\npaths: "),
      (text, head) => {
        try {
          readDocument(head + text, variables);
        } catch (error) {
          expect(error).toBeInstanceOf(ServiceError);
        }
      },
    ),
    { numRuns: 500 },
  );
});

test("the same API in Swagger 2.0 and in OpenAPI 3.0 reads the same", () => {
  const integration =
    "x-amazon-apigateway-integration: { type: mock, responses: { default: { statusCode: 200 } } }";
  const old = swagger(`
definitions: { Pet: { type: object } }
paths:
  /pets:
    post:
      parameters: [{ in: body, name: pet, schema: { $ref: "#/definitions/Pet" } }, { in: query, name: a, type: string }]
      responses: { 200: { schema: { $ref: "#/definitions/Pet" }, headers: { X-A: { type: string } } } }
      ${integration}`);
  const recent = openapi(`
components: { schemas: { Pet: { type: object } } }
paths:
  /pets:
    post:
      parameters: [{ in: query, name: a, schema: { type: string } }]
      requestBody: { content: { application/json: { schema: { $ref: "#/components/schemas/Pet" } } } }
      responses: { 200: { headers: { X-A: {} }, content: { application/json: { schema: { $ref: "#/components/schemas/Pet" } } } } }
      ${integration}`);
  expect(read(recent)).toEqual(read(old));
});

test("a refusal names the errors, and the warnings besides", () => {
  const report = new ImportReport();
  report.warn("w1");
  expect(report.refusal(false)).toBeUndefined();
  expect(report.refusal(true)).toMatchObject({ status: 400, message: "Warnings found during import:\n\tw1" });
  report.error("e1");
  report.error("e2");
  expect(report.refusal(false)).toMatchObject({
    code: "BadRequestException",
    message: "Errors found during import:\n\te1\n\te2\nAdditionally, these warnings were found:\n\tw1",
  });
});
