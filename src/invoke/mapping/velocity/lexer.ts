/**
 * The tokens of a mapping template as Velocity 1.7 reads them. Which tokens there can be depends on a state, which
 * tokens push and pop: the surprises of the language (where blanks are eaten, what `$a #set($b = 1)[` means) are
 * surprises of these states, so they are kept as they are. In each state the longest token counts.
 */
import { TemplateError } from "../template-scope.ts";
import type { Token, TokenKind } from "./token.ts";

export type LexicalState =
  | "DEFAULT"
  /** Behind `#`. */
  | "PRE_DIRECTIVE"
  /** Between a directive's parentheses. */
  | "DIRECTIVE"
  /** Behind `$`. */
  | "REFERENCE"
  /** Behind the dot of `$a.b`. */
  | "REFMODIFIER"
  /** Between the parentheses of `$a.b(…)`. */
  | "REFMOD2"
  /** Between the brackets of `$a[…]`. */
  | "REFINDEX"
  | "SINGLE_LINE_COMMENT"
  | "MULTI_LINE_COMMENT"
  /** `#** … *#` */
  | "FORMAL_COMMENT"
  | "IN_TEXTBLOCK";

interface SavedState {
  state: LexicalState;
  open: number;
  closed: number;
}

/** Levels that may be open at once. */
const deepest = 2000;

const dollar = /\\*\$(?:\\*!)?/y;
const escapedDirective = /\\(?:\\\\)*#(?:[A-Za-z_@][A-Za-z0-9_@]*|\{[A-Za-z_][A-Za-z0-9_@]*\})/y;
const set = /[ \t]*#(?:set|\{set\}) *\(/y;
const emptyIndex = /\$(?:\\?!)?\[|\$\./y;
const text = /[^$#\\]+/y;
const whitespace = /[ \t\n\r]+/y;
const newlineBehind = /[ \t]*(?:\r\n|\n|\r)/y;
const string = /"(?:[^"]|"")*"|'(?:[^']|'')*'/y;
const integer = /-?\d+/y;
const float = /-?(?:\d+\.\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+)/y;
const word = /[A-Za-z_@][A-Za-z0-9_@]*/y;
const bracketedWord = /\{[A-Za-z_][A-Za-z0-9_@]*\}/y;
const identifier = /[A-Za-z_][A-Za-z0-9_-]*/y;
const dot = /\.[A-Za-z]/y;
const operator = /&&|\|\||[<>=!]=|[-+*/%<>!=]/y;

/** Where `##` begins a comment. */
const lineComments: ReadonlySet<LexicalState> = new Set<LexicalState>([
  "DEFAULT",
  "PRE_DIRECTIVE",
  "DIRECTIVE",
  "REFERENCE",
]);
const wordOperators: ReadonlyMap<string, TokenKind> = new Map([
  ...["and", "or", "lt", "le", "gt", "ge", "eq", "ne"].map((name): [string, TokenKind] => [name, "OPERATOR"]),
  ["not", "NOT"],
  ["true", "TRUE"],
  ["false", "FALSE"],
]);
const directiveWords: ReadonlyMap<string, TokenKind> = new Map([
  ["if", "IF_DIRECTIVE"],
  ["elseif", "ELSEIF_DIRECTIVE"],
  ["else", "ELSE_DIRECTIVE"],
  ["end", "END"],
]);
const punctuation: ReadonlyMap<string, TokenKind> = new Map([
  ["[", "LBRACKET"],
  ["]", "RBRACKET"],
  [",", "COMMA"],
  [":", "COLON"],
  ["{", "LEFT_CURLEY"],
  ["}", "RIGHT_CURLEY"],
]);

export class Lexer {
  readonly #source: string;
  #at = 0;
  /** Where the token that is being read begins. */
  #start = 0;
  #special: string[] = [];
  #state: LexicalState = "DEFAULT";
  readonly #stack: SavedState[] = [];
  /** Parentheses of this level. */
  #open = 0;
  #closed = 0;
  #inComment = false;
  /** Whether a `#set` is being read: the parser says when it ends. */
  inSet = false;

  constructor(source: string) {
    this.#source = source;
  }

  /** Behind the name of a directive its parentheses are read. */
  enterDirective(): void {
    this.#state = "DIRECTIVE";
  }

  /** Back to the state around this one; to text when there is none. */
  pop(): boolean {
    const saved = this.#stack.pop();
    if (!saved) {
      this.#open = 0;
      this.#state = "DEFAULT";
      return false;
    }
    this.#open = saved.open;
    this.#closed = saved.closed;
    this.#state = saved.state;
    return true;
  }

  #push(state: LexicalState): void {
    if (this.#stack.length > deepest) throw new TemplateError("the template is nested too deeply");
    this.#stack.push({ state: this.#state, open: this.#open, closed: this.#closed });
    this.#open = 0;
    this.#state = state;
  }

