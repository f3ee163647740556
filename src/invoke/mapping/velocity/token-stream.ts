/** The tokens of a template, read from the lexer one by one and no sooner than they are looked at. */
import { TemplateError } from "../template-scope.ts";
import { Lexer } from "./lexer.ts";
import { literalOf, type Token, type TokenKind } from "./token.ts";

/** A template that can be read but not parsed. */
export class ParseError extends TemplateError {}

export class TokenStream {
  readonly lexer: Lexer;
  /** The last token that was taken. */
  last: Token = { kind: "EOF", image: "", special: [], next: undefined };

  constructor(source: string) {
    this.lexer = new Lexer(source);
  }

  /** The token that comes `ahead` of the last one; 1 is the next. */
  peek(ahead = 1): Token {
    let token = this.last;
    for (let count = 0; count < ahead; count++) {
      token.next ??= this.lexer.next();
      token = token.next;
    }
    return token;
  }

  get kind(): TokenKind {
    return this.peek().kind;
  }

  take(): Token {
    this.last = this.peek();
    return this.last;
  }

  /** @returns the next token if it is of this kind, which is then taken */
  accept(...kinds: TokenKind[]): Token | undefined {
    return kinds.includes(this.kind) ? this.take() : undefined;
  }

  /** @throws ParseError when the next token is of another kind */
  expect(...kinds: TokenKind[]): Token {
    return this.accept(...kinds) ?? this.fail();
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
