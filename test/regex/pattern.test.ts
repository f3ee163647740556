import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Pattern, PatternTooCostly } from "../../src/regex/pattern.ts";

describe("what Java's expressions match", () => {
  test.each([
    ["5\\d{2}", "503", true],
    ["5\\d{2}", "5031", false],
    [".*Error.*", "An Error occurred", true],
    [".*Error.*", "two\nlines Error", false],
    ["(?s).*Error.*", "two\nlines Error", true],
    ["(?i)error", "ERROR", true],
    ["(?i:e)rror", "Error", true],
    ["(?i:e)rror", "ERROR", false],
    ["a|b|", "", true],
    ["(a|ab)(c|bcd)(d*)", "abcd", true],
    ["[a-c&&[^b]]+", "acca", true],
    ["[a-c&&[^b]]+", "abc", false],
    ["[a[0-9]]+", "a1", true],
    ["[]a]+", "]a", true],
    ["\\Qa.b\\E+", "a.bb", true],
    ["\\p{Upper}\\p{Lower}+", "Abc", true],
    ["\\p{L}+", "é", true],
    ["a++a", "aaa", false],
    ["(?>a+)a", "aaa", false],
    ["a*?b", "aab", true],
    ["(?<x>.)\\k<x>", "aa", true],
    ["(.)\\1", "ab", false],
    ["(?=.*\\d)(?=.*[a-z]).{4,}", "abc1", true],
    ["(?=.*\\d)(?=.*[a-z]).{4,}", "abcd", false],
    [".*(?<!x)y", "ay", true],
    [".*(?<!x)y", "xy", false],
    ["\\bword\\b", "word", true],
    ["\\x41\\u0042\\t", "AB\t", true],
    [".", "\u{1f600}", true],
    ["[\u{1f600}-\u{1f64f}]", "\u{1f602}", true],
    ["(?x) a b # comment", "ab", true],
    ["a{2,3}", "aaaa", false],
    ["(ab){2}", "abab", true],
    ["", "", true],
  ])("/%s/ and %j: %s", (source, text, expected) => {
    expect(new Pattern(source).matches(text)).toBe(expected);
  });

  test.each(["(", ")", "[", "a{3,2}", "*", "a**b(", "\\", "\\p{Nothing}", "(?<x", "[b-a]", "\\y", "(?'x'a)"])(
    "/%s/ is none",
    (source) => {
      expect(() => new Pattern(source)).toThrow(SyntaxError);
    },
  );

  test("a dollar sign stands before the last newline, in ECMAScript only at the end", () => {
    expect(new Pattern("a$").test("a\n")).toBe(true);
    expect(new Pattern("a$", "", "ecmascript").test("a\n")).toBe(false);
  });

  test("matches and their groups", () => {
    const matches = [...new Pattern("(a)|(b)").findAll("xaxb")];
    expect(matches).toEqual([
      { start: 1, end: 2, groups: [undefined, "a", undefined] },
      { start: 3, end: 4, groups: [undefined, undefined, "b"] },
    ]);
  });
});

test("it finds what JavaScript finds", () => {
  const atom = fc.constantFrom(
    "a",
    "b",
    ".",
    "[ab]",
    "[^a]",
    "\\w",
    "(a)",
    "(a|b)",
    "(?:ab)",
    "(?=a)",
    "\\b",
    "^",
    "$",
  );
  const piece = fc
    .tuple(atom, fc.constantFrom("", "", "*", "+", "?", "*?", "{1,2}"))
    .map(([one, count]) => (/^(\^|\$|\\b|\(\?=a\))$/.test(one.replace("\\\\", "\\")) ? one : one + count));
  fc.assert(
    fc.property(
      fc.array(piece, { minLength: 1, maxLength: 5 }),
      fc.stringMatching(/^[abc ]{0,12}$/),
      (pieces, text) => {
        const source = pieces.join("");
        const expected = new RegExp(source).exec(text);
        const found = new Pattern(source, "", "ecmascript").find(text, 0);
        expect(found && text.slice(found.start, found.end)).toBe(expected?.[0]);
        expect(found?.start).toBe(expected?.index);
      },
    ),
    { numRuns: 2000 },
  );
});

test.each([
  ["(a+)+$", `${"a".repeat(40)}!`],
  ["(a|aa)+$", `${"a".repeat(60)}!`],
  ["(.*)*x", "y".repeat(200)],
  ["(?:a?){50}a{50}", "a".repeat(50)],
  ["(x+x+)+y", "x".repeat(100)],
  ["(?=(a+))*b", "a".repeat(10_000)],
  ["(a|b)*c", "ab".repeat(10_000)],
])("/%s/ does not hold the isolate", (source, text) => {
  const match = () => new Pattern(source).matches(text);
  try {
    expect(match()).toBe(false);
  } catch (error) {
    expect(error).toBeInstanceOf(PatternTooCostly);
  }
});
