/**
 * Identity sources of authorizers: the parameters of a request that say who calls.
 * Source: V1 API reference, CreateAuthorizer, `identitySource`.
 */
import { parseRequestSource } from "./parameter-mapping.ts";

export interface IdentitySource {
  kind: "header" | "querystring" | "stageVariables" | "context";
  name: string;
  /** As the authorizer has it: `method.request.header.Auth`. */
  expression: string;
}

const kinds: ReadonlySet<string> = new Set<IdentitySource["kind"]>([
  "header",
  "querystring",
  "stageVariables",
  "context",
]);

/**
 * @param list mapping expressions, separated by commas
 * @returns each, or undefined in the place of one that is none
 */
export function parseIdentitySources(list: string | undefined): (IdentitySource | undefined)[] {
  const expressions = (list ?? "").split(",").map((expression) => expression.trim());
  return expressions.filter((expression) => expression !== "").map(parseIdentitySource);
}

function parseIdentitySource(expression: string): IdentitySource | undefined {
  const source = parseRequestSource(expression);
  if (!source || !kinds.has(source.kind) || !("name" in source) || /\s/.test(source.name)) return undefined;
  return { kind: source.kind as IdentitySource["kind"], name: source.name, expression };
}

/** Seconds for which an authorizer's result is kept, where it does not say. */
export const defaultResultTtl = 300;
