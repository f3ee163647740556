/** From a template's tokens to its tree: Velocity 1.7's statements. */
import { TemplateError } from "../template-scope.ts";
import type { Expression, Node, PrintedReference, Reference } from "./ast.ts";
import { ExpressionParser } from "./expression-parser.ts";
import { literalOf, type Token, type TokenKind } from "./token.ts";

/** Levels of nested blocks. */
const deepest = 200;
/** Characters of a template: API Gateway's own limit (the guide's api-gateway-known-issues). */
const longest = 300 * 1024;

/** @throws TemplateError for what Velocity does not parse */
export function parseTemplate(source: string): Node[] {
  if (source.length > longest) throw new TemplateError("a template has at most 300 KB");
  return new Parser(source, new Set(), 0).template();
}

/** Directives with a name that are no part of the grammar; `evaluate` is none at AWS (mapping-templates). */
const lines: ReadonlySet<string> = new Set(["break", "include", "parse", "stop"]);
const blocks: ReadonlySet<string> = new Set(["define", "foreach", "literal", "macro"]);
const keywords: ReadonlySet<string> = new Set(["if", "end", "set", "else", "elseif"]);

const textKinds: ReadonlySet<TokenKind> = new Set<TokenKind>([
  "TEXT",
  "DOT",
  "RPAREN",
  "LPAREN",
  "INTEGER_LITERAL",
  "FLOATING_POINT_LITERAL",
  "STRING_LITERAL",
  "ESCAPE",
  "LCURLY",
  "RCURLY",
  "EMPTY_INDEX",
]);

const controls: ReadonlySet<TokenKind> = new Set<TokenKind>([
  "IF_DIRECTIVE",
  "ELSE_DIRECTIVE",
  "ELSEIF_DIRECTIVE",
  "END",
]);

interface Argument {
  kind: TokenKind;
  /** Of its first token. */
  image: string;
  /** Undefined for a bare word. */
  value: Expression | undefined;
}

class Parser extends ExpressionParser {
  /** Names of `#macro`s: nothing is defined, but a backslash before them is an escape. */
  readonly #macros: Set<string>;
  readonly #level: number;
  readonly #hasCounters: boolean;
  #depth = 0;

  constructor(source: string, macros: Set<string>, level: number) {
    super(source);
    this.#macros = macros;
    this.#level = level;
    this.#hasCounters = /velocity|\\u/.test(source);
  }

  protected nested(source: string): Node[] {
    if (this.#level > 20) throw new TemplateError("texts are nested too deeply");
    return new Parser(source, this.#macros, this.#level + 1).template();
  }

  template(): Node[] {
    const nodes = this.#statements();
    if (this.tokens.kind !== "EOF") this.tokens.fail();
    return nodes;
  }

  #statements(): Node[] {
    if (++this.#depth > deepest) throw new TemplateError("blocks are nested too deeply");
    const nodes: Node[] = [];
    for (;;) {
      const node = this.#statement();
      if (!node) break;
      const before = nodes.at(-1);
      if (node.kind === "text" && before?.kind === "text") before.text += node.text;
      else if (node.kind !== "text" || node.text !== "") nodes.push(node);
    }
    this.#depth--;
    return nodes;
  }

  #statement(): Node | undefined {
    const { tokens } = this;
    const { kind } = tokens;
    if (textKinds.has(kind) && !this.isReferenceAhead) return text(literalOf(tokens.take()));
    switch (kind) {
      case "IDENTIFIER":
      case "LCURLY":
        return this.#printedReference();
      case "IF_DIRECTIVE":
        return this.#if();
      case "SET_DIRECTIVE":
        return this.#set();
      case "WORD":
      case "BRACKETED_WORD":
        return this.#directive();
      case "COMMENT_START":
      case "COMMENT":
      case "FORMAL_COMMENT":
        return this.#comment();
      case "TEXTBLOCK":
        return text(tokens.take().image.slice("#[[".length, -"]]#".length));
      case "ESCAPE_DIRECTIVE": {
        const token = tokens.take();
        token.image = this.#escapedDirective(token.image);
        return text(token.image);
      }
      case "DOUBLE_ESCAPE":
        return text(this.#escapes());
      default:
        return undefined;
    }
  }

  /** `$` before the comment has been read with it, and prints. */
  #comment(): Node {
    const { image, kind } = this.tokens.take();
    if (kind === "COMMENT_START") this.tokens.accept("COMMENT_END");
    const start = image.indexOf("##") === -1 ? image.indexOf("#*") : image.indexOf("##");
    return text(start === -1 ? "" : image.slice(0, start));
  }

  #isDirective(name: string): boolean {
    return lines.has(name) || blocks.has(name) || this.#macros.has(name);
  }

