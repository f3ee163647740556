/** The syntax is that of JSON schema draft 4; `required: []`, doubled values and texts for numbers are reported of AWS. */
import { expect, test } from "vitest";
import { malformedSchema, schemaFaults } from "../../../src/management/apigateway/schema-syntax.ts";

test("every keyword of draft 4 is known", () => {
  const schema = {
    $schema: "http://json-schema.org/draft-04/schema#",
    id: "x",
    title: "t",
    description: "d",
    default: { example: 1 },
    type: ["object", "null"],
    enum: [1, "1", { a: 1 }],
    maximum: 1,
    exclusiveMaximum: true,
    minimum: 0.5,
    exclusiveMinimum: false,
    multipleOf: 0.1,
    maxLength: 1,
    minLength: 0,
    pattern: "^(?=.*\\d).{8,}$",
    format: "int32",
    items: [{ type: "string" }, { $ref: "#/definitions/a", example: 1 }],
    additionalItems: false,
    maxItems: 1,
    minItems: 1,
    uniqueItems: true,
    required: ["a"],
    maxProperties: 1,
    minProperties: 1,
    properties: { example: { type: "string" }, __proto__x: {} },
    patternProperties: { "^x": {} },
    additionalProperties: {},
    definitions: { a: {} },
    dependencies: { a: ["b"], b: {} },
    allOf: [{}],
    anyOf: [{}],
    oneOf: [{}],
    not: {},
  };
  expect(schemaFaults(schema)).toEqual([]);
});

test.each([
  { type: "nonsense" },
  { type: [] },
  { type: ["string", "string"] },
  { enum: [] },
  { enum: ["A", "A"] },
  { required: [] },
  { required: true },
  { required: ["a", 1] },
  { maximum: "1" },
  { exclusiveMaximum: true },
  { maximum: 1, exclusiveMaximum: 1 },
  { multipleOf: 0 },
  { maxLength: "35" },
  { minItems: -1 },
  { maxItems: 1.5 },
  { pattern: "(" },
  { pattern: 1 },
  { items: "x" },
  { items: [1] },
  { properties: { a: "string" } },
  { patternProperties: { "(": {} } },
  { additionalProperties: 1 },
  { dependencies: { a: "b" } },
  { dependencies: { a: [] } },
  { allOf: [] },
  { anyOf: {} },
  { not: [] },
  { $ref: 1 },
  { title: 1 },
  { properties: { a: { items: { oneOf: [{ not: { type: 1 } }] } } } },
  { definitions: { a: { dependencies: { b: { type: 1 } } } } },
])("%j is none", (schema) => {
  expect(schemaFaults(schema)).toEqual([malformedSchema]);
});

test("keywords that are not of draft 4 are named, for each schema", () => {
  const schema = { $id: "x", const: 1, properties: { a: { example: 1 }, b: { type: 1 } } };
  expect(schemaFaults(schema)).toEqual([
    'Invalid model schema specified. Unsupported keyword(s): ["$id","const"]',
    'Invalid model schema specified. Unsupported keyword(s): ["example"]',
    malformedSchema,
  ]);
});

test("a hundred faults are listed, however many there are", () => {
  expect(schemaFaults({ allOf: Array.from({ length: 1000 }, () => ({ type: 1 })) })).toHaveLength(100);
});
