/**
 * From a template's text to its tree, as Velocity 1.7 reads it. What surprises is checked against the real engine:
 * a directive eats the newline behind it, `#set` also the blanks before it where no text comes first, an unknown
 * directive is text.
 */
import { TemplateError } from "../template-scope.ts";
import type { BinaryOperator, Expression, Node, Reference, Step } from "./ast.ts";

/** Levels of nested blocks and expressions. */
const deepest = 200;

const nameStart = /[A-Za-z_]/;
const name = /[A-Za-z_][A-Za-z0-9_-]*/y;
const blanksAndNewline = /[ \t]*(?:\r\n|\r|\n)/y;
const setAhead = /[ \t]*#(?:set|\{set\})[ \t]*\(/y;
const directive =
  /#(?:\{(set|if|elseif|else|end|foreach|break|stop)\}|(set|if|elseif|else|end|foreach|break|stop)(?![A-Za-z0-9_]))/y;

/** @throws TemplateError for what Velocity does not parse */
export function parseTemplate(source: string): Node[] {
  const parser = new Parser(source);
  const nodes = parser.block([], 0);
  if (!parser.isAtEnd) throw new TemplateError(`unexpected ${parser.rest(20)}`);
  return nodes;
}

class Parser {
  readonly #source: string;
  #at = 0;
  /** Whether the next character begins a token of its own: blanks before a `#set` are eaten only there. */
  #fresh = true;

  constructor(source: string) {
    this.#source = source;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#source.length;
  }

  rest(length: number): string {
    return this.#source.slice(this.#at, this.#at + length);
  }

  /** Nodes up to the end, or up to one of the directives in `ends`, which is left to read. */
  block(ends: readonly string[], depth: number): Node[] {
    if (depth > deepest) throw new TemplateError("blocks are nested too deeply");
    const nodes: Node[] = [];
    let text = "";
    const flush = () => {
      if (text !== "") nodes.push({ kind: "text", text });
      text = "";
    };
    while (!this.isAtEnd) {
      if (this.#fresh && this.#ahead(setAhead)) this.#skipBlanks();
      const character = this.#source[this.#at] as string;
      if (character === "\\") {
        text += this.#escape();
        this.#fresh = false;
        continue;
      }
      if (character === "$") {
        const reference = this.#reference();
        if (reference) {
          flush();
          nodes.push({ kind: "reference", reference });
          this.#fresh = true;
          continue;
        }
      } else if (character === "#") {
        if (this.#comment()) {
          this.#fresh = true;
          continue;
        }
        const unparsed = this.#unparsed();
        if (unparsed !== undefined) {
          text += unparsed;
          this.#fresh = true;
          continue;
        }
        const word = this.#directiveAhead();
        if (word !== undefined) {
          if (ends.includes(word)) {
            flush();
            return nodes;
          }
          flush();
          nodes.push(this.#directive(word, depth));
          this.#fresh = true;
          continue;
        }
      }
      text += character;
      this.#at++;
      this.#fresh = false;
    }
    flush();
    if (ends.length > 0) throw new TemplateError("a block has no #end");
    return nodes;
  }

  #ahead(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    return pattern.test(this.#source);
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#source);
    if (match) this.#at = pattern.lastIndex;
    return match;
  }

  #skipBlanks(): void {
    while (this.#source[this.#at] === " " || this.#source[this.#at] === "\t") this.#at++;
  }

  #skipSpace(): void {
    while (/\s/.test(this.#source[this.#at] ?? "")) this.#at++;
  }

  /** `\$x` and `\#if` print what follows the backslash; any other backslash is itself. */
  #escape(): string {
    const next = this.#source[this.#at + 1];
    if (next === "$" && /^\$!?\{?[A-Za-z_]/.test(this.#source.slice(this.#at + 1, this.#at + 5))) {
      const start = ++this.#at;
      const reference = this.#reference();
      return reference ? this.#source.slice(start, this.#at) : (this.#source[this.#at++] as string);
    }
    if (next === "#") {
      this.#at++;
      const match = this.#match(directive);
      if (match) return match[0];
      return "\\";
    }
    this.#at++;
    return "\\";
  }

  #comment(): boolean {
    if (this.#source.startsWith("##", this.#at)) {
      const end = /\r\n|\r|\n/g;
      end.lastIndex = this.#at;
      const match = end.exec(this.#source);
      this.#at = match ? match.index + match[0].length : this.#source.length;
      return true;
    }
    if (this.#source.startsWith("#*", this.#at)) {
      const end = this.#source.indexOf("*#", this.#at + 2);
      if (end === -1) throw new TemplateError("a comment has no end");
      this.#at = end + 2;
      return true;
    }
    return false;
  }

  /** `#[[ as it is ]]#` */
  #unparsed(): string | undefined {
    if (!this.#source.startsWith("#[[", this.#at)) return undefined;
    const end = this.#source.indexOf("]]#", this.#at + 3);
    if (end === -1) throw new TemplateError("a literal has no end");
    const text = this.#source.slice(this.#at + 3, end);
    this.#at = end + 3;
    return text;
  }

  #directiveAhead(): string | undefined {
    directive.lastIndex = this.#at;
    const match = directive.exec(this.#source);
    return match ? (match[1] ?? match[2]) : undefined;
  }

  #directive(word: string, depth: number): Node {
    this.#match(directive);
    switch (word) {
      case "set":
        return this.#set();
      case "if":
        return this.#if(depth);
      case "foreach":
        return this.#foreach(depth);
      case "break":
        return { kind: "break" };
      case "stop":
        return { kind: "stop" };
      default:
        throw new TemplateError(`unexpected #${word}`);
    }
  }

  #set(): Node {
    this.#expect("(");
    this.#skipSpace();
    const target = this.#reference();
    if (!target) throw new TemplateError("#set needs a reference");
    this.#skipSpace();
    this.#expect("=");
    const value = this.#expression(0);
    this.#close();
    return { kind: "set", target, value };
  }

  #if(depth: number): Node {
    const branches: Extract<Node, { kind: "if" }>["branches"] = [];
    let otherwise: Node[] = [];
    let hasElse = false;
    this.#expect("(");
    let condition = this.#expression(0);
    this.#close();
    for (;;) {
      const body = this.#body(hasElse ? ["end"] : ["elseif", "else", "end"], depth);
      if (hasElse) otherwise = body;
      else branches.push({ condition, body });
      const word = this.#directiveAhead();
      this.#match(directive);
      if (word === "elseif") {
        this.#expect("(");
        condition = this.#expression(0);
        this.#close();
      } else {
        this.#match(blanksAndNewline);
        if (word === "end") return { kind: "if", branches, otherwise };
        hasElse = true;
      }
    }
  }

