/**
 * Comma-separated values as the guide's api-key-file-format has them: RFC 4180, but with double or single quotes, and
 * with blanks around a field that do not count.
 */

/** Fields of a record; more are no table but an attack. */
const mostFields = 100;

export class CsvError extends Error {
  /** Counted from 1. */
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.name = "CsvError";
    this.line = line;
  }
}

export interface CsvRecord {
  /** The line on which it begins, counted from 1. */
  line: number;
  fields: string[];
}

const blanks = /[ \t]*/y;
const bareField = /[^,\r\n]*/y;
const lineEnd = /\r\n|\r|\n/y;

/**
 * Records one by one, so that who reads them may stop; lines with nothing but blanks are none.
 * @throws CsvError for a quoted field that does not end, or that something follows
 */
export function* csvRecords(text: string): Generator<CsvRecord> {
  let at = text.startsWith("\uFEFF") ? 1 : 0;
  let line = 1;

  const take = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    const taken = pattern.exec(text)?.[0] ?? "";
    at += taken.length;
    return taken;
  };

  /** `at` stands on the opening quote. Doubled, a quote is one of the field's. */
  const takeQuoted = (quote: string): string => {
    const start = line;
    let value = "";
    for (;;) {
      const end = text.indexOf(quote, at + 1);
      if (end === -1) throw new CsvError(start, "a quoted field does not end");
      value += text.slice(at + 1, end);
      at = end + 1;
      if (text[at] !== quote) break;
      value += quote;
    }
    line += value.match(/\r\n|\r|\n/g)?.length ?? 0;
    take(blanks);
    const follows = text[at];
    if (follows !== undefined && follows !== "," && follows !== "\r" && follows !== "\n") {
      throw new CsvError(line, "something follows a quoted field");
    }
    return value;
  };

  while (at < text.length) {
    const record: CsvRecord = { line, fields: [] };
    const start = at;
    for (;;) {
      take(blanks);
      const first = text[at];
      const isQuoted = first === '"' || first === "'";
      record.fields.push(isQuoted ? takeQuoted(first) : take(bareField).trimEnd());
      if (record.fields.length > mostFields) throw new CsvError(line, `more than ${mostFields} fields`);
      if (text[at] !== ",") break;
      at++;
    }
    if (text.slice(start, at).trim() !== "") yield record;
    if (take(lineEnd) !== "") line++;
  }
}
