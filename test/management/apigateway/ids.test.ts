import { expect, test } from "vitest";
import { longId, randomId, shortId } from "../../../src/management/apigateway/ids.ts";

test("ids are of AWS's lengths and characters", () => {
  expect(longId()).toMatch(/^[a-z0-9]{10}$/);
  expect(shortId()).toMatch(/^[a-z0-9]{6}$/);
});

test("every character comes up", () => {
  expect(new Set(randomId(5_000)).size).toBe(36);
});
