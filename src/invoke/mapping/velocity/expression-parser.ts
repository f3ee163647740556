/** References and expressions of a mapping template: Velocity 1.7's productions of the same names. */
import { Double, parseInteger } from "../java/numbers.ts";
import { TemplateError } from "../template-scope.ts";
import type { Arithmetic, Comparison, Expression, Node, Reference, Step } from "./ast.ts";
import type { Token, TokenKind } from "./token.ts";
import { TokenStream } from "./token-stream.ts";

/** Levels of nested expressions. */
const deepest = 100;

const parameterStart: ReadonlySet<TokenKind> = new Set<TokenKind>([
  "WHITESPACE",
  "STRING_LITERAL",
  "INTEGER_LITERAL",
  "FLOATING_POINT_LITERAL",
  "LBRACKET",
  "LEFT_CURLEY",
  "TRUE",
  "FALSE",
  "IDENTIFIER",
  "LCURLY",
]);

/** By rising level: those of a higher one bind first. */
type Operator = { level: number } & (
  | { kind: "or" | "and" }
  | { kind: "comparison"; name: Comparison }
  | { kind: "arithmetic"; name: Arithmetic }
);

const comparison = (level: number, name: Comparison, ...words: string[]): [string, Operator][] =>
  [name, ...words].map((image) => [image, { level, kind: "comparison", name }]);
const arithmetic = (level: number, name: Arithmetic): [string, Operator] => [
  name,
  { level, kind: "arithmetic", name },
];

const operators: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ["||", { level: 0, kind: "or" }],
  ["or", { level: 0, kind: "or" }],
  ["&&", { level: 1, kind: "and" }],
  ["and", { level: 1, kind: "and" }],
  ...comparison(2, "==", "eq"),
  ...comparison(2, "!=", "ne"),
  ...comparison(3, "<", "lt"),
  ...comparison(3, "<=", "le"),
  ...comparison(3, ">", "gt"),
  ...comparison(3, ">=", "ge"),
  arithmetic(4, "+"),
  arithmetic(4, "-"),
  arithmetic(5, "*"),
  arithmetic(5, "/"),
  arithmetic(5, "%"),
]);

export abstract class ExpressionParser {
  protected readonly tokens: TokenStream;
  #depth = 0;
  /** The source of what may be null: a sum with a text prints it instead. */
  readonly #literals = new WeakMap<Expression, string>();

  constructor(source: string) {
    this.tokens = new TokenStream(source);
  }

  /** The inside of a text in double quotes is a template of its own. */
  protected abstract nested(source: string): Node[];

  /** Whether a reference begins here, in the text. */
  protected get isReferenceAhead(): boolean {
    const { kind } = this.tokens;
    return kind === "IDENTIFIER" || (kind === "LCURLY" && this.tokens.peek(2).kind === "IDENTIFIER");
  }

  /** `$x` and `${x}` with their properties, indexes and calls. */
  protected reference(): Reference {
    const { tokens } = this;
    this.#enter();
    const first = tokens.expect("IDENTIFIER", "LCURLY");
    const isFormal = first.kind === "LCURLY";
    const root = isFormal ? tokens.expect("IDENTIFIER") : first;
    const steps: Step[] = [];
    this.#indexes(steps);
    while (tokens.kind === "DOT" && tokens.peek(2).kind === "IDENTIFIER") {
      tokens.take();
      const name = tokens.take().image;
      steps.push(this.#isCallAhead() ? this.#call(name) : { kind: "property", name });
      this.#indexes(steps);
    }
    if (isFormal) tokens.expect("RCURLY");
    this.#leave();
    return { name: rootOf(first, root), steps };
  }

  /** Of `$a.b(` that is a call only if what could be an argument follows. */
  #isCallAhead(): boolean {
    if (this.tokens.kind !== "LPAREN") return false;
    const { kind } = this.tokens.peek(2);
    return kind === "REFMOD2_RPAREN" || parameterStart.has(kind);
  }

