import { beforeEach, describe, expect, test } from "vitest";
import { account, replace } from "./calling.ts";

let { call, refused } = account();
let usagePlanId = "";
let keyIds: string[] = [];

beforeEach(() => {
  ({ call, refused } = account());
  usagePlanId = call("CreateUsagePlan", { name: "plan", quota: { limit: 10, period: "DAY" } }).id;
  keyIds = ["a", "b"].map((name) => call("CreateApiKey", { name }).id);
  for (const keyId of keyIds) call("CreateUsagePlanKey", { usagePlanId, keyId, keyType: "API_KEY" });
});

const dates = { startDate: "2026-02-27", endDate: "2026-03-01" };
const find = (input: object = {}) => call("GetUsage", { usagePlanId, ...dates, ...input });

describe("finding what GetUsage counts", () => {
  test("every day, for the plan's keys in the order of their list", () => {
    expect(find()).toEqual({
      plan: { id: usagePlanId, quota: { limit: 10, offset: 0, period: "DAY" } },
      keyIds: [...keyIds].reverse(),
      days: ["2026-02-27", "2026-02-28", "2026-03-01"],
    });
  });

  test("one key, and pages of keys", () => {
    expect(find({ keyId: keyIds[0] }).keyIds).toEqual([keyIds[0]]);
    const { keyIds: first, position } = find({ limit: 1 });
    expect([...first, ...find({ limit: 1, position }).keyIds]).toEqual([...keyIds].reverse());
  });

  test("ninety days", () => {
    expect(find({ startDate: "2026-01-01", endDate: "2026-03-31" }).days).toHaveLength(90);
  });

  test.each([
    [{ startDate: "2026-03-02" }, "BadRequestException: Start date must not be after end date"],
    [{ startDate: "2025-12-01" }, "BadRequestException: The date range must not exceed 90 days"],
    [
      { startDate: "0000-01-01", endDate: "9999-12-31" },
      "BadRequestException: The date range must not exceed 90 days",
    ],
    [{ usagePlanId: "nothing" }, "NotFoundException: Invalid Usage Plan ID specified"],
    [{ keyId: "nothing" }, "NotFoundException: Invalid API Key identifier specified"],
  ])("refuses %j", (input, refusal) => {
    expect(refused("GetUsage", { usagePlanId, ...dates, ...input })).toBe(refusal);
  });

  test.each(["2026-02-30", "2026-2-1", "01-02-2026", "2026-13-01", "today", "", "+02026-01-01"])(
    "refuses %j, which is no date",
    (startDate) => {
      expect(refused("GetUsage", { usagePlanId, ...dates, startDate })).toBe(
        `BadRequestException: Invalid date specified: ${startDate}. Dates must be formatted as yyyy-MM-dd`,
      );
    },
  );

  test("refuses a key of another plan", () => {
    const { id: keyId } = call("CreateApiKey");
    expect(refused("GetUsage", { usagePlanId, ...dates, keyId })).toBe(
      "NotFoundException: Invalid API Key identifier specified",
    );
  });
});

describe("finding what UpdateUsage extends", () => {
  const extending = (operation: object, plan = usagePlanId) => ({
    usagePlanId: plan,
    keyId: keyIds[0],
    patchOperations: [operation],
  });

  test("the remaining quota, replaced", () => {
    expect(call("UpdateUsage", extending(replace("/remaining", "100")))).toEqual({
      plan: { id: usagePlanId, quota: { limit: 10, offset: 0, period: "DAY" } },
      remaining: 100,
    });
  });

  test.each([
    [
      { op: "add", path: "/remaining", value: "1" },
      "Invalid patch path  '/remaining' specified for op 'add'. Must be one of: []",
    ],
    [
      replace("/limit", "1"),
      "Invalid patch path  '/limit' specified for op 'replace'. Must be one of: [/remaining]",
    ],
    [replace("/remaining", "-1"), "Remaining quota must be between zero and 2147483647 inclusive"],
    [replace("/remaining", "many"), "Remaining quota must be between zero and 2147483647 inclusive"],
    [replace("/remaining", "9999999999"), "Remaining quota must be between zero and 2147483647 inclusive"],
  ])("refuses %j", (operation, message) => {
    expect(refused("UpdateUsage", extending(operation))).toBe(`BadRequestException: ${message}`);
  });

  test("refuses a plan without a quota", () => {
    const { id } = call("CreateUsagePlan", { name: "open" });
    call("CreateUsagePlanKey", { usagePlanId: id, keyId: keyIds[0], keyType: "API_KEY" });
    expect(refused("UpdateUsage", extending(replace("/remaining", "1"), id))).toBe(
      `BadRequestException: Usage Plan ${id} has no quota`,
    );
  });
});
