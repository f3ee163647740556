/**
 * JSON as AWS's reader (json-smart) takes it: single quotes, bare words and trailing commas pass, and text that is no
 * JSON is one string (mapping-templates, "$input").
 */

/** Levels of nesting; what is deeper is text. */
const deepest = 500;

/** @returns objects without a prototype's members in the way: keys are own members, `__proto__` too */
export function parsePermissively(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    try {
      return new Reader(text).read();
    } catch {
      return text;
    }
  }
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): unknown {
    const value = this.#value(0);
    this.#skip();
    if (this.#at < this.#text.length) throw new SyntaxError();
    return value;
  }

  #skip(): void {
    while (/\s/.test(this.#text[this.#at] ?? "")) this.#at++;
  }

  #value(depth: number): unknown {
    if (depth > deepest) throw new SyntaxError();
    this.#skip();
    switch (this.#text[this.#at]) {
      case "{":
        return this.#object(depth);
      case "[":
        return this.#array(depth);
      case '"':
      case "'":
        return this.#quoted();
      default:
        return scalarOf(this.#bare(/[,}\]]/));
    }
  }

  #object(depth: number): object {
    const entries: [string, unknown][] = [];
    this.#at++;
    for (;;) {
      this.#skip();
      const next = this.#text[this.#at];
      if (next === "}") break;
      if (next === ",") {
        this.#at++;
        continue;
      }
      const key = next === '"' || next === "'" ? this.#quoted() : this.#bare(/[:,}]/);
      this.#skip();
      if (this.#text[this.#at] !== ":") throw new SyntaxError();
      this.#at++;
      entries.push([key, this.#value(depth + 1)]);
      this.#separator("}");
    }
    this.#at++;
    return Object.fromEntries(entries);
  }

  #array(depth: number): unknown[] {
    const elements: unknown[] = [];
    this.#at++;
    for (;;) {
      this.#skip();
      const next = this.#text[this.#at];
      if (next === "]") break;
      if (next === ",") {
        this.#at++;
        continue;
      }
      elements.push(this.#value(depth + 1));
      this.#separator("]");
    }
    this.#at++;
    return elements;
  }

  #separator(end: string): void {
    this.#skip();
    const next = this.#text[this.#at];
    if (next === ",") this.#at++;
    else if (next !== end) throw new SyntaxError();
  }

  #quoted(): string {
    const quote = this.#text[this.#at];
    const start = ++this.#at;
    let escaped = false;
    for (; this.#at < this.#text.length; this.#at++) {
      const character = this.#text[this.#at];
      if (character === "\\") {
        escaped = true;
        this.#at++;
      } else if (character === quote) {
        const inside = this.#text.slice(start, this.#at++);
        return escaped ? withoutEscapes(inside) : inside;
      }
    }
    throw new SyntaxError();
  }

  #bare(end: RegExp): string {
    const start = this.#at;
    while (this.#at < this.#text.length && !end.test(this.#text[this.#at] as string)) this.#at++;
    const word = this.#text.slice(start, this.#at).trim();
    if (word === "") throw new SyntaxError();
    return word;
  }
}

const escapes: Record<string, string> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

const withoutEscapes = (text: string): string =>
  text.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/gs, (_, hex?: string, character?: string) =>
    hex
      ? String.fromCharCode(Number.parseInt(hex, 16))
      : (escapes[character as string] ?? (character as string)),
  );

function scalarOf(word: string): unknown {
  switch (word) {
    case "true":
      return true;
    case "false":
      return false;
    case "null":
      return null;
    default:
      return /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(word) ? Number(word) : word;
  }
}
