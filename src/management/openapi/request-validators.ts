/** `x-amazon-apigateway-request-validators`, and `-request-validator`, which names one of them. */
import type { RequestValidator } from "../../definitions/rest-api.ts";
import { isTrue, type JsonObject, member, members, text } from "./json.ts";

export function readRequestValidators(root: JsonObject): Omit<RequestValidator, "id">[] {
  return members(member(root, "x-amazon-apigateway-request-validators")).map(([name, validator]) => ({
    name,
    validateRequestBody: isTrue(member(validator, "validateRequestBody")),
    validateRequestParameters: isTrue(member(validator, "validateRequestParameters")),
  }));
}

/** The operation's own validator, else the API's (the guide's api-gateway-swagger-extensions-request-validator). */
export const readRequestValidator = (root: JsonObject, operation: unknown): string | undefined =>
  text(member(operation, "x-amazon-apigateway-request-validator")) ??
  text(member(root, "x-amazon-apigateway-request-validator"));
