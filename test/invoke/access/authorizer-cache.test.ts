import fc from "fast-check";
import { expect, test } from "vitest";
import { AuthorizerCache } from "../../../src/invoke/access/authorizer-cache.ts";
import { type AuthorizerResult, readAuthorizerResult } from "../../../src/invoke/access/authorizer-result.ts";

const resultOf = (principalId: string): AuthorizerResult =>
  readAuthorizerResult(JSON.stringify({ principalId, policyDocument: { Statement: [] } }));

test("keeps a result until it expires", async () => {
  const cache = new AuthorizerCache();
  const now = Date.now();
  const result = await cache.make("key", 60_000, async () => resultOf("a"));
  expect(cache.get("key", now)).toBe(result);
  expect(cache.get("other", now)).toBeUndefined();
  expect(cache.get("key", now + 120_000)).toBeUndefined();
  expect(cache.get("key", now)).toBeUndefined();
});

test("shows a call that is under way, and keeps no failure", async () => {
  const cache = new AuthorizerCache();
  const call = cache.make("key", 60_000, () => Promise.reject(new Error("no")));
  expect(cache.pending("key")).toBeInstanceOf(Promise);
  await expect(cache.pending("key")).rejects.toThrow("no");
  await expect(call).rejects.toThrow("no");
  expect(cache.pending("key")).toBeUndefined();
  expect(cache.get("key", Date.now())).toBeUndefined();
});

test("is bounded: what was not used for longest goes first", async () => {
  const cache = new AuthorizerCache(300);
  for (const key of ["a", "b", "c"]) await cache.make(key, 60_000, async () => resultOf("x".repeat(90)));
  const now = Date.now();
  expect(cache.get("a", now)).toBeUndefined();
  expect(cache.get("b", now)).toBeDefined();
  await cache.make("d", 60_000, async () => resultOf("x".repeat(90)));
  expect(cache.get("b", now)).toBeDefined();
  expect(cache.get("c", now)).toBeUndefined();
});

test("never holds more than it may, whatever comes and goes", async () => {
  const step = fc.record({
    key: fc.constantFrom("a", "b", "c", "d"),
    length: fc.nat(200),
    late: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const cache = new AuthorizerCache(300);
      for (const { key, length, late } of steps) {
        await cache.make(key, 60_000, async () => resultOf("x".repeat(length)));
        if (late) cache.get(key, Date.now() + 120_000);
        const held = ["a", "b", "c", "d"].flatMap((one) => cache.get(one, Date.now()) ?? []);
        const size = held.reduce((sum, { principalId }) => sum + principalId.length, 0);
        expect(size).toBeLessThanOrEqual(300);
      }
    }),
  );
});
