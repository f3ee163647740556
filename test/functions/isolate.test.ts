import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { generateIsolate, isolatePath } from "../../scripts/generate-isolate.ts";

test("the isolate's main module is what its sources say: else run scripts/generate-isolate.ts", async () => {
  expect((await readFile(isolatePath, "utf8")) === (await generateIsolate())).toBe(true);
});
