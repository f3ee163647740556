/** From the text of a regular expression, as Java or ECMAScript write it, to its tree. */
import type { CharacterClass, RegexNode } from "./ast.ts";
import {
  allOf,
  any,
  anyOf,
  byLetter,
  ignoringCase,
  lineEnd,
  not,
  only,
  onlyIgnoringCase,
  property,
  range,
  word,
} from "./character-class.ts";

export interface ParsedRegex {
  node: RegexNode;
  groups: number;
}

interface Flags {
  /** Either case. */
  i: boolean;
  /** A dot is any character. */
  s: boolean;
  /** `^` and `$` at every line. */
  m: boolean;
  /** White space and comments are left out. */
  x: boolean;
}

const deepest = 200;
const mostRepeats = 10_000;
const longest = 20_000;

/** In Java a class may hold classes, and `$` also stands before a line's end that ends the text. */
export type Dialect = "java" | "ecmascript";

/**
 * @param flags of `i`, `s`, `m`
 * @throws SyntaxError for what is no regular expression
 */
export function parseRegex(source: string, flags: string, dialect: Dialect): ParsedRegex {
  if (source.length > longest) throw new SyntaxError("a regular expression is too long");
  return new RegexParser(source, flags, dialect).parse();
}

class RegexParser {
  readonly #source: string;
  readonly #isJava: boolean;
  #at = 0;
  #depth = 0;
  #groups = 0;
  #flags: Flags;
  readonly #names = new Map<string, number>();

  constructor(source: string, flags: string, dialect: Dialect) {
    this.#source = source;
    this.#isJava = dialect === "java";
    this.#flags = { i: flags.includes("i"), s: flags.includes("s"), m: flags.includes("m"), x: false };
  }

  parse(): ParsedRegex {
    const node = this.#alternatives();
    if (this.#at < this.#source.length) this.#fail("a parenthesis is closed that is not open");
    return { node, groups: this.#groups };
  }

  #fail(message: string): never {
    throw new SyntaxError(`${message} at ${this.#at}`);
  }

  get #next(): string {
    return this.#source[this.#at] ?? "";
  }

  #accept(text: string): boolean {
    if (!this.#source.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#source);
    if (match) this.#at = pattern.lastIndex;
    return match;
  }