  /** `\#if` prints `#if`; before what is no directive, a backslash is a backslash. */
  #escapedDirective(image: string): string {
    const slashes = image.lastIndexOf("\\");
    const directive = image.slice(slashes + 1);
    const name = directive.startsWith("#{") ? directive.slice(2, -1) : directive.slice(1);
    if (!this.#isDirective(name) && !keywords.has(name)) return image;
    return image.slice(0, Math.floor(slashes / 2)) + directive;
  }

  /** Pairs of backslashes: a pair stands for one before a directive. */
  #escapes(): string {
    const { tokens } = this;
    let count = 0;
    while (tokens.accept("DOUBLE_ESCAPE")) count++;
    const { kind, image } = tokens.peek();
    const isControl = controls.has(kind) || this.#isDirective(image.slice(1));
    return (isControl ? "\\" : "\\\\").repeat(count);
  }

  #printedReference(): Node {
    const first = this.tokens.peek();
    const reference = this.reference();
    return { kind: "reference", reference, printed: this.#printed(first) };
  }

  /** How many backslashes and dollar signs before a reference print, and whether it prints itself. */
  #printed(first: Token): PrintedReference {
    const { image } = first;
    if (image.includes("\\!") || !image.includes("$")) {
      const prefix = image.includes("$") ? "" : image;
      return { prefix, isEscaped: false, literal: "" };
    }
    const slashes = /^\\*/.exec(image)?.[0].length ?? 0;
    const isEscaped = slashes % 2 === 1;
    const dollar = image.lastIndexOf("$");
    // What stands before it is not its text any more, also where the text of a whole block is asked for.
    first.image = image.slice(dollar);
    return {
      prefix: "\\".repeat(Math.floor(slashes / 2)) + (isEscaped ? "" : image.slice(slashes, dollar)),
      isEscaped,
      literal: first.image.startsWith("$!") && !isEscaped ? "" : this.tokens.literalSince(first),
    };
  }

  #set(): Node {
    const { tokens } = this;
    tokens.take();
    tokens.accept("WHITESPACE");
    const first = tokens.peek();
    const target = this.reference();
    tokens.accept("WHITESPACE");
    tokens.expect("EQUALS");
    const value = this.expression();
    tokens.expect("RPAREN");
    tokens.lexer.inSet = false;
    // A bare variable is set under what stands behind the dollar sign: `#set(${x} = 1)` sets `{`.
    if (target.steps.length === 0)
      return { kind: "set", target: { name: nameIn(first.image), steps: [] }, value };
    return { kind: "set", target, value };
  }

  #if(): Node {
    const { tokens } = this;
    const branches = [this.#branch()];
    let otherwise: Node[] = [];
    while (tokens.kind === "ELSEIF_DIRECTIVE") branches.push(this.#branch());
    if (tokens.accept("ELSE_DIRECTIVE")) otherwise = this.#statements();
    tokens.expect("END");
    return { kind: "if", branches, otherwise };
  }

  #branch(): { condition: Expression; body: Node[] } {
    const { tokens } = this;
    tokens.take();
    tokens.accept("WHITESPACE");
    tokens.expect("LPAREN");
    const condition = this.expression();
    tokens.expect("RPAREN");
    return { condition, body: this.#statements() };
  }

  #directive(): Node {
    const { tokens } = this;
    const first = tokens.take();
    const name = first.kind === "BRACKETED_WORD" ? first.image.slice(2, -1) : first.image.slice(1);
    const isBlock = blocks.has(name) || name.startsWith("@");
    tokens.lexer.enterDirective();
    if (!tokens.lexer.isParenthesisAhead) {
      tokens.lexer.pop();
      if (name === "break" || name === "stop") return this.#line(name, []);
      if (lines.has(name)) return text("");
      if (blocks.has(name)) throw new TemplateError(`#${name} needs parentheses`);
      return text(name.startsWith("@") ? `#${name}` : first.image);
    }
    const values = this.#arguments(name);
    if (!isBlock) {
      return lines.has(name) ? this.#line(name, values) : text(tokens.literalSince(first, imageOf));
    }
    const inside = tokens.peek();
    const body = this.#statements();
    const literal = inside === tokens.peek() ? "" : tokens.literalSince(inside);
    tokens.expect("END");
    // A macro that is called with a body is none: all of it is text.
    if (!blocks.has(name)) return text(tokens.literalSince(first, imageOf));
    return this.#block(name, values, body, literal);
  }

  #arguments(name: string): Argument[] {
    const { tokens } = this;
    tokens.accept("WHITESPACE");
    tokens.expect("LPAREN");
    const values: Argument[] = [];
    for (;;) {
      tokens.accept("WHITESPACE");
      if (tokens.accept("COMMA")) tokens.accept("WHITESPACE");
      else if (tokens.kind === "RPAREN") break;
      values.push(this.#argument(name, values.length));
    }
    tokens.expect("RPAREN");
    if (name === "macro" && values.length === 0) throw new TemplateError("#macro needs a name");
    return values;
  }

  #argument(name: string, position: number): Argument {
    const { tokens } = this;
    const { kind, image } = tokens.peek();
    const isMacroName = name === "macro" && position === 0;
    if (isMacroName && kind !== "WORD") throw new TemplateError("the name of a #macro is a bare word");
    if (kind !== "WORD") return { kind, image, value: this.value() };
    tokens.take();
    const isAllowed = isMacroName || (name === "foreach" && position === 1);
    if (!isAllowed && (lines.has(name) || blocks.has(name))) {
      throw new TemplateError(`${image} is no argument of #${name}`);
    }
    if (isMacroName) this.#macros.add(image);
    return { kind, image, value: undefined };
  }

  #line(name: string, values: Argument[]): Node {
    switch (name) {
      case "stop":
      case "break":
        if (values.length > 1) throw new TemplateError(`#${name} takes one argument`);
        return name === "stop" ? { kind: "stop" } : { kind: "break", scope: values[0]?.value };
      default:
        if (name === "parse" && values.length === 0) throw new TemplateError("#parse needs an argument");
        return values.length === 0 ? text("") : { kind: "include", name };
    }
  }

  #block(name: string, values: Argument[], body: Node[], literal: string): Node {
    const [first, , third] = values;
    switch (name) {
      case "literal":
        // The engine fails on nothing.
        if (!first && literal === "") throw new TemplateError("#literal is empty");
        return text(first ? first.image : literal);
      case "define":
        if (!first || values.length > 1) throw new TemplateError("#define takes the name of its block");
        return { kind: "define", variable: nameIn(first.image), body };
      case "foreach": {
        if (!first || values.length < 2) throw new TemplateError("#foreach takes a variable and a list");
        const { value } = first;
        const variable = value?.kind === "reference" ? rootName(value.reference) : nameIn(first.image);
        return { kind: "foreach", variable, items: third?.value, body, hasCounters: this.#hasCounters };
      }
      default:
        // Recorded: a macro is read, and nothing is defined (mapping-templates, "Directives").
        return text("");
    }
  }
}

const text = (value: string): Node => ({ kind: "text", text: value });
const imageOf = ({ image }: Token): string => image;
/** What stands behind the dollar sign. */
const nameIn = (image: string): string => image.slice(1);
const rootName = ({ name }: Reference): string => name ?? "";
