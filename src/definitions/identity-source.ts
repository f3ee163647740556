/**
 * Identity sources of authorizers: the parameters of a request that say who calls.
 * Source: V1 API reference, CreateAuthorizer, `identitySource`.
 */
import { parseRequestSource, parseRouteSource, type RequestSource } from "./parameter-mapping.ts";

export interface IdentitySource {
  kind: "header" | "querystring" | "stageVariables" | "context";
  name: string;
  /** As the authorizer has it: `method.request.header.Auth`, or `route.request.header.Auth` for a WebSocket API. */
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
  return expressions
    .filter((expression) => expression !== "")
    .map((expression) => identitySourceOf(expression, parseRequestSource(expression)));
}

/** The same for one expression of a WebSocket API's authorizer, which may be of all values: those count in any case. */
export const parseRouteIdentitySource = (expression: string): IdentitySource | undefined =>
  identitySourceOf(expression, parseRouteSource(expression.replace(/^(route\.request\.)multivalue/, "$1")));

function identitySourceOf(expression: string, source: RequestSource | undefined): IdentitySource | undefined {
  if (!source || !kinds.has(source.kind) || !("name" in source) || /\s/.test(source.name)) return undefined;
  return { kind: source.kind as IdentitySource["kind"], name: source.name, expression };
}

/**
 * The headers among the sources, as their author writes them: the guide's functions read `event.headers.HeaderAuth1`
 * (apigateway-use-lambda-authorizer, apigateway-websocket-api-lambda-auth).
 * @returns by the name in lower case
 */
export const identityHeaderNames = (sources: readonly (IdentitySource | undefined)[]): Map<string, string> =>
  new Map(
    sources.flatMap((source) =>
      source?.kind === "header" ? [[source.name.toLowerCase(), source.name] as const] : [],
    ),
  );

/** Seconds for which an authorizer's result is kept, where it does not say. */
export const defaultResultTtl = 300;
