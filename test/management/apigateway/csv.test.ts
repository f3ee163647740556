import fc from "fast-check";
import { expect, test } from "vitest";
import { CsvError, csvRecords } from "../../../src/management/apigateway/csv.ts";

const read = (text: string) => [...csvRecords(text)].map(({ fields }) => fields);
const linesOf = (text: string) => [...csvRecords(text)].map(({ line }) => line);

test.each([
  [
    "a,b\nc,d",
    [
      ["a", "b"],
      ["c", "d"],
    ],
  ],
  [
    "a,b\r\nc,d\r\n",
    [
      ["a", "b"],
      ["c", "d"],
    ],
  ],
  ["a\rb", [["a"], ["b"]]],
  ["\uFEFFa,b", [["a", "b"]]],
  [" a , b c\t,\n", [["a", "b c", ""]]],
  [`"a,b",'c,d'`, [["a,b", "c,d"]]],
  [` "a" , 'b' \n`, [["a", "b"]]],
  [`"say ""hi""",'it''s'`, [['say "hi"', "it's"]]],
  [`"it's",O'Brien,5" nails`, [["it's", "O'Brien", `5" nails`]]],
  [`"two\r\nlines",b`, [["two\r\nlines", "b"]]],
  [`" kept "`, [[" kept "]]],
  [`""`, [[""]]],
  ["\n \n\t\n", []],
  ["", []],
  [",,", [["", "", ""]]],
])("%j", (text, records) => {
  expect(read(text)).toEqual(records);
});

test("lines are counted through empty ones and through quoted fields", () => {
  expect(linesOf(`a\n\n"b\nb"\r\nc`)).toEqual([1, 3, 5]);
});

test.each([
  [`a\n"b`, 2, "a quoted field does not end"],
  [`a\n"b\nb"c`, 3, "something follows a quoted field"],
  [",".repeat(100), 1, "more than 100 fields"],
])("%j is refused", (text, line, message) => {
  expect(() => read(text)).toThrow(new CsvError(line, message));
});

const field = fc.string({ unit: fc.constantFrom("a", " ", "\t", ",", '"', "'", "\n", "\r", "é", "=") });
const bare = field.filter((text) => text === text.trim() && !/[,\r\n]|^["']/.test(text) && text !== "");
const blank = fc.string({ unit: fc.constantFrom(" ", "\t"), maxLength: 2 });

/** A field with a way to write it. */
const written = fc.oneof(
  bare.map((text) => ({ text, csv: text })),
  fc.tuple(field, fc.constantFrom('"', "'")).map(([text, quote]) => ({
    text,
    csv: quote + text.replaceAll(quote, quote + quote) + quote,
  })),
);

test("what is written is read again", () => {
  const records = fc.array(fc.array(fc.tuple(written, blank, blank), { minLength: 1, maxLength: 5 }));
  const ends = fc.constantFrom("\n", "\r\n", "\n\n");
  fc.assert(
    fc.property(records, ends, fc.boolean(), (given, end, hasLast) => {
      const lines = given.map((fields) =>
        fields.map(([{ csv }, before, after]) => before + csv + after).join(","),
      );
      const texts = given.map((fields) => fields.map(([{ text }]) => text));
      expect(read(lines.join(end) + (hasLast ? end : ""))).toEqual(texts);
    }),
  );
});

test("any text is read or refused, with no field lost or made up", () => {
  fc.assert(
    fc.property(field, (text) => {
      try {
        for (const fields of read(text)) expect(fields.join("").length).toBeLessThanOrEqual(text.length);
      } catch (error) {
        expect(error).toBeInstanceOf(CsvError);
      }
    }),
  );
});
