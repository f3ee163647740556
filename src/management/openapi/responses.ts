/** `responses`: the method responses of an operation. */
import type { MethodResponse } from "../../definitions/rest-api.ts";
import type { OpenApiDocument } from "./document.ts";
import { compact, member, members } from "./json.ts";
import type { Models } from "./models.ts";
import { dereference } from "./references.ts";
import { contentTypes, readContent } from "./request-body.ts";

/**
 * Responses by status code. Those without one (`default`, `2XX`) describe no method response, which always has a
 * code (the guide's api-gateway-known-issues: "The default keyword is not supported").
 */
export function readMethodResponses(
  document: OpenApiDocument,
  operation: unknown,
  models: Models,
): Record<string, MethodResponse> | undefined {
  const responses = members(member(operation, "responses"))
    .filter(([code]) => /^[1-5]\d\d$/.test(code))
    .map(([statusCode, element]): [string, MethodResponse] => {
      const response = dereference(document.root, element);
      return [
        statusCode,
        compact({
          statusCode,
          responseParameters: readHeaders(response),
          responseModels: readResponseModels(document, operation, response, models),
        }),
      ];
    });
  return responses.length > 0 ? Object.fromEntries(responses) : undefined;
}

/** Declared headers; none is required of a response. */
function readHeaders(response: unknown): Record<string, boolean> | undefined {
  const names = members(member(response, "headers")).map(([name]) => `method.response.header.${name}`);
  return names.length > 0 ? Object.fromEntries(names.map((name) => [name, false])) : undefined;
}

function readResponseModels(
  document: OpenApiDocument,
  operation: unknown,
  response: unknown,
  models: Models,
): Record<string, string> | undefined {
  if (document.version === "3.0") return readContent(response, models);
  const name = models.nameOf(member(response, "schema"));
  return name === undefined
    ? undefined
    : Object.fromEntries(contentTypes(document, operation, "produces").map((type) => [type, name]));
}