  #call(name: string): Step {
    const { tokens } = this;
    tokens.expect("LPAREN");
    const values = this.#parameters();
    tokens.expect("REFMOD2_RPAREN");
    return { kind: "call", name, arguments: values };
  }

  /** None, or some with commas between them. */
  #parameters(): Expression[] {
    const { tokens } = this;
    const parameters: Expression[] = [];
    if (parameterStart.has(tokens.kind)) {
      do parameters.push(this.#parameter());
      while (tokens.accept("COMMA"));
    }
    return parameters;
  }

  #indexes(steps: Step[]): void {
    const { tokens } = this;
    while (tokens.accept("INDEX_LBRACKET")) {
      tokens.accept("WHITESPACE");
      const index =
        tokens.kind === "STRING_LITERAL" ||
        tokens.kind === "INTEGER_LITERAL" ||
        tokens.kind === "TRUE" ||
        tokens.kind === "FALSE"
          ? this.value()
          : this.#referenceExpression();
      tokens.accept("WHITESPACE");
      tokens.expect("INDEX_RBRACKET");
      steps.push({ kind: "index", index });
    }
  }

  #referenceExpression(): Expression {
    const first = this.tokens.peek();
    const expression: Expression = { kind: "reference", reference: this.reference() };
    if (expression.reference.name === undefined) {
      this.#literals.set(expression, this.tokens.literalSince(first));
    }
    return expression;
  }

  /** A value between white space. */
  #parameter(): Expression {
    this.tokens.accept("WHITESPACE");
    const value = this.value();
    this.tokens.accept("WHITESPACE");
    return value;
  }

  /** A literal or a reference; operators have no place in it. */
  protected value(): Expression {
    const { tokens } = this;
    switch (tokens.kind) {
      case "STRING_LITERAL":
        return this.#text(tokens.take().image);
      case "INTEGER_LITERAL":
        return { kind: "literal", value: parseInteger(tokens.take().image) };
      case "FLOATING_POINT_LITERAL":
        return { kind: "literal", value: new Double(Number(tokens.take().image)) };
      case "TRUE":
      case "FALSE":
        return { kind: "literal", value: tokens.take().kind === "TRUE" };
      case "LBRACKET":
        return tokens.canRead(() => this.#rangeStart()) ? this.#range() : this.#list();
      case "LEFT_CURLEY":
        return this.#map();
      case "IDENTIFIER":
      case "LCURLY":
        return this.#referenceExpression();
      default:
        return tokens.fail();
    }
  }

  /** A doubled quote stands for one; only texts in double quotes are templates and know `\u`. */
  #text(image: string): Expression {
    const inside = image.slice(1, -1);
    if (image.startsWith("'")) return { kind: "literal", value: inside.replaceAll("''", "'") };
    const text = withUnicode(inside).replaceAll('""', '"');
    if (!/[$#]/.test(inside)) return { kind: "literal", value: text };
    // A blank behind it, which is not printed, ends what stands last: `"$5 and $"` can be read.
    const isPadded = !text.includes("##");
    return { kind: "interpolated", nodes: this.nested(isPadded ? `${text} ` : text), isPadded };
  }

  /** What tells `[1..5]` from a list. */
  #rangeStart(): void {
    this.#rangeEnd("LBRACKET");
    this.tokens.expect("DOUBLEDOT");
  }

  #rangeEnd(before: TokenKind): Expression {
    const { tokens } = this;
    tokens.expect(before);
    tokens.accept("WHITESPACE");
    const end = tokens.kind === "INTEGER_LITERAL" ? this.value() : this.#referenceExpression();
    tokens.accept("WHITESPACE");
    return end;
  }

  #range(): Expression {
    const first = this.tokens.peek();
    const from = this.#rangeEnd("LBRACKET");
    const to = this.#rangeEnd("DOUBLEDOT");
    this.tokens.expect("RBRACKET");
    const range: Expression = { kind: "range", from, to };
    this.#literals.set(range, this.tokens.literalSince(first));
    return range;
  }

  #list(): Expression {
    const { tokens } = this;
    this.#enter();
    tokens.expect("LBRACKET");
    const elements = this.#parameters();
    tokens.expect("RBRACKET");
    this.#leave();
    return { kind: "list", elements };
  }

  #map(): Expression {
    const { tokens } = this;
    this.#enter();
    tokens.expect("LEFT_CURLEY");
    const entries: [Expression, Expression][] = [];
    const first = tokens.kind === "WHITESPACE" ? tokens.peek(2).kind : tokens.kind;
    if (parameterStart.has(first)) {
      do {
        const key = this.#parameter();
        tokens.expect("COLON");
        entries.push([key, this.#parameter()]);
      } while (tokens.accept("COMMA"));
    } else {
      tokens.accept("WHITESPACE");
    }
    tokens.expect("RIGHT_CURLEY", "RCURLY");
    this.#leave();
    return { kind: "map", entries };
  }

  /** @param level operators of a lower one end it */
  protected expression(level = 0): Expression {
    const { tokens } = this;
    let left = this.#unary();
    for (;;) {
      const { kind, image } = tokens.peek();
      const operator = kind === "OPERATOR" ? operators.get(image) : undefined;
      if (!operator || operator.level < level) return left;
      tokens.take();
      const first = tokens.peek();
      const right = this.expression(operator.level + 1);
      left = this.#joined(operator, left, right, first);
    }
  }

  /** @param first token of the right side: in Velocity a calculation's own source begins there */
  #joined(operator: Operator, left: Expression, right: Expression, first: Token): Expression {
    switch (operator.kind) {
      case "or":
      case "and":
        return { kind: operator.kind, left, right };
      case "comparison":
        return { kind: "comparison", operator: operator.name, left, right };
      case "arithmetic": {
        const literals: [string, string] = [this.#literals.get(left) ?? "", this.#literals.get(right) ?? ""];
        const joined: Expression = { kind: "arithmetic", operator: operator.name, left, right, literals };
        this.#literals.set(joined, this.tokens.literalSince(first));
        return joined;
      }
    }
  }

  #unary(): Expression {
    const { tokens } = this;
    this.#enter();
    let expression: Expression;
    if (tokens.kind === "NOT" || (tokens.kind === "WHITESPACE" && tokens.peek(2).kind === "NOT")) {
      tokens.accept("WHITESPACE");
      tokens.take();
      expression = { kind: "not", operand: this.#unary() };
    } else {
      tokens.accept("WHITESPACE");
      if (tokens.accept("LPAREN")) {
        const first = tokens.peek();
        expression = this.expression();
        if (this.#literals.has(expression)) this.#literals.set(expression, tokens.literalSince(first));
        tokens.expect("RPAREN");
      } else expression = this.value();
      tokens.accept("WHITESPACE");
    }
    this.#leave();
    return expression;
  }

  #enter(): void {
    if (++this.#depth > deepest) throw new TemplateError("expressions are nested too deeply");
  }

  #leave(): void {
    this.#depth--;
  }
}

/** Undefined for a name that no `$` stands before, and for `$\!x`, which is no reference. */
function rootOf({ image }: Token, root: Token): string | undefined {
  const dollar = image.lastIndexOf("$");
  if (dollar === -1 || (image.includes("\\") && image.includes("\\!"))) return undefined;
  if (root.image !== image) return root.image;
  return image.slice(image[dollar + 1] === "!" ? dollar + 2 : dollar + 1);
}

/** `\u0041` is `A`. @throws TemplateError for another `\u`, as the engine fails to parse it */
const withUnicode = (text: string): string =>
  text.replace(/\\u(.{0,4})/gs, (_, digits: string) => {
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw new TemplateError(`\\u${digits} is no character`);
    return String.fromCharCode(Number.parseInt(digits, 16));
  });
