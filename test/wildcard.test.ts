import fc from "fast-check";
import { expect, test } from "vitest";
import { isArnLike, isLike, literalOf, wildcardsOf } from "../src/wildcard.ts";

const pattern = fc.stringMatching(/^[ab/*?]{0,8}$/);
const text = fc.stringMatching(/^[ab/]{0,10}$/);
const expressionOf = (pattern: string) =>
  new RegExp(`^${pattern.replaceAll("*", ".*").replaceAll("?", ".")}$`);

test("agrees with a regular expression", () => {
  fc.assert(
    fc.property(pattern, text, (pattern, text) => {
      expect(isLike(text, wildcardsOf(pattern))).toBe(expressionOf(pattern).test(text));
    }),
    { numRuns: 2_000 },
  );
});

test("a text is like itself, and so is a part of it between two stars", () => {
  fc.assert(
    fc.property(fc.string(), fc.nat(), fc.nat(), (text, start, end) => {
      expect(isLike(text, literalOf(text))).toBe(true);
      const part = text.slice(start % (text.length + 1), end % (text.length + 1));
      expect(isLike(text, [...wildcardsOf("*"), ...literalOf(part), ...wildcardsOf("*")])).toBe(true);
    }),
  );
});

test("a literal stands for itself alone", () => {
  expect(isLike("a*", literalOf("a*"))).toBe(true);
  expect(isLike("ab", literalOf("a*"))).toBe(false);
});

test("the resource of an ARN agrees with a regular expression", () => {
  fc.assert(
    fc.property(pattern, text, (pattern, resource) => {
      const like = isArnLike(`a:b:c:d:e:${resource}`, wildcardsOf(`a:b:c:d:e:${pattern}`));
      expect(like).toBe(expressionOf(pattern).test(resource));
    }),
  );
});

test("a part of an ARN ends at its colon, but for the last", () => {
  const like = (pattern: string) => isArnLike("arn:aws:iam::123456789012:user/a:b", wildcardsOf(pattern));
  expect(like("arn:aws:iam::*:user/*")).toBe(true);
  expect(like("arn:aws:*:user/*")).toBe(false);
  expect(like("arn:aws:*:*:*:*")).toBe(true);
  expect(like("*")).toBe(false);
});

test("a pattern of many stars takes no time that grows with their number of ways", () => {
  expect(isLike("a".repeat(20_000), wildcardsOf(`${"*a".repeat(2_000)}b`))).toBe(false);
});
