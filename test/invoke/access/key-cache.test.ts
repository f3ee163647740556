import { expect, test } from "vitest";
import {
  apiKeyHash,
  apiKeyRecordKey,
  type PublishedApiKey,
  type PublishedUsagePlan,
  usagePlanRecordKey,
} from "../../../src/definitions/api-key.ts";
import { keyOf } from "../../../src/invoke/access/key-cache.ts";
import type { Env } from "../../../src/settings.ts";

const value = "k".repeat(30);
const records = new Map<string, PublishedApiKey | PublishedUsagePlan>([
  [apiKeyRecordKey(apiKeyHash(value)), { id: "key1", enabled: true, planIds: ["plan1", "gone"] }],
  [usagePlanRecordKey("plan1"), { id: "plan1", version: 1, name: "plan", apiStages: {} }],
]);
let reads = 0;
const env = {
  DEFINITIONS: {
    get: async (recordKey: string) => {
      reads++;
      return records.get(recordKey) ?? null;
    },
  },
} as unknown as Env;
const read = (value: string) => keyOf(env, value, () => undefined);

test("a key is read once, with the plans that are there", async () => {
  expect(await read(value)).toEqual({ id: "key1", enabled: true, plans: [records.get("usage-plan/plan1")] });
  reads = 0;
  expect(read(value)).toMatchObject({ id: "key1" });
  expect(reads).toBe(0);
});

test("a value that is no key is looked for once in a while", async () => {
  expect(await read("u".repeat(30))).toBeUndefined();
  reads = 0;
  expect(read("u".repeat(30))).toBeUndefined();
  expect(reads).toBe(0);
});

test("a flood of invented values drives no key out", async () => {
  await read(value);
  for (let count = 0; count < 10_050; count++) await read(`invented-${count}`);
  expect(read(value)).toMatchObject({ id: "key1" });
});
