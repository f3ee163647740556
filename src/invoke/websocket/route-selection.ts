/**
 * Which route a message takes: the API's route selection expression as a function over the message.
 * Source: the guide's websocket-api-develop-routes.
 */
import { parseSelectionExpression } from "../../definitions/selection-expression.ts";
import { compileSelection } from "./selection.ts";

/** @returns the key; undefined for a message that is no JSON: it can take the `$default` route alone */
export type SelectRouteKey = (message: string) => string | undefined;

const nothing = () => undefined;

/** @throws SyntaxError for an expression that is none */
export function compileRouteSelection(expression: string): SelectRouteKey {
  const select = compileSelection(expression);
  const names = memberNames(expression);
  return (message) => {
    let document: unknown;
    try {
      document = JSON.parse(message);
    } catch {
      return undefined;
    }
    // Nearly every expression names a member, and nearly every message has a text there.
    const value = names && memberOf(document, names);
    return typeof value === "string" ? value : select({ body: message, header: nothing, context: nothing });
  };
}

/** Of an expression that is one variable, a member of the message or a member's member: `$request.body.action`. */
function memberNames(expression: string): string[] | undefined {
  const [part, ...others] = parseSelectionExpression(expression);
  if (part?.kind !== "request.body" || others.length > 0) return undefined;
  return /^\$((?:\.[A-Za-z_]\w*)+)$/.exec(part.jsonPath)?.[1]?.slice(1).split(".");
}

function memberOf(document: unknown, names: readonly string[]): unknown {
  let value = document;
  for (const name of names) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}
