import { expect, test } from "vitest";
import { traceIdOf } from "../../src/invoke/trace-id.ts";

const now = Date.UTC(2026, 10, 25);
const root = "1-3152b799-8954dae64eda91bc9a23a7e8";

test("without a header a new trace begins", () => {
  const { request, response } = traceIdOf(null, now);
  expect(request).toMatch(/^Root=1-6b062500-[0-9a-f]{24}$/);
  expect(response).toMatch(new RegExp(`^${request};Parent=[0-9a-f]{16};Sampled=0$`));
});

test("a whole header goes on as it is", () => {
  const header = `Root=${root};Parent=7fa8c0f79203be72;Sampled=1`;
  const { request, response } = traceIdOf(header, now);
  expect([request, response]).toEqual([header, header]);
});

test("a root alone gets a parent in the response", () => {
  const { request, response } = traceIdOf(`Root=${root}`, now);
  expect(request).toBe(`Root=${root}`);
  expect(response).toMatch(new RegExp(`^Root=${root};Parent=[0-9a-f]{16};Sampled=0$`));
});

test.each([
  ["another root", "Root=evil"],
  ["separators", "Root=;;=="],
  ["a word", "nonsense"],
  ["too long a root", `Root=${root}0`],
  ["nine thousand separators", ";".repeat(9_000)],
])("%s is no trace", (_, header) => {
  expect(traceIdOf(header, now).request).toMatch(/^Root=1-6b062500-/);
});

test("parts that are not well-formed are left out", () => {
  expect(traceIdOf(`Root=${root};Parent=x;Sampled=?;Self=y`, now).request).toBe(`Root=${root}`);
});
