/** The tokens of a template, read from the lexer one by one and no sooner than they are looked at. */
import { TemplateError } from "../template-scope.ts";
import { Lexer } from "./lexer.ts";
import { literalOf, type Token, type TokenKind } from "./token.ts";

/** A template that can be read but not parsed. */
class ParseError extends TemplateError {}

export class TokenStream {
  readonly lexer: Lexer;
  /** The last token that was taken. */
  last: Token = { kind: "EOF", image: "", special: [], next: undefined };

  constructor(source: string) {
    this.lexer = new Lexer(source);
  }

  /** The next token, or the one behind it. */
  peek(ahead: 1 | 2 = 1): Token {
    const { last } = this;
    last.next ??= this.lexer.next();
    if (ahead === 1) return last.next;
    last.next.next ??= this.lexer.next();
    return last.next.next;
  }

  get kind(): TokenKind {
    return this.peek().kind;
  }

  take(): Token {
    this.last = this.peek();
    return this.last;
  }

  /** @returns the next token if it is of this kind, which is then taken */
  accept(kind: TokenKind, other = kind): Token | undefined {
    const next = this.peek();
    return next.kind === kind || next.kind === other ? this.take() : undefined;
  }

  /** @throws ParseError when the next token is of another kind */
  expect(kind: TokenKind, other = kind): Token {
    return this.accept(kind, other) ?? this.fail();
  }

  fail(): never {
    const { kind, image } = this.peek();
    throw new ParseError(
      kind === "EOF" ? "the template ends too early" : `${JSON.stringify(image)} is not expected there`,
    );
  }

  /** Whether `read` succeeds from here; nothing is taken. */
  canRead(read: () => void): boolean {
    const { last } = this;
    try {
      read();
      return true;
    } catch (error) {
      if (error instanceof ParseError) return false;
      throw error;
    } finally {
      this.last = last;
    }
  }

  /** The text of all tokens from `first` to the last one taken. */
  literalSince(first: Token, read: (token: Token) => string = literalOf): string {
    let text = "";
    for (let token: Token | undefined = first; token; token = token.next) {
      text += read(token);
      if (token === this.last) break;
    }
    return text;
  }
}
