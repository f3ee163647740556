/**
 * References and expressions of a mapping template: what stands behind a dollar sign, and between a directive's
 * parentheses. The part of the parser that knows no directives.
 */
import { TemplateError } from "../template-scope.ts";
import type { BinaryOperator, Expression, Node, Reference, Step } from "./ast.ts";

/** Levels of nested blocks; expressions may have eight times as many. */
export const deepest = 200;

const nameStart = /[A-Za-z_]/;
const name = /[A-Za-z_][A-Za-z0-9_-]*/y;

export abstract class ExpressionParser {
  protected readonly source: string;
  protected at = 0;
  #depth = 0;

  constructor(source: string) {
    this.source = source;
  }

  /** The inside of a text in double quotes is a template of its own. */
  protected abstract nested(source: string): Node[];

  /** @param length characters of what is not read yet, for messages */
  rest(length: number): string {
    return this.source.slice(this.at, this.at + length);
  }

  protected match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.source);
    if (match) this.at = pattern.lastIndex;
    return match;
  }

  protected skipSpace(): void {
    while (/\s/.test(this.source[this.at] ?? "")) this.at++;
  }

  protected expect(text: string): void {
    this.skipSpace();
    if (!this.source.startsWith(text, this.at)) {
      throw new TemplateError(`expected ${text} at ${this.rest(20)}`);
    }
    this.at += text.length;
  }

  /** `$x`, `$!x`, `${x}` with their properties, indexes and calls; undefined when the dollar sign is text. */
  protected reference(): Reference | undefined {
    const start = this.at;
    this.at++;
    if (this.source[this.at] === "!") this.at++;
    const braced = this.source[this.at] === "{";
    if (braced) this.at++;
    const match = nameStart.test(this.source[this.at] ?? "") ? this.match(name) : null;
    if (!match) {
      this.at = start;
      return undefined;
    }
    const steps: Step[] = [];
    for (;;) {
      const step = this.#step();
      if (!step) break;
      steps.push(step);
    }
    if (braced) {
      if (this.source[this.at] !== "}") throw new TemplateError(`a reference has no } at ${this.rest(20)}`);
      this.at++;
    }
    return { name: match[0], steps };
  }

  #step(): Step | undefined {
    const character = this.source[this.at];
    if (character === "[") {
      this.at++;
      const index = this.expression(0);
      this.expect("]");
      return { kind: "index", index };
    }
    if (character !== "." || !nameStart.test(this.source[this.at + 1] ?? "")) return undefined;
    this.at++;
    const property = (this.match(name) as RegExpExecArray)[0];
    if (this.source[this.at] !== "(") return { kind: "property", name: property };
    this.at++;
    const list: Expression[] = [];
    this.skipSpace();
    while (this.source[this.at] !== ")") {
      list.push(this.expression(0));
      this.skipSpace();
      if (this.source[this.at] === ",") this.at++;
      else if (this.source[this.at] !== ")") throw new TemplateError(`expected ) at ${this.rest(20)}`);
    }
    this.at++;
    return { kind: "call", name: property, arguments: list };
  }

  /** Operators by rising precedence. */
  static readonly #levels: readonly [token: RegExp, operators: Record<string, BinaryOperator>][] = [
    [/\|\||or(?![A-Za-z0-9_])/y, { "||": "or", or: "or" }],
    [/&&|and(?![A-Za-z0-9_])/y, { "&&": "and", and: "and" }],
    [/==|!=|(?:eq|ne)(?![A-Za-z0-9_])/y, { "==": "==", eq: "==", "!=": "!=", ne: "!=" }],
    [
      /<=|>=|<|>|(?:lt|le|gt|ge)(?![A-Za-z0-9_])/y,
      { "<": "<", lt: "<", "<=": "<=", le: "<=", ">": ">", gt: ">", ">=": ">=", ge: ">=" },
    ],
    [/[+-]/y, { "+": "+", "-": "-" }],
    [/[*/%]/y, { "*": "*", "/": "/", "%": "%" }],
  ];

  protected expression(level: number): Expression {
    if (++this.#depth > deepest * 8) throw new TemplateError("expressions are nested too deeply");
    const operators = ExpressionParser.#levels[level];
    let left: Expression;
    if (!operators) {
      left = this.#unary();
    } else {
      left = this.expression(level + 1);
      for (;;) {
        this.skipSpace();
        const match = this.match(operators[0]);
        if (!match) break;
        const operator = operators[1][match[0]] as BinaryOperator;
        left = { kind: "binary", operator, left, right: this.expression(level + 1) };
      }
    }
    this.#depth--;
    return left;
  }

  #unary(): Expression {
    this.skipSpace();
    if (this.source[this.at] === "!" && this.source[this.at + 1] !== "=") {
      this.at++;
      if (++this.#depth > deepest * 8) throw new TemplateError("expressions are nested too deeply");
      const operand = this.#unary();
      this.#depth--;
      return { kind: "not", operand };
    }
    if (this.match(/not(?![A-Za-z0-9_])/y)) return { kind: "not", operand: this.#unary() };
    return this.#primary();
  }

  #primary(): Expression {
    const character = this.source[this.at];
    switch (character) {
      case "$": {
        const reference = this.reference();
        if (reference) return { kind: "reference", reference };
        break;
      }
      case "(": {
        this.at++;
        const inner = this.expression(0);
        this.expect(")");
        return inner;
      }
      case "'":
        return { kind: "literal", value: this.#quoted("'") };
      case '"':
        return this.#interpolated();
      case "[":
        return this.#list();
      case "{":
        return this.#map();
    }
    const number = this.match(/-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y);
    if (number) {
      const isDouble = /[.eE]/.test(number[0]);
      return { kind: "literal", value: Number(number[0]), ...(isDouble ? { isDouble } : {}) };
    }
    const word = this.match(/(?:true|false|null)(?![A-Za-z0-9_])/y);
    if (word) return { kind: "literal", value: word[0] === "null" ? null : word[0] === "true" };
    throw new TemplateError(`expected an expression at ${this.rest(20)}`);
  }

  /** A doubled quote stands for one. */
  #quoted(quote: string): string {
    let text = "";
    for (let at = this.at + 1; at < this.source.length; at++) {
      const character = this.source[at] as string;
      if (character !== quote) {
        text += character;
      } else if (this.source[at + 1] === quote) {
        text += quote;
        at++;
      } else {
        this.at = at + 1;
        return text;
      }
    }
    throw new TemplateError("a string has no end");
  }

  #interpolated(): Expression {
    const text = this.#quoted('"');
    if (!/[$#]/.test(text)) return { kind: "literal", value: text };
    return { kind: "interpolated", nodes: this.nested(text) };
  }

  #list(): Expression {
    this.at++;
    const elements: Expression[] = [];
    this.skipSpace();
    while (this.source[this.at] !== "]") {
      elements.push(this.expression(0));
      this.skipSpace();
      const [first] = elements;
      if (elements.length === 1 && first && this.source.startsWith("..", this.at)) {
        this.at += 2;
        const to = this.expression(0);
        this.expect("]");
        return { kind: "range", from: first, to };
      }
      if (this.source[this.at] === ",") this.at++;
      else if (this.source[this.at] !== "]") throw new TemplateError(`expected ] at ${this.rest(20)}`);
      this.skipSpace();
    }
    this.at++;
    return { kind: "list", elements };
  }

  #map(): Expression {
    this.at++;
    const entries: [Expression, Expression][] = [];
    this.skipSpace();
    while (this.source[this.at] !== "}") {
      const key = this.expression(0);
      this.expect(":");
      entries.push([key, this.expression(0)]);
      this.skipSpace();
      if (this.source[this.at] === ",") this.at++;
      else if (this.source[this.at] !== "}") throw new TemplateError(`expected } at ${this.rest(20)}`);
      this.skipSpace();
    }
    this.at++;
    return { kind: "map", entries };
  }
}
