/**
 * What the evaluator prints, beside what the real Apache Velocity 1.7 printed. `npm run velocity` compares anew, with
 * as many templates as one likes, and writes these files.
 */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type Case, generate } from "./generate.ts";
import { handWritten } from "./hand-written.ts";
import { render } from "./render.ts";

const golden = (name: string): Record<string, string | null> =>
  JSON.parse(readFileSync(new URL(`golden/${name}.json`, import.meta.url).pathname, "utf8"));

function differences(cases: Case[], expected: Record<string, string | null>) {
  return cases
    .filter(({ id }) => Object.hasOwn(expected, id))
    .map((one) => ({ template: one.template, printed: render(one), expected: expected[one.id] }))
    .filter(({ printed, expected }) => printed !== expected);
}

test("every hand-written template prints what Velocity prints", () => {
  const expected = golden("hand-written");
  expect(Object.keys(expected).length).toBeGreaterThan(400);
  expect(differences(handWritten, expected)).toEqual([]);
});

test.each([1, 2, 3])("a thousand generated templates print what Velocity prints (seed %i)", (seed) => {
  const expected = golden(`seed-${seed}`);
  expect(Object.keys(expected).length).toBeGreaterThan(980);
  expect(differences(generate(seed, 1000), expected)).toEqual([]);
});
