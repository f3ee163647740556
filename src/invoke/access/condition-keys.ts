/**
 * What the conditions of a policy may ask of a request.
 * Source: the guide's apigateway-resource-policies-aws-condition-keys.
 */
import type { Connection } from "../connection.ts";
import type { ConditionKeys } from "./policy/policy-text.ts";

interface ConditionedRequest {
  request: { headers: Headers };
  connection: Connection;
  /** Unix time, milliseconds. */
  startedAt: number;
}

export const conditionKeysOf =
  (context: ConditionedRequest): ConditionKeys =>
  (name) => {
    const value = keyOf(context, name);
    return value === null || value === undefined ? undefined : [value];
  };

function keyOf(context: ConditionedRequest, name: string): string | null | undefined {
  const { request, startedAt } = context;
  switch (name) {
    case "aws:currenttime":
      return new Date(startedAt).toISOString();
    case "aws:epochtime":
      return String(Math.floor(startedAt / 1000));
    case "aws:referer":
      return request.headers.get("referer");
    case "aws:securetransport":
      return String(context.connection.scheme === "https");
    case "aws:sourceip":
      return context.connection.sourceIp;
    case "aws:useragent":
      return request.headers.get("user-agent");
    default:
      return undefined;
  }
}
