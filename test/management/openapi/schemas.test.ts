import { expect, test } from "vitest";
import { schemaText } from "../../../src/management/openapi/schemas.ts";

test("the text has a space on both sides of colons, arrays on one line", () => {
  expect(schemaText({ type: "string", enum: ["dog", "cat"], x: [], y: {} }, "id", "2.0")).toBe(
    '{\n  "type" : "string",\n  "enum" : [ "dog", "cat" ],\n  "x" : [ ],\n  "y" : { }\n}',
  );
});

test("references lead to the models of the API", () => {
  for (const $ref of ["#/definitions/Pet", "#/components/schemas/Pet"]) {
    expect(JSON.parse(schemaText({ items: { $ref } }, "abcdefghij", "2.0"))).toEqual({
      items: { $ref: "https://apigateway.amazonaws.com/restapis/abcdefghij/models/Pet" },
    });
  }
});

test("keywords of OpenAPI 3.0 come in an order of their own", () => {
  // Recorded: test_import_with_circular_models, `House` and `Person`.
  const house = {
    type: "object",
    description: "Where a Person can live",
    properties: {
      randomProperty: { type: "string", description: "Random property", format: "byte" },
      contains: {
        type: "array",
        items: { $ref: "#/components/schemas/Person" },
        minItems: 1,
        description: "Who",
      },
    },
    required: ["contains"],
  };
  const text = schemaText(house, "id", "3.0");
  const keywords = [...text.matchAll(/^ +"(\w+)" :/gm)].map(([, keyword]) => keyword);
  expect(keywords).toEqual(
    [
      ...["required", "type", "properties"],
      ...["randomProperty", "type", "description", "format"],
      ...["contains", "minItems", "type", "description", "items"],
      "description",
    ].map((keyword) => keyword),
  );
  expect(schemaText(house, "id", "2.0").indexOf('"description"')).toBeLessThan(
    schemaText(house, "id", "2.0").indexOf('"properties"'),
  );
});

test("properties that are called as keywords are keep their place", () => {
  const schema = {
    properties: { title: { type: "string" }, description: { type: "string" }, type: { type: "string" } },
  };
  expect(Object.keys(JSON.parse(schemaText(schema, "id", "3.0")).properties)).toEqual([
    "title",
    "description",
    "type",
  ]);
});

test("`__proto__` is a name like any other", () => {
  const schema = JSON.parse('{"properties": {"__proto__": {"type": "string"}}}');
  expect(schemaText(schema, "id", "3.0")).toContain('"__proto__" : {');
});
