/**
 * The schema of a model: what it may be, and how models refer to one another.
 * Source: the guide's models-mappings; the refusals are worded as those of imports (Recorded:
 * test_import_with_circular_models and its neighbours).
 */
import { isObject, type JsonObject } from "../openapi/json.ts";
import { modelUrl, prettyJson } from "../openapi/schemas.ts";
import { badRequest } from "../protocol/service-error.ts";
import { malformedSchema, schemaFaults } from "./schema-syntax.ts";

/** Levels of arrays and objects; keeps whoever walks a schema from running out of stack. */
const deepest = 200;

/** What of an API its models' schemas depend on. */
export interface ModelScope {
  restApiId: string;
  /** The schema, as text, of the API's model of that name; undefined when there is none. */
  schemaOf(name: string): string | undefined;
}

/**
 * @param text the schema as a caller gave it
 * @param ownName the model's own name, which its schema may refer to before there is such a model
 * @returns the text
 * @throws ServiceError BadRequestException
 */
export function checkSchema(text: string | undefined, ownName: string, scope: ModelScope): string {
  if (!text) throw badRequest("Model schema must have at least 1 property or array items defined");
  const schema = parse(text);
  if (!isObject(schema) || !isShallow(schema)) throw modelFault(malformedSchema);
  const referenceFaults = new Set<string>();
  for (const reference of references(schema)) {
    const name = referredModel(reference, scope.restApiId);
    if (name === undefined) referenceFaults.add("Model reference must be in canonical form");
    else if (name !== ownName && scope.schemaOf(name) === undefined) {
      referenceFaults.add(`Invalid model specified: ${name}`);
    }
  }
  const faults = [...schemaFaults(schema), ...referenceFaults];
  if (faults.length > 0) throw modelFault(...faults);
  return text;
}

const modelFault = (...faults: string[]) =>
  badRequest(`Invalid model specified: Validation Result: warnings : [], errors : [${faults.join(", ")}]`);

/** Whether a schema refers to that model. */
export function refersTo(text: string | undefined, name: string, restApiId: string): boolean {
  return references(parse(text ?? "")).includes(modelUrl(restApiId, name));
}

/**
 * The schema with every model that it needs among its own `definitions`, which GetModel's `flatten` answers.
 * A cycle of models stays one, as references between definitions.
 */
export function flatten(text: string, scope: ModelScope): string {
  const definitions = new Map<string, unknown>();
  const walk = (value: unknown, base: string): unknown => {
    if (Array.isArray(value)) return value.map((element) => walk(element, base));
    if (!isObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, child]) => [
        key,
        key === "$ref" && typeof child === "string" ? localized(child, base) : walk(child, base),
      ]),
    );
  };
  const localized = (reference: string, base: string): string => {
    const name = referredModel(reference, scope.restApiId);
    if (!name) return reference.startsWith("#") ? base + reference.slice(1) : reference;
    const schema = definitions.has(name) ? undefined : scope.schemaOf(name);
    if (schema !== undefined) {
      // Before the walk, which may come back to it.
      definitions.set(name, {});
      definitions.set(name, walk(parse(schema), `#/definitions/${name}`));
    }
    return `#/definitions/${name}`;
  };
  const flat = walk(parse(text), "#");
  if (!isObject(flat) || definitions.size === 0) return text;
  const own = Object.hasOwn(flat, "definitions") && isObject(flat.definitions) ? flat.definitions : {};
  return prettyJson({ ...flat, definitions: { ...own, ...Object.fromEntries(definitions) } });
}

/**
 * @returns undefined when `text` is no JSON
 */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * The model that a `$ref` names, `""` for one within the schema; undefined when it is in no form that AWS
 * takes. Referring and referred model must be of the same API.
 */
export function referredModel(reference: string, restApiId: string): string | undefined {
  if (reference.startsWith("#")) return "";
  const prefix = modelUrl(restApiId, "");
  const name = reference.startsWith(prefix) ? reference.slice(prefix.length) : "";
  return /^[a-zA-Z0-9]+$/.test(name) ? name : undefined;
}

/** Every `$ref` in the schema that leads out of it. */
function references(schema: unknown): string[] {
  const found: string[] = [];
  const waiting: unknown[] = [schema];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (isObject(value) && typeof ownReference(value) === "string") found.push(ownReference(value) as string);
    if (typeof value === "object" && value !== null)
      for (const child of Object.values(value)) waiting.push(child);
  }
  return found.filter((reference) => !reference.startsWith("#")).reverse();
}

const ownReference = (value: JsonObject): unknown => (Object.hasOwn(value, "$ref") ? value.$ref : undefined);

function isShallow(schema: unknown): boolean {
  let level: unknown[] = [schema];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > deepest) return false;
    level = level.flatMap((value) =>
      typeof value === "object" && value !== null ? Object.values(value) : [],
    );
  }
  return true;
}
