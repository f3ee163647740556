import fc from "fast-check";
import { expect, test } from "vitest";
import { type JavaMap, print, printJson } from "../../../../src/invoke/mapping/java/values.ts";
import { readJson } from "../../../../src/invoke/mapping/json/read.ts";

test("plain JSON is read as anything else is", () => {
  const number = fc.oneof(
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(-0, 1e21, 2 ** 53),
  );
  const key = fc.oneof(
    fc.string(),
    fc.constantFrom("__proto__", "constructor", "7", "-0", "a.0", "\u007f", "é"),
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      fc.string({ unit: "binary" }),
      number,
      fc.boolean(),
      fc.constant(null),
      fc.array(tie("value"), { maxLength: 4 }),
      fc.dictionary(key, tie("value"), { maxKeys: 4 }),
    ),
  }));
  fc.assert(
    fc.property(value, fc.boolean(), (json, isSpaced) => {
      const text = JSON.stringify([json], undefined, isSpaced ? 1 : 0);
      // What follows the first value does not count, but JSON.parse does not take it.
      const slowly = readJson(`${text} }`);
      const read = readJson(text);
      expect(printJson(read)).toBe(printJson(slowly));
      expect(print(read)).toBe(print(slowly));
    }),
    { numRuns: 3000 },
  );
});

test("what is read is one and the same however it is asked for", () => {
  const map = readJson('{"a": {"b": 1}, "l": [{"c": 2}]}') as JavaMap;
  const inner = map.get("a");
  expect(map.entries.get("a")).toBe(inner);
  expect(map.get("a")).toBe(inner);
  expect([...map.entries.keys()]).toEqual(["a", "l"]);
});
