/**
 * From a template's text to its tree, as Velocity 1.7 reads it. What surprises is checked against the real engine:
 * a directive eats the newline behind it, `#set` also the blanks before it where no text comes first, an unknown
 * directive is text.
 */
import { TemplateError } from "../template-scope.ts";
import type { Node } from "./ast.ts";
import { deepest, ExpressionParser } from "./expression-parser.ts";

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

class Parser extends ExpressionParser {
  protected nested(source: string): Node[] {
    return parseTemplate(source);
  }

  /** Whether the next character begins a token of its own: blanks before a `#set` are eaten only there. */
  #fresh = true;

  get isAtEnd(): boolean {
    return this.at >= this.source.length;
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
      const character = this.source[this.at] as string;
      if (character === "\\") {
        text += this.#escape();
        this.#fresh = false;
        continue;
      }
      if (character === "$") {
        const reference = this.reference();
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
      this.at++;
      this.#fresh = false;
    }
    flush();
    if (ends.length > 0) throw new TemplateError("a block has no #end");
    return nodes;
  }

  #ahead(pattern: RegExp): boolean {
    pattern.lastIndex = this.at;
    return pattern.test(this.source);
  }

  #skipBlanks(): void {
    while (this.source[this.at] === " " || this.source[this.at] === "\t") this.at++;
  }

  /** `\$x` and `\#if` print what follows the backslash; any other backslash is itself. */
  #escape(): string {
    const next = this.source[this.at + 1];
    if (next === "$" && /^\$!?\{?[A-Za-z_]/.test(this.source.slice(this.at + 1, this.at + 5))) {
      const start = ++this.at;
      const reference = this.reference();
      return reference ? this.source.slice(start, this.at) : (this.source[this.at++] as string);
    }
    if (next === "#") {
      this.at++;
      const match = this.match(directive);
      if (match) return match[0];
      return "\\";
    }
    this.at++;
    return "\\";
  }

  #comment(): boolean {
    if (this.source.startsWith("##", this.at)) {
      const end = /\r\n|\r|\n/g;
      end.lastIndex = this.at;
      const match = end.exec(this.source);
      this.at = match ? match.index + match[0].length : this.source.length;
      return true;
    }
    if (this.source.startsWith("#*", this.at)) {
      const end = this.source.indexOf("*#", this.at + 2);
      if (end === -1) throw new TemplateError("a comment has no end");
      this.at = end + 2;
      return true;
    }
    return false;
  }

  /** `#[[ as it is ]]#` */
  #unparsed(): string | undefined {
    if (!this.source.startsWith("#[[", this.at)) return undefined;
    const end = this.source.indexOf("]]#", this.at + 3);
    if (end === -1) throw new TemplateError("a literal has no end");
    const text = this.source.slice(this.at + 3, end);
    this.at = end + 3;
    return text;
  }

  #directiveAhead(): string | undefined {
    directive.lastIndex = this.at;
    const match = directive.exec(this.source);
    return match ? (match[1] ?? match[2]) : undefined;
  }

  #directive(word: string, depth: number): Node {
    this.match(directive);
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
    this.expect("(");
    this.skipSpace();
    const target = this.reference();
    if (!target) throw new TemplateError("#set needs a reference");
    this.skipSpace();
    this.expect("=");
    const value = this.expression(0);
    this.#close();
    return { kind: "set", target, value };
  }

  #if(depth: number): Node {
    const branches: Extract<Node, { kind: "if" }>["branches"] = [];
    let otherwise: Node[] = [];
    let hasElse = false;
    this.expect("(");
    let condition = this.expression(0);
    this.#close();
    for (;;) {
      const body = this.#body(hasElse ? ["end"] : ["elseif", "else", "end"], depth);
      if (hasElse) otherwise = body;
      else branches.push({ condition, body });
      const word = this.#directiveAhead();
      this.match(directive);
      if (word === "elseif") {
        this.expect("(");
        condition = this.expression(0);
        this.#close();
      } else {
        this.match(blanksAndNewline);
        if (word === "end") return { kind: "if", branches, otherwise };
        hasElse = true;
      }
    }
  }

  #foreach(depth: number): Node {
    this.expect("(");
    this.skipSpace();
    const reference = this.reference();
    if (!reference || reference.steps.length > 0) throw new TemplateError("#foreach needs a variable");
    this.skipSpace();
    if (!this.match(/in(?![A-Za-z0-9_])/y)) throw new TemplateError("#foreach needs `in`");
    const items = this.expression(0);
    this.#close();
    const body = this.#body(["end"], depth);
    this.match(directive);
    this.match(blanksAndNewline);
    return { kind: "foreach", variable: reference.name, items, body };
  }

  #body(ends: readonly string[], depth: number): Node[] {
    this.#fresh = true;
    return this.block(ends, depth + 1);
  }

  /** The parenthesis that ends a directive, and the newline behind it. */
  #close(): void {
    this.expect(")");
    this.match(blanksAndNewline);
  }
}
