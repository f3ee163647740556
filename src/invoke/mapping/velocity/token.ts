/** The tokens of a mapping template, named as in Velocity 1.7's grammar. */

export type TokenKind =
  | "EOF"
  | "TEXT"
  | "ESCAPE"
  | "DOUBLE_ESCAPE"
  | "ESCAPE_DIRECTIVE"
  | "EMPTY_INDEX"
  | "SET_DIRECTIVE"
  | "IF_DIRECTIVE"
  | "ELSEIF_DIRECTIVE"
  | "ELSE_DIRECTIVE"
  | "END"
  | "WORD"
  | "BRACKETED_WORD"
  | "COMMENT_START"
  | "COMMENT_END"
  | "COMMENT"
  | "FORMAL_COMMENT"
  | "TEXTBLOCK"
  | "IDENTIFIER"
  | "DOT"
  | "LCURLY"
  | "RCURLY"
  | "LPAREN"
  | "RPAREN"
  | "REFMOD2_RPAREN"
  | "INDEX_LBRACKET"
  | "INDEX_RBRACKET"
  | "LBRACKET"
  | "RBRACKET"
  | "LEFT_CURLEY"
  | "RIGHT_CURLEY"
  | "COMMA"
  | "COLON"
  | "DOUBLEDOT"
  | "WHITESPACE"
  | "STRING_LITERAL"
  | "INTEGER_LITERAL"
  | "FLOATING_POINT_LITERAL"
  | "TRUE"
  | "FALSE"
  | "OPERATOR"
  | "NOT"
  | "EQUALS";

export interface Token {
  kind: TokenKind;
  /** Its characters, with those before it that could have begun another token: `$` of `$foo`. */
  image: string;
  /** Terminators that came before it, which belong to no token: what is left of `$` in `$ 5`. */
  special: string[];
  next: Token | undefined;
}

/** What the token prints where it is text after all: its image, behind the `$` and `#` of its terminators. */
export function literalOf({ kind, image, special }: Token): string {
  if (kind === "COMMENT") return "";
  if (special.length === 0 || special.at(-1)?.startsWith("##")) return image;
  return special.map(keptOf).join("") + image;
}

/** `$`, `#`, and backslashes in front of a `$`: everything else of a terminator is read again as the next token. */
function keptOf(special: string): string {
  let kept = "";
  for (let at = 0; at < special.length; at++) {
    const character = special[at];
    if (character === "#" || character === "$") kept += character;
    else if (character === "\\") {
      let end = at;
      while (special[end] === "\\") end++;
      if (special[end] === "$") {
        kept += special.slice(at, end + 1);
        at = end + 1;
      }
    }
  }
  return kept;
}