  #alternatives(): RegexNode {
    if (++this.#depth > deepest) this.#fail("groups are nested too deeply");
    // Flags that are set in a group hold to its end.
    const outer = { ...this.#flags };
    const nodes = [this.#sequence()];
    while (this.#accept("|")) nodes.push(this.#sequence());
    this.#flags = outer;
    this.#depth--;
    return nodes.length === 1 ? (nodes[0] as RegexNode) : { kind: "alternatives", nodes };
  }

  #sequence(): RegexNode {
    const nodes: RegexNode[] = [];
    while (this.#at < this.#source.length && this.#next !== "|" && this.#next !== ")") {
      if (this.#flags.x && this.#match(/\s+|#[^\n]*/y)) continue;
      if (this.#accept("\\Q")) {
        const end = this.#source.indexOf("\\E", this.#at);
        const text = this.#source.slice(this.#at, end === -1 ? undefined : end);
        this.#at += text.length + (end === -1 ? 0 : 2);
        const literals = Array.from(text, (character) => this.#literal(character.codePointAt(0) as number));
        const last = literals.pop();
        nodes.push(...literals, ...(last ? [this.#quantified(last)] : []));
        continue;
      }
      const atom = this.#atom();
      if (atom) nodes.push(this.#quantified(atom));
    }
    return nodes.length === 1 ? (nodes[0] as RegexNode) : { kind: "sequence", nodes };
  }

  #quantified(node: RegexNode): RegexNode {
    let result = node;
    for (;;) {
      const match = this.#match(/(?:([*+?])|\{(\d{1,6})(?:(,)(\d{1,6})?)?\})([?+]?)/y);
      if (!match) {
        return result;
      }
      const [, sign, from, comma, to, suffix] = match;
      const least = sign ? (sign === "+" ? 1 : 0) : Number(from);
      const most = sign
        ? sign === "?"
          ? 1
          : Number.POSITIVE_INFINITY
        : !comma
          ? least
          : to
            ? Number(to)
            : Number.POSITIVE_INFINITY;
      if (most < least || least > mostRepeats) this.#fail("a repetition is impossible");
      const mode = suffix === "?" ? "lazy" : suffix === "+" ? "possessive" : "greedy";
      result = { kind: "repeat", node: result, least, most, mode };
    }
  }

  /** Undefined for what matches nothing by itself, such as flags. */
  #atom(): RegexNode | undefined {
    const character = this.#next;
    switch (character) {
      case "(":
        return this.#group();
      case "[":
        this.#at++;
        return { kind: "class", includes: this.#class() };
      case ".":
        this.#at++;
        return { kind: "class", includes: this.#flags.s ? any : not(lineEnd) };
      case "^": {
        this.#at++;
        const { m } = this.#flags;
        return { kind: "assert", holds: (text, at) => at === 0 || (m && text[at - 1] === "\n") };
      }
      case "$": {
        this.#at++;
        const { m } = this.#flags;
        const holds = this.#isJava ? (anchors.Z as Anchor) : (anchors.z as Anchor);
        return { kind: "assert", holds: (text, at) => holds(text, at) || (m && text[at] === "\n") };
      }
      case "*":
      case "+":
      case "?":
        return this.#fail("there is nothing to repeat");
      case "\\":
        return this.#escape();
      default: {
        const codePoint = this.#source.codePointAt(this.#at) as number;
        this.#at += codePoint > 0xffff ? 2 : 1;
        return this.#literal(codePoint);
      }
    }
  }

  #literal(codePoint: number): RegexNode {
    return { kind: "class", includes: this.#flags.i ? onlyIgnoringCase(codePoint) : only(codePoint) };
  }

  #group(): RegexNode | undefined {
    this.#at++;
    const flags = this.#match(/\?([ismxu]*)(?:-([ismxu]+))?([:)])/y);
    if (flags) return this.#flagged(flags);
    const close = (node: RegexNode): RegexNode => {
      if (!this.#accept(")")) this.#fail("a parenthesis is not closed");
      return node;
    };
    const look = this.#match(/\?(<?)([=!])/y);
    if (look) {
      const node = this.#alternatives();
      return close({ kind: "look", node, isBehind: look[1] === "<", isNegative: look[2] === "!" });
    }
    if (this.#accept("?>")) return close({ kind: "atomic", node: this.#alternatives() });
    const named = this.#match(/\?<([A-Za-z][A-Za-z0-9_]*)>/y);
    if (!named && this.#next === "?") this.#fail("a group of an unknown kind");
    const index = ++this.#groups;
    if (named) this.#names.set(named[1] as string, index);
    return close({ kind: "group", index, node: this.#alternatives() });
  }

  /** `(?i)` holds to the end of the group around it, `(?i:…)` inside. */
  #flagged([, on = "", off = "", end]: RegExpExecArray): RegexNode | undefined {
    const outer = { ...this.#flags };
    const set = (letters: string, value: boolean) => {
      for (const letter of letters) if (letter in this.#flags) this.#flags[letter as keyof Flags] = value;
    };
    set(on, true);
    set(off, false);
    if (end === ")") return undefined;
    const node = this.#alternatives();
    this.#flags = outer;
    if (!this.#accept(")")) this.#fail("a parenthesis is not closed");
    return node;
  }

  #escape(): RegexNode {
    const position = this.#match(/\\(?:([bBAzZG])|([1-9])|k<([A-Za-z][A-Za-z0-9_]*)>)/y);
    if (position) {
      const [, letter, digit, name] = position;
      if (letter) return { kind: "assert", holds: anchors[letter] as Anchor };
      const index = digit ? Number(digit) : this.#names.get(name as string);
      if (index === undefined || index > this.#groups) this.#fail("a reference to no group");
      return { kind: "backreference", index: index as number, ignoresCase: this.#flags.i };
    }
    const escaped = this.#escapedClass();
    if (typeof escaped === "number") return this.#literal(escaped);
    return { kind: "class", includes: this.#flags.i ? ignoringCase(escaped) : escaped };
  }

  /** A code point, or a class of them. */
  #escapedClass(): number | CharacterClass {
    const named = this.#match(/\\([pP])(?:\{\^?([A-Za-z_=0-9 ]+)\}|([A-Z]))/y);
    if (named) {
      const includes = property((named[2] ?? named[3]) as string);
      return named[1] === "P" ? not(includes) : includes;
    }
    const code = this.#match(
      /\\(?:x\{([0-9A-Fa-f]{1,6})\}|x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|u\{([0-9A-Fa-f]{1,6})\}|0([0-7]{0,3})|c(.))/y,
    );
    if (code) {
      const [, braced, two, four, bracedUnicode, octal, control] = code;
      if (control !== undefined) return control.charCodeAt(0) & 0x1f;
      if (octal !== undefined) return Number.parseInt(octal || "0", 8);
      return Number.parseInt((braced ?? two ?? four ?? bracedUnicode) as string, 16);
    }
    this.#at++;
    const codePoint = this.#source.codePointAt(this.#at);
    if (codePoint === undefined) this.#fail("a backslash is the end");
    const character = String.fromCodePoint(codePoint as number);
    this.#at += character.length;
    const known = byLetter[character];
    if (known) return known;
    const opposite = byLetter[character.toLowerCase()];
    if (opposite) return not(opposite);
    const control = controls[character];
    if (control !== undefined) return control;
    if (/[A-Za-z]/.test(character)) this.#fail(`\\${character} means nothing`);
    return codePoint as number;
  }

  /** Between brackets; the first is taken. */
  #class(): CharacterClass {
    if (++this.#depth > deepest) this.#fail("classes are nested too deeply");
    const isNegative = this.#accept("^");
    const intersected: CharacterClass[] = [];
    let classes: CharacterClass[] = [];
    // In Java a bracket that closes first of all stands for itself; in ECMAScript the class is empty.
    let isFirst = this.#isJava;
    while (isFirst || this.#next !== "]") {
      if (this.#at >= this.#source.length) this.#fail("a bracket is not closed");
      if (this.#isJava && this.#accept("[")) classes.push(this.#class());
      else if (this.#isJava && this.#accept("&&")) {
        intersected.push(anyOf(classes));
        classes = [];
      } else classes.push(this.#classMember());
      isFirst = false;
    }
    this.#at++;
    this.#depth--;
    const all = intersected.length > 0 ? allOf([...intersected, anyOf(classes)]) : anyOf(classes);
    const includes = this.#flags.i ? ignoringCase(all) : all;
    return isNegative ? not(includes) : includes;
  }

  #classMember(): CharacterClass {
    const from = this.#classAtom();
    if (typeof from !== "number") return from;
    if (this.#next !== "-" || "]".includes(this.#source[this.#at + 1] ?? "]")) return only(from);
    this.#at++;
    const to = this.#classAtom();
    if (typeof to !== "number") return anyOf([only(from), only(0x2d), to]);
    if (to < from) this.#fail("a range is the wrong way round");
    return range(from, to);
  }

  #classAtom(): number | CharacterClass {
    if (this.#accept("\\b")) return 8;
    if (this.#next === "\\") return this.#escapedClass();
    const codePoint = this.#source.codePointAt(this.#at) as number;
    this.#at += codePoint > 0xffff ? 2 : 1;
    return codePoint;
  }
}

type Anchor = (text: string, at: number) => boolean;

const isWordAt = (text: string, at: number): boolean =>
  at >= 0 && at < text.length && word(text.charCodeAt(at));
const isBoundary: Anchor = (text, at) => isWordAt(text, at - 1) !== isWordAt(text, at);

const anchors: Record<string, Anchor> = {
  b: isBoundary,
  B: (text, at) => !isBoundary(text, at),
  A: (_text, at) => at === 0,
  G: (_text, at) => at === 0,
  z: (text, at) => at === text.length,
  Z: (text, at) => at === text.length || (at === text.length - 1 && text[at] === "\n"),
};

const controls: Record<string, number> = { t: 9, n: 10, r: 13, f: 12, a: 7, e: 27 };
