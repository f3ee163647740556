import { describe, expect, test } from "vitest";
import { type Json, parseJson } from "../../../src/invoke/validation/json.ts";
import { compileSchema } from "../../../src/invoke/validation/schema.ts";
import { PatternTooCostly } from "../../../src/regex/pattern.ts";

const errors = (schema: object, text: string, others: Record<string, object> = {}) =>
  compileSchema(schema as Json, (url) => others[url] as Json | undefined)(parseJson(text));

// The texts of json-schema-validator, which AWS's `validationErrorString` shows.
test.each<[schema: object, body: string, errors: string[]]>([
  [
    { type: "string" },
    "1",
    ['instance type (integer) does not match any allowed primitive type (allowed: ["string"])'],
  ],
  [
    { type: ["number", "null"] },
    '"x"',
    [
      'instance type (string) does not match any allowed primitive type (allowed: ["integer","null","number"])',
    ],
  ],
  [
    { type: "integer" },
    "1.0",
    ['instance type (number) does not match any allowed primitive type (allowed: ["integer"])'],
  ],
  [
    { type: "integer" },
    "1e3",
    ['instance type (number) does not match any allowed primitive type (allowed: ["integer"])'],
  ],
  [{ type: "integer" }, "12345678901234567890", []],
  [{ required: ["b", "a", "c"] }, '{"c": 1}', ['object has missing required properties (["a","b"])']],
  [
    { properties: { a: {} }, patternProperties: { "^x": {} }, additionalProperties: false },
    '{"z": 1, "a": 1, "x1": 1, "b": 1}',
    ['object instance has properties which are not allowed by the schema: ["b","z"]'],
  ],
  [{ maxLength: 3 }, '"😀😀😀😀"', ['string "😀😀😀😀" is too long (length: 4, maximum allowed: 3)']],
  [{ minLength: 3 }, '"ab"', ['string "ab" is too short (length: 2, required minimum: 3)']],
  [{ pattern: "^a+$" }, '"b"', ['ECMA 262 regex "^a+$" does not match input string "b"']],
  [
    { enum: ["a", 1, { x: 1 }] },
    '"b"',
    ['instance value ("b") not found in enum (possible values: ["a",1,{"x":1}])'],
  ],
  [{ enum: [{ x: 1, y: [2] }] }, '{"y": [2.0], "x": 1}', []],
  [{ minimum: 5 }, "1.50", ["numeric instance is lower than the required minimum (minimum: 5, found: 1.50)"]],
  [
    { minimum: 5, exclusiveMinimum: true },
    "5",
    ["numeric instance is not strictly greater than the required minimum 5"],
  ],
  [{ maximum: 5 }, "6", ["numeric instance is greater than the required maximum (maximum: 5, found: 6)"]],
  [
    { maximum: 5, exclusiveMaximum: true },
    "5",
    ["numeric instance is not strictly lower than the required maximum 5"],
  ],
  [{ multipleOf: 0.1 }, "0.3", []],
  [{ multipleOf: 2 }, "3", ["remainder of division is not zero (3 / 2)"]],
  [{ minItems: 2 }, "[1]", ["array is too short: must have at least 2 elements but instance has 1 elements"]],
  [{ maxItems: 1 }, "[1,2]", ["array is too long: must have at most 1 elements but instance has 2 elements"]],
  [{ uniqueItems: true }, '[{"a":1,"b":2},{"b":2,"a":1}]', ["array must not contain duplicate elements"]],
  [
    { items: [{}], additionalItems: false },
    "[1,2]",
    ["schema only allows 1 elements in array but instance has 2 elements"],
  ],
  [
    { minProperties: 2, maxProperties: 3 },
    "{}",
    ["object has too few properties (found 0 but schema requires at least 2)"],
  ],
  [
    { dependencies: { a: ["b"] } },
    '{"a": 1}',
    ['property "a" of object has missing property dependencies (schema requires ["b"]; missing: ["b"])'],
  ],
  [{ not: { type: "string" } }, '"x"', ["instance matched a schema which it should not have"]],
  [
    { allOf: [{ type: "string" }, { minLength: 5 }] },
    '"x"',
    ["instance failed to match all required schemas (matched only 1 out of 2)"],
  ],
  [
    { anyOf: [{ type: "string" }, { type: "null" }] },
    "1",
    ["instance failed to match at least one required schema among 2"],
  ],
  [
    { oneOf: [{ type: "string" }, { minLength: 1 }] },
    '"x"',
    ["instance failed to match exactly one schema (matched 2 out of 2)"],
  ],
  [{ format: "email" }, '"x"', ['string "x" is not a valid email address']],
  [{ format: "email" }, '"a.b@example.com"', []],
  [
    { format: "date-time" },
    '"2021-02-30T00:00:00Z"',
    [
      `string "2021-02-30T00:00:00Z" is invalid against requested date format(s) ["yyyy-MM-dd'T'HH:mm:ssZ","yyyy-MM-dd'T'HH:mm:ss.[0-9]{1,12}Z"]`,
    ],
  ],
  [{ format: "date-time" }, '"2024-02-29T23:59:59.123+01:00"', []],
  [{ format: "ipv4" }, '"256.1.1.1"', ['string "256.1.1.1" is not a valid IPv4 address']],
  [{ format: "ipv6" }, '"::ffff:1.2.3.4"', []],
  [{ format: "uuid" }, '"nope"', ['input string "nope" is not a valid UUID']],
  [{ format: "hostname" }, '"-x"', ['string "-x" is not a valid hostname']],
  [{ format: "uri" }, '"a b"', ['string "a b" is not a valid URI']],
  [{ format: "unheard-of" }, '"x"', []],
])("%j and %s", (schema, body, expected) => {
  expect(errors(schema, body)).toEqual(expected);
});

