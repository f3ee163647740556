/**
 * Whether a model's schema is one of JSON schema draft 4. AWS checks it with the Java library json-schema-validator,
 * and says no more than that something is wrong, once for each keyword that is (as its users report); keywords that
 * draft 4 does not have are named.
 */
import { Pattern } from "../../regex/pattern.ts";
import { isObject, type JsonObject } from "../openapi/json.ts";

/** Of faults that are listed; a hostile schema could have any number. */
const mostFaults = 100;

export const malformedSchema = "Invalid model schema specified";

/** @returns what is wrong, in the schema's own order; what stands beside a `$ref` does not count */
export function schemaFaults(schema: JsonObject): string[] {
  const faults: string[] = [];
  const visit = (schema: JsonObject): void => {
    if (faults.length >= mostFaults) return;
    if (Object.hasOwn(schema, "$ref")) {
      if (typeof schema.$ref !== "string") faults.push(malformedSchema);
      return;
    }
    const unsupported = Object.keys(schema).filter((keyword) => !keywords.has(keyword));
    if (unsupported.length > 0) {
      faults.push(`${malformedSchema}. Unsupported keyword(s): ${JSON.stringify(unsupported)}`);
    }
    for (const [keyword, value] of Object.entries(schema)) {
      const isWellFormed = keywords.get(keyword);
      if (isWellFormed && !isWellFormed(value, schema)) faults.push(malformedSchema);
      else schemasIn(keyword, value).forEach(visit);
    }
  };
  visit(schema);
  return faults.slice(0, mostFaults);
}

type Check = (value: unknown, schema: JsonObject) => boolean;

const isText: Check = (value) => typeof value === "string";
const isBoolean: Check = (value) => typeof value === "boolean";
const isNumber: Check = (value) => typeof value === "number";
const isCount: Check = (value) =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 31;
const isBooleanOrSchema: Check = (value) => typeof value === "boolean" || isObject(value);
const isSchemaMap: Check = (value) => isObject(value) && Object.values(value).every(isObject);
const isSchemaList: Check = (value) => Array.isArray(value) && value.length > 0 && value.every(isObject);
const isNameList: Check = (value) =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((name) => typeof name === "string") &&
  new Set(value).size === value.length;

const simpleTypes: ReadonlySet<unknown> = new Set([
  "array",
  "boolean",
  "integer",
  "null",
  "number",
  "object",
  "string",
]);

function isPattern(value: unknown): boolean {
  if (typeof value !== "string") return false;
  try {
    new Pattern(value, "", "ecmascript");
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

const keywords: ReadonlyMap<string, Check> = new Map<string, Check>([
  ...["$schema", "id", "title", "description", "format"].map((name) => [name, isText] as const),
  ["default", () => true],
  [
    "type",
    (value) =>
      simpleTypes.has(value) ||
      (isNameList(value, {}) && (value as []).every((type) => simpleTypes.has(type))),
  ],
  ["enum", (value) => Array.isArray(value) && value.length > 0 && isDistinct(value)],
  ...["maximum", "minimum"].map((name) => [name, isNumber] as const),
  ["exclusiveMaximum", (value, schema) => typeof value === "boolean" && Object.hasOwn(schema, "maximum")],
  ["exclusiveMinimum", (value, schema) => typeof value === "boolean" && Object.hasOwn(schema, "minimum")],
  ["multipleOf", (value) => typeof value === "number" && value > 0],
  ...["maxLength", "minLength", "maxItems", "minItems", "maxProperties", "minProperties"].map(
    (name) => [name, isCount] as const,
  ),
  ["pattern", isPattern],
  ["uniqueItems", isBoolean],
  ["items", (value) => isObject(value) || (Array.isArray(value) && value.every(isObject))],
  ...["additionalItems", "additionalProperties"].map((name) => [name, isBooleanOrSchema] as const),
  ["required", isNameList],
  ...["properties", "definitions"].map((name) => [name, isSchemaMap] as const),
  [
    "patternProperties",
    (value, schema) => isSchemaMap(value, schema) && Object.keys(value as object).every(isPattern),
  ],
  [
    "dependencies",
    (value) =>
      isObject(value) && Object.values(value).every((entry) => isObject(entry) || isNameList(entry, {})),
  ],
  ...["allOf", "anyOf", "oneOf"].map((name) => [name, isSchemaList] as const),
  ["not", (value) => isObject(value)],
]);

/** Equal values are written alike, but for the order of members. */
const isDistinct = (values: unknown[]): boolean =>
  new Set(values.map((value) => JSON.stringify(value))).size === values.length;

const mapsOfSchemas: ReadonlySet<string> = new Set([
  "properties",
  "patternProperties",
  "definitions",
  "dependencies",
]);
const schemasThemselves: ReadonlySet<string> = new Set([
  "items",
  "additionalItems",
  "additionalProperties",
  "allOf",
  "anyOf",
  "oneOf",
  "not",
]);

function schemasIn(keyword: string, value: unknown): JsonObject[] {
  if (mapsOfSchemas.has(keyword) && isObject(value)) return Object.values(value).filter(isObject);
  if (!schemasThemselves.has(keyword)) return [];
  return (Array.isArray(value) ? value : [value]).filter(isObject);
}