  /** Whether a `(` comes next, behind white space or none. */
  get isParenthesisAhead(): boolean {
    let at = this.#at;
    while (/[ \t\n\r]/.test(this.#source[at] ?? "")) at++;
    return this.#source[at] === "(";
  }

  /** @throws TemplateError for a character that no token begins with here, and for a `$` or `#` at the end */
  next(): Token {
    this.#special = [];
    this.#start = this.#at;
    for (;;) {
      if (this.#at >= this.#source.length) {
        if (this.#start < this.#at) throw this.#failure();
        return { kind: "EOF", image: "", special: this.#special, next: undefined };
      }
      const kind = this.#step();
      if (kind) {
        return { kind, image: this.#image(), special: this.#special, next: undefined };
      }
    }
  }

  #image(): string {
    return this.#source.slice(this.#start, this.#at);
  }

  #failure(): TemplateError {
    const rest = this.#source.slice(this.#start, this.#start + 20);
    return new TemplateError(`the template cannot be read at ${JSON.stringify(rest)}`);
  }

  /** Characters of the source that the pattern matches from here; 0 for none. */
  #length(pattern: RegExp): number {
    pattern.lastIndex = this.#at;
    return pattern.test(this.#source) ? pattern.lastIndex - this.#at : 0;
  }

  /** Takes as many characters. */
  #take(length: number, kind: TokenKind): TokenKind {
    this.#at += length;
    return kind;
  }

  /** One match of the current state; undefined when it ended no token. */
  #step(): TokenKind | undefined {
    switch (this.#state) {
      case "SINGLE_LINE_COMMENT":
      case "MULTI_LINE_COMMENT":
      case "FORMAL_COMMENT":
      case "IN_TEXTBLOCK":
        return this.#inside();
      case "DEFAULT":
        return this.#text();
      case "PRE_DIRECTIVE":
        return this.#preDirective();
      case "DIRECTIVE":
        return this.#directive();
      case "REFERENCE":
      case "REFMODIFIER":
        return this.#reference();
      case "REFMOD2":
        return this.#arguments();
      case "REFINDEX":
        return this.#index();
    }
  }

  #text(): TokenKind | undefined {
    switch (this.#source[this.#at]) {
      case " ":
      case "\t":
        return this.#setAhead() ?? this.#take(this.#length(text), "TEXT");
      case "#":
        return this.#setAhead() ?? this.#hash();
      case "$": {
        const empty = this.#length(emptyIndex);
        if (empty > 0) return this.#take(empty, "EMPTY_INDEX");
        return this.#dollar();
      }
      case "\\": {
        const escaped = this.#length(escapedDirective);
        if (escaped > 0) return this.#take(escaped, "ESCAPE_DIRECTIVE");
        if (this.#length(dollar) > 0) return this.#dollar();
        return this.#source[this.#at + 1] === "\\" ? this.#take(2, "DOUBLE_ESCAPE") : this.#take(1, "ESCAPE");
      }
      default:
        return this.#take(this.#length(text), "TEXT");
    }
  }

  /** `#set(` here, with the blanks before it. */
  #setAhead(): TokenKind | undefined {
    let at = this.#at;
    while (this.#source[at] === " " || this.#source[at] === "\t") at++;
    const second = this.#source[at + 1];
    if (this.#source[at] !== "#" || (second !== "s" && second !== "{")) return undefined;
    const length = this.#length(set);
    return length > 0 ? this.#set(length) : undefined;
  }

  /** `#set(`, with the blanks before it. */
  #set(length: number): TokenKind {
    this.#at += length;
    this.#push("DIRECTIVE");
    this.inSet = true;
    this.#open++;
    return "SET_DIRECTIVE";
  }

  #lineComment(): TokenKind {
    this.#at += 2;
    if (this.#state === "REFERENCE") this.pop();
    this.#inComment = true;
    this.#push("SINGLE_LINE_COMMENT");
    return "COMMENT_START";
  }

  /** `$` and `#` begin something in any state; what that is shows in the next state. */
  #dollar(): undefined {
    this.#at += this.#length(dollar);
    if (this.#inComment) return;
    if (this.#state === "REFERENCE") this.pop();
    this.#push("REFERENCE");
  }

  #hash(): TokenKind | undefined {
    const source = this.#source;
    const at = this.#at;
    const second = source[at + 1];
    if (second === "#" && lineComments.has(this.#state)) return this.#lineComment();
    if (second === "[" && source[at + 2] === "[") {
      this.#at += 3;
      this.#beginInside("IN_TEXTBLOCK");
    } else if (second === "*") {
      const fourth = source[at + 3];
      const isFormal = source[at + 2] === "*" && fourth !== undefined && fourth !== "#";
      this.#at += isFormal ? 3 : 2;
      this.#beginInside(isFormal ? "FORMAL_COMMENT" : "MULTI_LINE_COMMENT");
    } else {
      this.#at++;
      if (this.#inComment) return undefined;
      if (this.#state === "REFERENCE" || this.#state === "REFMODIFIER") this.pop();
      this.#push("PRE_DIRECTIVE");
    }
    return undefined;
  }

  /** Whether `$` or `#` is here, which is then taken. */
  #beginsAnything(): boolean {
    const character = this.#source[this.#at];
    if (character === "#") this.#hash();
    else if (character === "$" || (character === "\\" && this.#length(dollar) > 0)) this.#dollar();
    else return false;
    return true;
  }

  #beginInside(state: LexicalState): void {
    if (this.#inComment) return;
    this.#inComment = true;
    this.#push(state);
  }

  /** A comment or a block of text, up to its end. */
  #inside(): TokenKind | undefined {
    if (this.#state === "SINGLE_LINE_COMMENT") {
      const first = this.#source[this.#at];
      if (first === "\n" || first === "\r") {
        return this.#endInside(this.#source.startsWith("\r\n", this.#at) ? 2 : 1, "COMMENT_END");
      }
    } else if (this.#state === "MULTI_LINE_COMMENT" || this.#state === "FORMAL_COMMENT") {
      const kind = this.#state === "FORMAL_COMMENT" ? "FORMAL_COMMENT" : "COMMENT";
      if (this.#source.startsWith("*#", this.#at)) return this.#endInside(2, kind);
    } else if (this.#source.startsWith("]]#", this.#at)) {
      return this.#endInside(3, "TEXTBLOCK");
    }
    if (this.#beginsAnything()) return undefined;
    this.#at++;
    // What a comment holds is dropped; what a text block holds is its text.
    if (this.#state !== "IN_TEXTBLOCK") this.#start = this.#at;
    return undefined;
  }

  #endInside(length: number, kind: TokenKind): TokenKind {
    this.#at += length;
    this.#inComment = false;
    this.pop();
    return kind;
  }

  #preDirective(): TokenKind | undefined {
    const character = this.#source[this.#at] as string;
    if (character === "#") return this.#hash();
    const bracketed = character === "{" ? this.#length(bracketedWord) : 0;
    const length = bracketed || this.#length(word);
    if (length > 0) {
      const name = this.#source.slice(this.#at, this.#at + length);
      const kind = directiveWords.get(bracketed ? name.slice(1, -1) : name);
      this.#at += length;
      if (kind === "END" || kind === "ELSE_DIRECTIVE") {
        this.#at += this.#length(newlineBehind);
        this.pop();
      } else if (kind) this.#state = "DIRECTIVE";
      return kind ?? (bracketed ? "BRACKETED_WORD" : "WORD");
    }
    const number = this.#number();
    if (number) return number;
    if (this.#beginsAnything()) return undefined;
    return this.#terminate();
  }

  /** Ends what is being read: the character is read again in the state around. */
  #terminate(): undefined {
    this.#special.push(this.#source.slice(this.#start, this.#at + 1));
    this.#start = this.#at;
    this.pop();
  }

  #number(): TokenKind | undefined {
    const first = this.#source.charCodeAt(this.#at);
    // A digit, a minus or a dot.
    if (!(first >= 0x30 && first <= 0x39) && first !== 0x2d && first !== 0x2e) return undefined;
    let kind: TokenKind = "FLOATING_POINT_LITERAL";
    let length = this.#length(float);
    const whole = this.#length(integer);
    // Two dots behind a whole number are those of a range.
    if (whole > 0 && (length <= whole || this.#source.startsWith("..", this.#at + whole))) {
      kind = "INTEGER_LITERAL";
      length = whole;
    }
    if (length === 0) return undefined;
    const stays = this.#open > 0 || this.inSet || this.#state === "REFMOD2";
    if (!stays && !(kind === "INTEGER_LITERAL" && this.#state === "REFINDEX")) this.pop();
    return this.#take(length, kind);
  }

  #string(): TokenKind | undefined {
    const quote = this.#source[this.#at];
    const length = quote === '"' || quote === "'" ? this.#length(string) : 0;
    if (length === 0) return undefined;
    if (this.#state === "DIRECTIVE" && !this.inSet && this.#open === 0) this.pop();
    return this.#take(length, "STRING_LITERAL");
  }

  #directive(): TokenKind | undefined {
    const character = this.#source[this.#at] as string;
    switch (character) {
      case " ":
      case "\t":
      case "\n":
      case "\r":
        return this.#take(this.#length(whitespace), "WHITESPACE");
      case "(":
        this.#open++;
        return this.#take(1, "LPAREN");
      case ")":
        this.#at++;
        this.#at += this.#length(newlineBehind);
        this.#close();
        return "RPAREN";
      case "#":
        return this.#hash();
      case "$":
        return this.#dollar();
      default:
        return this.#operand(character);
    }
  }

  #operand(character: string): TokenKind | undefined {
    const name = this.#length(word);
    if (name > 0) {
      const kind = wordOperators.get(this.#source.slice(this.#at, this.#at + name));
      return this.#take(name, kind ?? "WORD");
    }
    const literal = this.#string() ?? this.#number();
    if (literal) return literal;
    const bracketed = character === "{" ? this.#length(bracketedWord) : 0;
    if (bracketed > 0) return this.#take(bracketed, "BRACKETED_WORD");
    if (this.#source.startsWith("..", this.#at)) return this.#take(2, "DOUBLEDOT");
    const mark = punctuation.get(character);
    if (mark) return this.#take(1, mark);
    const length = this.#length(operator);
    if (length > 0) {
      if (length === 1 && character === "=") return this.#take(1, "EQUALS");
      return this.#take(length, length === 1 && character === "!" ? "NOT" : "OPERATOR");
    }
    if (this.#beginsAnything()) return undefined;
    throw this.#failure();
  }

  /** A closing parenthesis ends every level that has none open. */
  #close(): void {
    for (;;) {
      if (this.#open > 0) {
        if (this.#open === this.#closed + 1) this.pop();
        else this.#closed++;
        return;
      }
      if (!this.pop()) return;
    }
  }

  #reference(): TokenKind | undefined {
    const name = this.#name();
    if (name) return name;
    switch (this.#source[this.#at]) {
      case " ":
      case "\t":
        return this.#setAhead() ?? this.#terminate();
      case "#":
        return this.#setAhead() ?? this.#hash();
      case "$": {
        const empty = this.#state === "REFERENCE" ? this.#length(emptyIndex) : 0;
        return empty > 0 ? this.#take(empty, "EMPTY_INDEX") : this.#dollar();
      }
      case "[":
        this.#push("REFINDEX");
        return this.#take(1, "INDEX_LBRACKET");
      case "(":
        if (this.#state !== "REFMODIFIER") return this.#terminate();
        this.#open++;
        this.#state = "REFMOD2";
        return this.#take(1, "LPAREN");
      case "{":
        return this.#take(1, "LCURLY");
      case "}":
        this.pop();
        return this.#take(1, "RCURLY");
      default:
        return this.#beginsAnything() ? undefined : this.#terminate();
    }
  }

  /** A name, `true`, `false`, or the dot before a name. */
  #name(): TokenKind | undefined {
    const length = this.#length(identifier);
    if (length > 0) {
      const name = this.#source.slice(this.#at, this.#at + length);
      return this.#take(length, name === "true" ? "TRUE" : name === "false" ? "FALSE" : "IDENTIFIER");
    }
    if (this.#source[this.#at] !== "." || this.#length(dot) === 0) return undefined;
    this.#state = "REFMODIFIER";
    // A dollar sign before it is lost.
    this.#start = this.#at;
    return this.#take(1, "DOT");
  }

  #arguments(): TokenKind | undefined {
    const character = this.#source[this.#at] as string;
    switch (character) {
      case " ":
      case "\t":
      case "\n":
      case "\r":
        return this.#setAhead() ?? this.#take(this.#length(whitespace), "WHITESPACE");
      case ")":
        this.#state = "REFERENCE";
        return this.#take(1, "REFMOD2_RPAREN");
      case "#":
        return this.#setAhead() ?? this.#hash();
      case "$":
        return this.#dollar();
    }
    const value = this.#string() ?? this.#number() ?? this.#name();
    if (value) return value;
    if (this.#source.startsWith("..", this.#at)) return this.#take(2, "DOUBLEDOT");
    const mark = punctuation.get(character);
    if (mark) return this.#take(1, mark);
    if (this.#beginsAnything()) return undefined;
    throw this.#failure();
  }

  #index(): TokenKind | undefined {
    const space = this.#length(whitespace);
    if (space > 0) return this.#take(space, "WHITESPACE");
    if (this.#source[this.#at] === "]") {
      this.pop();
      return this.#take(1, "INDEX_RBRACKET");
    }
    const literal = this.#string() ?? this.#number();
    if (literal) return literal;
    for (const [name, kind] of [
      ["true", "TRUE"],
      ["false", "FALSE"],
    ] as const) {
      if (this.#source.startsWith(name, this.#at)) return this.#take(name.length, kind);
    }
    if (this.#beginsAnything()) return undefined;
    throw this.#failure();
  }
}
