/**
 * JSON as API Gateway's reader takes it: json-smart 2.2 in its permissive mode. Single quotes, bare words and commas
 * too many pass, text that is no JSON is one string, and what follows the first value does not count
 * (mapping-templates, "$input").
 */
import { Double, parseFraction, parseInteger } from "../java/numbers.ts";
import { fromParsed, JavaMap, List, type Value } from "../java/values.ts";
import { TemplateError } from "../template-scope.ts";

/** A payload that cannot be read, with json-smart's own message. */
export class JsonError extends TemplateError {
  override name = "JsonError";

  constructor(message: string) {
    super(`net.minidev.json.parser.ParseException: ${message}`);
  }
}

/** Levels of nesting. */
const deepest = 400;

/**
 * What JSON.parse would read otherwise: numbers whose digits count, members that are numbers, which an object of
 * JavaScript has in another order, and a character that this reader leaves out.
 */
const unlike =
  /[:,[]\s*-?(?:\d{10}|\d+\.\d*0(?!\d)|[\d.]{17}|\d+(?:\.\d+)?[eE])|[:,[]\s*-0(?![.\d])|"\d+"\s*:|\u007f/;

/** @throws JsonError */
export function readJson(text: string): Value {
  if (!isLikeJson(text)) return new Reader(text).first();
  try {
    return fromParsed(JSON.parse(text));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return new Reader(text).first();
  }
}

/** The same of JSON as its grammar has it, and of nothing else. @throws SyntaxError, and JsonError when it is too deep */
export function readStrictJson(text: string): Value {
  const parsed: unknown = JSON.parse(text);
  return isLikeJson(text) ? fromParsed(parsed) : new Reader(text).first();
}

/** Whether JSON.parse, which takes half the time, reads what this reader would: most payloads are plain JSON. */
function isLikeJson(text: string): boolean {
  const first = text[0];
  return (first === "{" || first === "[") && !unlike.test(text);
}

const endOfInput = 0x1a;
const stops = { all: "", key: ":", value: ",}", array: ",]" } as const;
type Stop = keyof typeof stops;

const digits = /[0-9]*/y;
const bareWord = (stop: string) => new RegExp(`[^${stop}${String.fromCharCode(endOfInput)}]*`, "y");
const bareWords: Record<Stop, RegExp> = {
  all: bareWord(""),
  key: bareWord(":"),
  value: bareWord(",}"),
  array: bareWord(",\\]"),
};

class Reader {
  readonly #text: string;
  #at = 0;
  #depth = 0;
  /** Where the next backslash is: most texts have none in them. */
  #backslash = -1;

  constructor(text: string) {
    this.#text = text;
  }

  first(): Value {
    return this.#value("all");
  }

  /** The character here; that of the end of input when there is none. */
  get #code(): number {
    return this.#at < this.#text.length ? this.#text.charCodeAt(this.#at) : endOfInput;
  }

  #skip(pattern: RegExp): void {
    pattern.lastIndex = this.#at;
    pattern.test(this.#text);
    this.#at = Math.max(this.#at, pattern.lastIndex);
  }

  /** Control characters are blanks, too. */
  #skipBlanks(): void {
    while (this.#code <= 0x20 && this.#code !== endOfInput) this.#at++;
  }

  #unexpectedCharacter(position = this.#at): never {
    throw new JsonError(`Unexpected character (${this.#character()}) at position ${position}.`);
  }

  #unexpectedEnd(position: number, object = "null"): never {
    throw new JsonError(`Unexpected End Of File position ${position}: ${object}`);
  }

  #character(): string {
    return String.fromCharCode(this.#code);
  }

  #value(stop: Stop): Value {
    for (;;) {
      switch (this.#code) {
        case 0x20:
        case 0x0d:
        case 0x0a:
        case 0x09:
          this.#at++;
          continue;
        case 0x3a: // :
        case 0x7d: // }
        case 0x5d: // ]
          return this.#unexpectedCharacter();
        case 0x7b: // {
          return this.#object();
        case 0x5b: // [
          return this.#array();
        case 0x22: // "
        case 0x27: // '
          return this.#quoted();
        case 0x2d: // -
          return this.#number(stop);
        default:
          return this.#code >= 0x30 && this.#code <= 0x39 ? this.#number(stop) : this.#word(stop);
      }
    }
  }

  #word(stop: Stop): Value {
    const word = this.#bare(stop);
    if (word === "null") return null;
    if (word === "NaN") return new Double(Number.NaN);
    if (word === "true" || word === "false") return word === "true";
    return word;
  }

  /** Up to one of the stops; without the blanks around it. */
  #bare(stop: Stop, start = this.#at): string {
    this.#skip(bareWords[stop]);
    return trim(this.#text.slice(start, this.#at));
  }

  /** A whole number of few digits that ends where it should, which most are. */
  #smallNumber(stop: "array" | "value"): number | undefined {
    let at = this.#at;
    let value = 0;
    let code = this.#code;
    while (code >= 0x30 && code <= 0x39) {
      value = value * 10 + code - 0x30;
      code = this.#text.charCodeAt(++at);
    }
    if (at === this.#at || at - this.#at > 9) return undefined;
    if (code !== 0x2c && code !== (stop === "array" ? 0x5d : 0x7d)) return undefined;
    this.#at = at;
    return value;
  }

  #number(stop: Stop): Value {
    const small = stop === "array" || stop === "value" ? this.#smallNumber(stop) : undefined;
    if (small !== undefined) return small;
    const start = this.#at;
    let isFraction = false;
    this.#at++;
    this.#skip(digits);
    if (this.#character() === ".") {
      isFraction = true;
      this.#at++;
      this.#skip(digits);
    }
    if (/[eE]/.test(this.#character())) {
      isFraction = true;
      this.#at++;
      if (!/[-+0-9]/.test(this.#character())) return this.#bare(stop, start);
      this.#at++;
      this.#skip(digits);
    }
    this.#skipBlanks();
    const code = this.#code;
    // What goes on behind a number makes it a text.
    if (code < 126 && code !== endOfInput && !stops[stop].includes(this.#character()))
      return this.#bare(stop, start);
    const text = trim(this.#text.slice(start, this.#at));
    if (!isFraction) return text === "-" ? 0 : parseInteger(text);
    if (Number.isNaN(Number(text))) throw new JsonError(`${text} is no number`);
    return parseFraction(text);
  }

  #array(): Value {
    this.#enter();
    const items: Value[] = [];
    this.#at++;
    for (;;) {
      switch (this.#code) {
        case 0x20:
        case 0x0d:
        case 0x0a:
        case 0x09:
        case 0x2c: // ,
          this.#at++;
          continue;
        case 0x5d: // ]
          this.#at++;
          this.#depth--;
          return new List(items, "json");
        case 0x3a: // :
        case 0x7d: // }
          return this.#unexpectedCharacter();
        case endOfInput:
          return this.#unexpectedEnd(this.#at - 1, "EOF");
        default:
          items.push(this.#value("array"));
      }
    }
  }

  #object(): Value {
    this.#enter();
    const map = new JavaMap();
    this.#at++;
    const text = this.#text;
    for (;;) {
      switch (text.charCodeAt(this.#at)) {
        case 0x20:
        case 0x0d:
        case 0x0a:
        case 0x09:
        case 0x2c: // ,
          this.#at++;
          continue;
        case 0x7d: // }
          this.#at++;
          this.#depth--;
          return map;
        case 0x3a: // :
        case 0x5d: // ]
        case 0x5b: // [
        case 0x7b: // {
          return this.#unexpectedCharacter();
      }
      const isQuoted = this.#code === 0x22 || this.#code === 0x27;
      const key = isQuoted ? this.#quoted() : this.#bare("key");
      this.#skipBlanks();
      if (this.#code === endOfInput) this.#unexpectedEnd(this.#at - 1);
      if (this.#character() !== ":") this.#unexpectedCharacter(this.#at - 1);
      this.#at++;
      if (this.#at >= this.#text.length) this.#unexpectedEnd(this.#at - 1, "EOF");
      map.entries.set(key, this.#value("value"));
      this.#skipBlanks();
      if (this.#code === endOfInput) this.#unexpectedEnd(this.#at - 1);
      if (this.#code !== 0x7d && this.#code !== 0x2c) {
        throw new JsonError(`Unexpected token ${this.#character()} at position ${this.#at - 1}.`);
      }
    }
  }

  #enter(): void {
    if (++this.#depth > deepest)
      throw new JsonError(`Malicious payload, having non natural depths at position ${this.#at}.`);
  }

  #quoted(): string {
    const text = this.#text;
    const start = this.#at;
    const quote = text.charCodeAt(start) === 0x22 ? '"' : "'";
    const end = text.indexOf(quote, start + 1);
    if (end === -1) this.#unexpectedEnd(text.length);
    if (this.#backslash < start) {
      const found = text.indexOf("\\", start);
      this.#backslash = found === -1 ? Number.POSITIVE_INFINITY : found;
    }
    if (this.#backslash < end) return this.#escaped(quote);
    this.#at = end + 1;
    return text.slice(start + 1, end);
  }

  /** Control characters are left out, and so is a backslash with a character that means nothing. */
  #escaped(quote: string): string {
    let text = "";
    for (;;) {
      this.#at++;
      const character = this.#character();
      if (character === quote) {
        this.#at++;
        return text;
      }
      if (this.#code === endOfInput) this.#unexpectedEnd(this.#at - 1);
      if (character !== "\\") {
        if (character >= " " && character !== "\u007f") text += character;
        continue;
      }
      this.#at++;
      const escaped = this.#character();
      if (escaped === "u") text += this.#unicode(4);
      else if (escaped === "x") text += this.#unicode(2);
      else text += escapes[escaped] ?? "";
    }
  }

  #unicode(length: number): string {
    let value = 0;
    for (let count = 0; count < length; count++) {
      this.#at++;
      const digit = Number.parseInt(this.#character(), 16);
      if (this.#code === endOfInput) this.#unexpectedEnd(this.#at, "EOF");
      if (Number.isNaN(digit)) {
        throw new JsonError(
          `Unexpected unicode escape sequence ${this.#character()} at position ${this.#at}.`,
        );
      }
      value = value * 16 + digit;
    }
    return String.fromCharCode(value);
  }
}

const escapes: Record<string, string> = {
  t: "\t",
  n: "\n",
  r: "\r",
  f: "\f",
  b: "\b",
  "\\": "\\",
  "/": "/",
  "'": "'",
  '"': '"',
};

/** Java's trim(): everything up to the blank. */
export function trim(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && text.charCodeAt(start) <= 0x20) start++;
  while (end > start && text.charCodeAt(end - 1) <= 0x20) end--;
  return text.slice(start, end);
}