  #foreach(depth: number): Node {
    this.#expect("(");
    this.#skipSpace();
    const reference = this.#reference();
    if (!reference || reference.steps.length > 0) throw new TemplateError("#foreach needs a variable");
    this.#skipSpace();
    if (!this.#match(/in(?![A-Za-z0-9_])/y)) throw new TemplateError("#foreach needs `in`");
    const items = this.#expression(0);
    this.#close();
    const body = this.#body(["end"], depth);
    this.#match(directive);
    this.#match(blanksAndNewline);
    return { kind: "foreach", variable: reference.name, items, body };
  }

  #body(ends: readonly string[], depth: number): Node[] {
    this.#fresh = true;
    return this.block(ends, depth + 1);
  }

  #expect(text: string): void {
    this.#skipSpace();
    if (!this.#source.startsWith(text, this.#at))
      throw new TemplateError(`expected ${text} at ${this.rest(20)}`);
    this.#at += text.length;
  }

  /** The parenthesis that ends a directive, and the newline behind it. */
  #close(): void {
    this.#expect(")");
    this.#match(blanksAndNewline);
  }

  /** `$x`, `$!x`, `${x}` with their properties, indexes and calls; undefined when the dollar sign is text. */
  #reference(): Reference | undefined {
    const start = this.#at;
    this.#at++;
    if (this.#source[this.#at] === "!") this.#at++;
    const braced = this.#source[this.#at] === "{";
    if (braced) this.#at++;
    const match = nameStart.test(this.#source[this.#at] ?? "") ? this.#match(name) : null;
    if (!match) {
      this.#at = start;
      return undefined;
    }
    const steps: Step[] = [];
    for (;;) {
      const step = this.#step();
      if (!step) break;
      steps.push(step);
    }
    if (braced) {
      if (this.#source[this.#at] !== "}") throw new TemplateError(`a reference has no } at ${this.rest(20)}`);
      this.#at++;
    }
    return { name: match[0], steps };
  }

  #step(): Step | undefined {
    const character = this.#source[this.#at];
    if (character === "[") {
      this.#at++;
      const index = this.#expression(0);
      this.#expect("]");
      return { kind: "index", index };
    }
    if (character !== "." || !nameStart.test(this.#source[this.#at + 1] ?? "")) return undefined;
    this.#at++;
    const property = (this.#match(name) as RegExpExecArray)[0];
    if (this.#source[this.#at] !== "(") return { kind: "property", name: property };
    this.#at++;
    const list: Expression[] = [];
    this.#skipSpace();
    while (this.#source[this.#at] !== ")") {
      list.push(this.#expression(0));
      this.#skipSpace();
      if (this.#source[this.#at] === ",") this.#at++;
      else if (this.#source[this.#at] !== ")") throw new TemplateError(`expected ) at ${this.rest(20)}`);
    }
    this.#at++;
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
  #depth = 0;

  #expression(level: number): Expression {
    if (++this.#depth > deepest * 8) throw new TemplateError("expressions are nested too deeply");
    const operators = Parser.#levels[level];
    let left: Expression;
    if (!operators) {
      left = this.#unary();
    } else {
      left = this.#expression(level + 1);
      for (;;) {
        this.#skipSpace();
        const match = this.#match(operators[0]);
        if (!match) break;
        const operator = operators[1][match[0]] as BinaryOperator;
        left = { kind: "binary", operator, left, right: this.#expression(level + 1) };
      }
    }
    this.#depth--;
    return left;
  }

  #unary(): Expression {
    this.#skipSpace();
    if (this.#source[this.#at] === "!" && this.#source[this.#at + 1] !== "=") {
      this.#at++;
      if (++this.#depth > deepest * 8) throw new TemplateError("expressions are nested too deeply");
      const operand = this.#unary();
      this.#depth--;
      return { kind: "not", operand };
    }
    if (this.#match(/not(?![A-Za-z0-9_])/y)) return { kind: "not", operand: this.#unary() };
    return this.#primary();
  }

  #primary(): Expression {
    const character = this.#source[this.#at];
    switch (character) {
      case "$": {
        const reference = this.#reference();
        if (reference) return { kind: "reference", reference };
        break;
      }
      case "(": {
        this.#at++;
        const inner = this.#expression(0);
        this.#expect(")");
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
    const number = this.#match(/-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y);
    if (number) {
      const isDouble = /[.eE]/.test(number[0]);
      return { kind: "literal", value: Number(number[0]), ...(isDouble ? { isDouble } : {}) };
    }
    const word = this.#match(/(?:true|false|null)(?![A-Za-z0-9_])/y);
    if (word) return { kind: "literal", value: word[0] === "null" ? null : word[0] === "true" };
    throw new TemplateError(`expected an expression at ${this.rest(20)}`);
  }

  /** A doubled quote stands for one. */
  #quoted(quote: string): string {
    let text = "";
    for (let at = this.#at + 1; at < this.#source.length; at++) {
      const character = this.#source[at] as string;
      if (character !== quote) {
        text += character;
      } else if (this.#source[at + 1] === quote) {
        text += quote;
        at++;
      } else {
        this.#at = at + 1;
        return text;
      }
    }
    throw new TemplateError("a string has no end");
  }

  #interpolated(): Expression {
    const text = this.#quoted('"');
    if (!/[$#]/.test(text)) return { kind: "literal", value: text };
    return { kind: "interpolated", nodes: parseTemplate(text) };
  }

  #list(): Expression {
    this.#at++;
    const elements: Expression[] = [];
    this.#skipSpace();
    while (this.#source[this.#at] !== "]") {
      elements.push(this.#expression(0));
      this.#skipSpace();
      const [first] = elements;
      if (elements.length === 1 && first && this.#source.startsWith("..", this.#at)) {
        this.#at += 2;
        const to = this.#expression(0);
        this.#expect("]");
        return { kind: "range", from: first, to };
      }
      if (this.#source[this.#at] === ",") this.#at++;
      else if (this.#source[this.#at] !== "]") throw new TemplateError(`expected ] at ${this.rest(20)}`);
      this.#skipSpace();
    }
    this.#at++;
    return { kind: "list", elements };
  }

  #map(): Expression {
    this.#at++;
    const entries: [Expression, Expression][] = [];
    this.#skipSpace();
    while (this.#source[this.#at] !== "}") {
      const key = this.#expression(0);
      this.#expect(":");
      entries.push([key, this.#expression(0)]);
      this.#skipSpace();
      if (this.#source[this.#at] === ",") this.#at++;
      else if (this.#source[this.#at] !== "}") throw new TemplateError(`expected } at ${this.rest(20)}`);
      this.#skipSpace();
    }
    this.#at++;
    return { kind: "map", entries };
  }
}