test("all that is wrong is listed by keyword and by member; what is inside waits for what is around it", () => {
  const schema = {
    type: "object",
    required: ["name"],
    properties: {
      b: { type: "string", maxLength: 1 },
      a: { type: "integer", minimum: 5 },
      inner: { type: "object", properties: { x: { type: "string" } } },
    },
  };
  expect(errors(schema, '{"name": 1, "b": "xx", "a": 1, "inner": {"x": 1}}')).toEqual([
    "numeric instance is lower than the required minimum (minimum: 5, found: 1)",
    'string "xx" is too long (length: 2, maximum allowed: 1)',
  ]);
  expect(errors(schema, '{"a": 1}')).toEqual(['object has missing required properties (["name"])']);
});

describe("references", () => {
  const tree = {
    definitions: { node: { properties: { next: { $ref: "#/definitions/node" }, v: { type: "integer" } } } },
    $ref: "#/definitions/node",
  };

  test("lead into the schema, in circles too", () => {
    expect(errors(tree, '{"next": {"next": {"v": 1}}}')).toEqual([]);
    expect(errors(tree, '{"next": {"next": {"v": "x"}}}')).toHaveLength(1);
  });

  test("lead to other models, and from there into them", () => {
    const others = {
      "https://x/models/B": { definitions: { c: { type: "string" } }, items: { $ref: "#/definitions/c" } },
    };
    expect(errors({ $ref: "https://x/models/B" }, '["a"]', others)).toEqual([]);
    expect(errors({ $ref: "https://x/models/B" }, "[1]", others)).toHaveLength(1);
  });

  test("that lead nowhere refuse everything", () => {
    expect(errors({ $ref: "#/definitions/none" }, "1")).toEqual([
      'JSON Reference "#/definitions/none" cannot be resolved',
    ]);
  });

  test("that lead to themselves end", () => {
    expect(() => errors({ $ref: "#" }, "1")).toThrow(RangeError);
    expect(() => errors(tree, `${'{"next":'.repeat(3000)}1${"}".repeat(3000)}`)).toThrow(RangeError);
  });
});

test("a pattern that takes too long ends the validation", () => {
  expect(() => errors({ pattern: "^(a+)+$" }, `"${"a".repeat(50)}!"`)).toThrow(PatternTooCostly);
  const names = Array.from({ length: 100_000 }, (_, index) => `"${"a".repeat(15)}${index}":1`).join(",");
  expect(() => errors({ patternProperties: { "^(a+)+$": {} } }, `{${names}}`)).toThrow(PatternTooCostly);
});
