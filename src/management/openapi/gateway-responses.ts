/** `x-amazon-apigateway-gateway-responses`: gateway responses by type. */
import type { GatewayResponse } from "../../definitions/rest-api.ts";
import { compact, type JsonObject, member, members, text } from "./json.ts";

export function readGatewayResponses(root: JsonObject): GatewayResponse[] {
  return members(member(root, "x-amazon-apigateway-gateway-responses")).map(([responseType, response]) =>
    compact({
      responseType,
      statusCode: text(member(response, "statusCode")),
      responseParameters: textsByName(member(response, "responseParameters")),
      responseTemplates: textsByName(member(response, "responseTemplates")),
    }),
  );
}

function textsByName(value: unknown): Record<string, string> | undefined {
  const found = members(value).flatMap(([name, element]): [string, string][] => {
    const content = text(element);
    return content === undefined ? [] : [[name, content]];
  });
  return found.length > 0 ? Object.fromEntries(found) : undefined;
}
