/** The body parameter of Swagger 2.0 and the `requestBody` of OpenAPI 3.0: models by content type. */
import type { OpenApiDocument } from "./document.ts";
import { member, members, texts } from "./json.ts";
import type { Models } from "./models.ts";
import { dereference } from "./references.ts";

/** What a body is when nothing says so. */
const DEFAULT_CONTENT_TYPE = "application/json";

/** The content types that `consumes` or `produces` lists, in the operation or else for the whole document. */
export function contentTypes(
  { root }: OpenApiDocument,
  operation: unknown,
  list: "consumes" | "produces",
): string[] {
  const own = texts(member(operation, list));
  const types = own.length > 0 ? own : texts(member(root, list));
  return types.length > 0 ? types : [DEFAULT_CONTENT_TYPE];
}

/** @param parameters the operation's, as parametersOf gives them */
export function readRequestModels(
  document: OpenApiDocument,
  operation: unknown,
  parameters: unknown[],
  models: Models,
): Record<string, string> | undefined {
  if (document.version === "3.0") {
    return readContent(dereference(document.root, member(operation, "requestBody")), models);
  }
  const body = parameters.find((parameter) => member(parameter, "in") === "body");
  const name = models.nameOf(member(body, "schema"));
  return name === undefined
    ? undefined
    : Object.fromEntries(contentTypes(document, operation, "consumes").map((type) => [type, name]));
}

/** `content` of OpenAPI 3.0: a schema for every media type. */
export function readContent(holder: unknown, models: Models): Record<string, string> | undefined {
  const found = members(member(holder, "content")).flatMap(([type, media]): [string, string][] => {
    const name = models.nameOf(member(media, "schema"));
    return name === undefined ? [] : [[type, name]];
  });
  return found.length > 0 ? Object.fromEntries(found) : undefined;
}
