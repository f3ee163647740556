/**
 * Selection expressions of WebSocket APIs: what is made of a message, or of an answer, to choose a route, a model or a
 * template by. Source: the guide's apigateway-websocket-api-selection-expressions and websocket-api-develop-routes.
 */

/** The parts whose values, one after the other, are the key. A variable that has no value is the empty text. */
export type SelectionExpression = SelectionPart[];

export type SelectionPart = { kind: "static"; value: string } | SelectionVariable;

export type SelectionVariable =
  /** `jsonPath` begins with `$`, which stands for the whole body. */
  | { kind: "request.body" | "integration.response.body"; jsonPath: string }
  | { kind: "integration.response.statuscode" }
  | {
      kind:
        | "request.header"
        | "integration.response.header"
        | "integration.response.multivalueheader"
        /** Dotted below `context.`: `authorizer.usageIdentifierKey`. */
        | "context";
      name: string;
    };

/** A variable that there is not. */
export class UnknownVariable extends SyntaxError {}

/**
 * A variable without braces ends where no name of a JSONPath goes on: `$request.body.action/x` is a variable and `/x`.
 * What is taken for a part of a name is a guess.
 */
const bareVariable = /^\$((?:[\p{L}\p{N}_.@*-]|\[[^\]]*\])+)/u;
const wrappedVariable = /^\$\{([^{}]+)\}/;
const staticText = /^(?:\\\$|[^$\\]|\\(?!\$))+/;

/**
 * @param text such as `$request.body.action`, `${request.body.service}/${request.body.action}` or `\$default`
 * @throws SyntaxError for an unclosed brace or an empty expression, UnknownVariable for a variable that there is not
 */
export function parseSelectionExpression(text: string): SelectionExpression {
  const parts: SelectionExpression = [];
  for (let rest = text; rest !== ""; ) {
    const variable = wrappedVariable.exec(rest) ?? bareVariable.exec(rest);
    const [taken] = variable ?? staticText.exec(rest) ?? [];
    if (taken === undefined) throw new SyntaxError(`No variable begins at: ${rest}`);
    parts.push(
      variable
        ? parseVariable(variable[1] as string)
        : { kind: "static", value: taken.replaceAll("\\$", "$") },
    );
    rest = rest.slice(taken.length);
  }
  if (parts.length === 0) throw new SyntaxError("An expression has at least one character");
  return parts;
}

function parseVariable(path: string): SelectionVariable {
  const body = /^(request\.body|integration\.response\.body)($|[.[].+)/s.exec(path);
  if (body) return { kind: body[1] as "request.body", jsonPath: `$${body[2]}` };
  if (path === "integration.response.statuscode") return { kind: path };
  const named =
    /^(request\.header|integration\.response\.header|integration\.response\.multivalueheader|context)\.([\w.-]+)$/.exec(
      path,
    );
  if (named) return { kind: named[1] as "context", name: named[2] as string };
  throw new UnknownVariable(`There is no variable ${path}`);
}
