/**
 * Selection expressions, evaluated: the key that is made of a message, or of an integration's answer.
 * Sources: the guide's apigateway-websocket-api-selection-expressions and websocket-api-develop-routes.
 */
import {
  parseSelectionExpression,
  type SelectionPart,
  type SelectionVariable,
} from "../../definitions/selection-expression.ts";
import { allowPatterns } from "../mapping/java/patterns.ts";
import { List, print, printJson, type Value } from "../mapping/java/values.ts";
import { findJsonPath } from "../mapping/json/path.ts";
import { readStrictJson } from "../mapping/json/read.ts";
import { TemplateError } from "../mapping/template-scope.ts";

export interface SelectionSource {
  /** The message. */
  body: string;
  /** Of the request that opens a connection. */
  header(name: string): string | undefined;
  /** @param name dotted, below `context.` */
  context(name: string): unknown;
  /** What the integration has answered, once it has. */
  answer?: { statusCode: number; header(name: string): string | undefined; body: string };
}

export type Selection = (source: SelectionSource) => string;

/**
 * @param expression such as `$request.body.action`
 * @returns what makes the key; a variable that has no value is the empty text, and so is a body's when it is no JSON
 * @throws SyntaxError for what is no expression; a JSONPath that is none leads nowhere
 */
export function compileSelection(expression: string): Selection {
  const parts = parseSelectionExpression(expression).map(compilePart);
  const [first, ...others] = parts;
  if (first && others.length === 0) return (source) => first(new Evaluation(source));
  return (source) => {
    const evaluation = new Evaluation(source);
    return parts.map((part) => part(evaluation)).join("");
  };
}

type Part = (evaluation: Evaluation) => string;
type BodyKind = "request.body" | "integration.response.body";

/** One evaluation: each body is read once, however many variables are of it. */
class Evaluation {
  readonly source: SelectionSource;
  readonly #documents = new Map<BodyKind, Value>();

  constructor(source: SelectionSource) {
    this.source = source;
  }

  document(kind: BodyKind): Value {
    let document = this.#documents.get(kind);
    if (document === undefined) {
      const { body, answer } = this.source;
      document = documentOf(kind === "request.body" ? body : (answer?.body ?? ""));
      this.#documents.set(kind, document);
    }
    return document;
  }
}

/** Null for what is no JSON: it has no values. */
function documentOf(text: string): Value {
  try {
    return readStrictJson(text);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TemplateError) return null;
    throw error;
  }
}

function compilePart(part: SelectionPart): Part {
  if (part.kind === "static") return () => part.value;
  return compileVariable(part);
}

function compileVariable(variable: SelectionVariable): Part {
  switch (variable.kind) {
    case "request.body":
    case "integration.response.body":
      return compileBody(variable.kind, variable.jsonPath);
    case "request.header":
      return ({ source }) => source.header(variable.name) ?? "";
    case "integration.response.header":
    case "integration.response.multivalueheader":
      return ({ source }) => source.answer?.header(variable.name) ?? "";
    case "integration.response.statuscode":
      return ({ source }) => String(source.answer?.statusCode ?? "");
    case "context":
      return ({ source }) => textOfScalar(source.context(variable.name));
  }
}

const textOfScalar = (value: unknown): string =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : "";

function compileBody(kind: BodyKind, jsonPath: string): Part {
  const path = findJsonPath(jsonPath);
  if (!path) return () => "";
  return (evaluation) => {
    allowPatterns();
    try {
      return textOf(path.read(evaluation.document(kind)));
    } catch (error) {
      if (error instanceof TemplateError) return "";
      throw error;
    }
  };
}

/** "The result will be stringified": a list as `[item1, item2]`. Null is as what is not there, a guess. */
function textOf(value: Value | undefined): string {
  if (value === undefined || value === null) return "";
  if (value instanceof List) return `[${value.items.map(itemText).join(", ")}]`;
  return print(value);
}

const itemText = (item: Value): string => (item instanceof List ? printJson(item) : print(item));
