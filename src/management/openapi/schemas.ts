/** JSON schemas of OpenAPI as the text that a model keeps. */
import { isObject, type JsonObject, member } from "./json.ts";

/** Where models of an API are, as references between schemas name them. */
export const modelUrl = (restApiId: string, name: string) =>
  `https://apigateway.amazonaws.com/restapis/${restApiId}/models/${name}`;

/** The model that `$ref` names; undefined when it is no reference to a model. */
export function modelName(reference: string): string | undefined {
  const match = /^#\/(?:definitions|components\/schemas)\/([^/]+)$/.exec(reference);
  return match?.[1]?.replaceAll("~1", "/").replaceAll("~0", "~");
}

/** Every `$ref` in the schema, in its order. */
export function references(schema: unknown): string[] {
  if (Array.isArray(schema)) return schema.flatMap(references);
  if (!isObject(schema)) return [];
  const reference = member(schema, "$ref");
  if (typeof reference === "string") return [reference];
  return Object.values(schema).flatMap(references);
}

/**
 * The schema's text as AWS keeps that of an imported model: references lead to the API's models, and the
 * keywords of OpenAPI 3.0 come in an order of their own. Recorded: test_import_with_circular_models.
 */
export function schemaText(schema: unknown, restApiId: string, version: "2.0" | "3.0"): string {
  return prettyJson(canonical(schema, restApiId, version === "3.0"));
}

/** The keywords that come first, in order; then the others, and these at the end. */
const FIRST_KEYWORDS = [
  ...["title", "multipleOf", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum", "maxLength"],
  ...["minLength", "pattern", "maxItems", "minItems", "uniqueItems", "maxProperties", "minProperties"],
  ...["required", "type", "not", "properties", "additionalProperties", "description", "format"],
];
const LAST_KEYWORDS = ["items", "anyOf", "allOf", "oneOf"];

const rank = new Map<string, number>([
  ...FIRST_KEYWORDS.map((keyword, index): [string, number] => [keyword, index - FIRST_KEYWORDS.length]),
  ...LAST_KEYWORDS.map((keyword, index): [string, number] => [keyword, index + 1]),
]);
const rankOf = (keyword: string) => rank.get(keyword) ?? 0;

/** Keywords whose members are schemas under names of the author's. */
const MAPS = new Set(["properties", "patternProperties", "definitions", "dependencies"]);
/** Keywords whose values are data, not schemas. */
const DATA = new Set(["enum", "default", "example", "required"]);

function canonical(schema: unknown, restApiId: string, ordered: boolean): unknown {
  if (Array.isArray(schema)) return schema.map((element) => canonical(element, restApiId, ordered));
  if (!isObject(schema)) return schema;
  const reference = member(schema, "$ref");
  if (typeof reference === "string") {
    const name = modelName(reference);
    return { $ref: name === undefined ? reference : modelUrl(restApiId, name) };
  }
  const entries = Object.entries(schema).map(([keyword, value]): [string, unknown] => {
    if (DATA.has(keyword)) return [keyword, value];
    if (MAPS.has(keyword) && isObject(value)) return [keyword, mapValues(value, restApiId, ordered)];
    return [keyword, canonical(value, restApiId, ordered)];
  });
  if (ordered) entries.sort(([a], [b]) => rankOf(a) - rankOf(b));
  return Object.fromEntries(entries);
}

const mapValues = (schemas: JsonObject, restApiId: string, ordered: boolean) =>
  Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [name, canonical(schema, restApiId, ordered)]),
  );

/** JSON as AWS prints it: two spaces a level, a space on both sides of the colon, arrays on one line. */
export function prettyJson(value: unknown, indent = ""): string {
  if (Array.isArray(value)) {
    return value.length === 0
      ? "[ ]"
      : `[ ${value.map((element) => prettyJson(element, indent)).join(", ")} ]`;
  }
  if (!isObject(value)) return JSON.stringify(value);
  const inner = `${indent}  `;
  const lines = Object.entries(value).map(
    ([name, child]) => `${inner}${JSON.stringify(name)} : ${prettyJson(child, inner)}`,
  );
  return lines.length === 0 ? "{ }" : `{\n${lines.join(",\n")}\n${indent}}`;
}

export const isReference = (schema: unknown): schema is { $ref: string } =>
  typeof member(schema, "$ref") === "string";
