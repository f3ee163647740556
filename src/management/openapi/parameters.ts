/** `parameters`: which request parameters a method declares and which of them it requires. */
import { pathParts } from "./base-path.ts";
import { isTrue, type JsonObject, member, text } from "./json.ts";
import { dereference } from "./references.ts";

/** OpenAPI's places of parameters that API Gateway has, by its own names. */
const places = new Map([
  ["path", "path"],
  ["query", "querystring"],
  ["header", "header"],
]);

/** The parameters of a path item and of its operation, where an operation's replaces the path item's. */
export function parametersOf(root: JsonObject, pathItem: unknown, operation: unknown): unknown[] {
  const parameters = new Map<string, unknown>();
  for (const holder of [pathItem, operation]) {
    const list = member(holder, "parameters");
    if (!Array.isArray(list)) continue;
    for (const element of list) {
      const parameter = dereference(root, element);
      parameters.set(JSON.stringify([member(parameter, "in"), member(parameter, "name")]), parameter);
    }
  }
  return [...parameters.values()];
}

/**
 * @param path the resource's path: its parameters are declared even where the document does not
 *   (Recorded: test_import_and_validate_rest_api, `/product/{product_id}`)
 */
export function readRequestParameters(
  parameters: unknown[],
  path: string,
): Record<string, boolean> | undefined {
  const declared = new Map<string, boolean>();
  for (const parameter of parameters) {
    const place = places.get(text(member(parameter, "in")) ?? "");
    const name = text(member(parameter, "name"));
    if (!place || !name) continue;
    declared.set(
      `method.request.${place}.${name}`,
      place === "path" || isTrue(member(parameter, "required")),
    );
  }
  for (const part of pathParts(path)) {
    const name = /^\{([^{}+]+)\+?\}$/.exec(part)?.[1];
    if (name) declared.set(`method.request.path.${name}`, true);
  }
  return declared.size > 0 ? Object.fromEntries(declared) : undefined;
}
