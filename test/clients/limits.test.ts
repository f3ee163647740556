/** API keys, throttles and quotas on the way of a request, with real clients. */

import { setTimeout as sleep } from "node:timers/promises";
import {
  DeleteUsagePlanCommand,
  DeleteUsagePlanKeyCommand,
  GetUsageCommand,
  UpdateApiKeyCommand,
  UpdateUsageCommand,
  UpdateUsagePlanCommand,
} from "@aws-sdk/client-api-gateway";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Gateway, startGateway } from "../gateway.ts";
import { apiGatewayClient } from "./clients.ts";
import { mock, TestApi } from "./rest-api.ts";
import { addKey, createApiKey, createUsagePlan, type PlanSettings } from "./usage-plan.ts";

let gateway: Gateway;
let client: ReturnType<typeof apiGatewayClient>;
let api: TestApi;

beforeAll(async () => {
  gateway = await startGateway();
  client = apiGatewayClient(gateway.origin);
  api = await TestApi.create(client);
  for (const path of ["/pets", "/slow", "/open"]) {
    await api.method("GET", path, {
      method: { apiKeyRequired: path !== "/open" },
      integration: mock(),
      responses: [{}],
    });
  }
  await api.method("GET", "/who", {
    method: { apiKeyRequired: true },
    integration: mock(),
    responses: [
      { responseTemplates: { "application/json": "$context.identity.apiKeyId $context.identity.apiKey" } },
    ],
  });
  await api.deploy();
});
afterAll(() => gateway.stop());

const get = (path: string, apiKey?: string) =>
  fetch(api.url(gateway.origin, path), { headers: apiKey ? { "x-api-key": apiKey } : {} });
const statusOf = async (path: string, apiKey?: string) => {
  const response = await get(path, apiKey);
  await response.arrayBuffer();
  return response.status;
};

const createPlan = (settings: PlanSettings = {}) =>
  createUsagePlan(client, { apiStages: [{ apiId: api.id, stage: "test" }], ...settings });

async function createKey(planId?: string) {
  const key = await createApiKey(client);
  if (planId) await addKey(client, planId, key.id);
  return key;
}

const today = () => new Date().toISOString().slice(0, 10);
async function usageOf(usagePlanId: string, keyId: string): Promise<number[] | undefined> {
  const { items } = await client.send(
    new GetUsageCommand({ usagePlanId, keyId, startDate: today(), endDate: today() }),
  );
  return items?.[keyId]?.[0];
}

/** So many requests, some at once. @returns how many had each status */
async function load(path: string, apiKey: string, count: number): Promise<Record<number, number>> {
  const statuses: Record<number, number> = {};
  let sent = 0;
  await Promise.all(
    Array.from({ length: 20 }, async () => {
      while (sent++ < count) {
        const status = await statusOf(path, apiKey);
        statuses[status] = (statuses[status] ?? 0) + 1;
      }
    }),
  );
  return statuses;
}

describe("a method that requires an API key", () => {
  test("is closed without one, with one that nobody knows, and with one that is in no plan of the stage", async () => {
    const { value } = await createKey();
    for (const key of [undefined, "short", "k".repeat(30), "k".repeat(129), value]) {
      const response = await get("/pets", key);
      expect(response.status).toBe(403);
      expect(response.headers.get("x-amzn-errortype")).toBe("ForbiddenException");
      expect(await response.text()).toBe('{"message":"Forbidden"}');
    }
  });

  test("opens with the first plan that the key comes into, and closes when the key is disabled", async () => {
    const key = await createKey();
    expect(await statusOf("/pets", key.value)).toBe(403);
    await addKey(client, await createPlan(), key.id);
    expect(await statusOf("/pets", key.value)).toBe(200);
    const enabled = (value: string) =>
      client.send(
        new UpdateApiKeyCommand({
          apiKey: key.id,
          patchOperations: [{ op: "replace", path: "/enabled", value }],
        }),
      );
    await enabled("false");
    expect(await statusOf("/pets", key.value)).toBe(403);
    await enabled("true");
    expect(await statusOf("/pets", key.value)).toBe(200);
  });

  test("tells integrations and templates which key it was", async () => {
    const key = await createKey(await createPlan());
    const response = await get("/who", key.value);
    expect(await response.text()).toBe(`${key.id} ${key.value}`);
  });

  test("closes when the plan is deleted while it is in use", async () => {
    const planId = await createPlan();
    const key = await createKey(planId);
    expect(await statusOf("/pets", key.value)).toBe(200);
    const stage = `${api.id}:test`;
    await client.send(
      new UpdateUsagePlanCommand({
        usagePlanId: planId,
        patchOperations: [{ op: "remove", path: "/apiStages", value: stage }],
      }),
    );
    expect(await statusOf("/pets", key.value)).toBe(403);
    await client.send(new DeleteUsagePlanCommand({ usagePlanId: planId }));
    expect(await statusOf("/pets", key.value)).toBe(403);
  });
});

describe("a plan's throttle", () => {
  test("of one a second lets one pass a second", async () => {
    const key = await createKey(await createPlan({ throttle: { rateLimit: 1, burstLimit: 1 } }));
    expect(await statusOf("/pets", key.value)).toBe(200);
    const refused = await get("/pets", key.value);
    expect(refused.status).toBe(429);
    expect(refused.headers.get("x-amzn-errortype")).toBe("TooManyRequestsException");
    expect(await refused.text()).toBe('{"message":"Too Many Requests"}');
    await sleep(1100);
    expect(await statusOf("/pets", key.value)).toBe(200);
  });

  test("counts for each key by itself", async () => {
    const planId = await createPlan({ throttle: { rateLimit: 1, burstLimit: 1 } });
    const [one, other] = [await createKey(planId), await createKey(planId)];
    expect(await statusOf("/pets", one.value)).toBe(200);
    expect(await statusOf("/pets", other.value)).toBe(200);
  });

  test("of a method comes before the plan's own, and takes nothing from it when it refuses", async () => {
    const key = await createKey(
      await createPlan({
        throttle: { rateLimit: 0.1, burstLimit: 3 },
        apiStages: [
          { apiId: api.id, stage: "test", throttle: { "/slow/GET": { rateLimit: 0.1, burstLimit: 1 } } },
        ],
      }),
    );
    expect(await statusOf("/slow", key.value)).toBe(200);
    for (let count = 0; count < 5; count++) expect(await statusOf("/slow", key.value)).toBe(429);
    expect(await statusOf("/pets", key.value)).toBe(200);
    expect(await statusOf("/pets", key.value)).toBe(200);
    expect(await statusOf("/pets", key.value)).toBe(429);
  });

  test("of nothing lets nothing pass", async () => {
    const key = await createKey(await createPlan({ throttle: { rateLimit: 0, burstLimit: 0 } }));
    expect(await statusOf("/pets", key.value)).toBe(429);
  });

  test("is as large as it says, however many ask at once", async () => {
    const key = await createKey(await createPlan({ throttle: { rateLimit: 0.1, burstLimit: 50 } }));
    expect(await load("/pets", key.value, 200)).toEqual({ 200: 50, 429: 150 });
  });

  test("changes for those who are in the middle of it", async () => {
    const planId = await createPlan({ throttle: { rateLimit: 0.1, burstLimit: 1 } });
    const key = await createKey(planId);
    expect(await load("/pets", key.value, 5)).toEqual({ 200: 1, 429: 4 });
    await client.send(
      new UpdateUsagePlanCommand({
        usagePlanId: planId,
        patchOperations: [
          { op: "replace", path: "/throttle/rateLimit", value: "1000" },
          { op: "replace", path: "/throttle/burstLimit", value: "1000" },
        ],
      }),
    );
    await expect.poll(() => statusOf("/pets", key.value), { timeout: 10_000 }).toBe(200);
    // The larger bucket fills from what there was.
    await sleep(500);
    expect(await load("/pets", key.value, 50)).toEqual({ 200: 50 });
  });
});

test("a stage's throttle counts for the method, whoever asks, and -1 is none", async () => {
  const set = (rate: string, burst: string) =>
    api.updateStage({
      "/~1open/GET/throttling/rateLimit": rate,
      "/~1open/GET/throttling/burstLimit": burst,
    });
  await set("0.1", "2");
  expect([await statusOf("/open"), await statusOf("/open"), await statusOf("/open")]).toEqual([
    200, 200, 429,
  ]);
  const key = await createKey(await createPlan());
  expect(await statusOf("/pets", key.value)).toBe(200);
  await set("0", "0");
  expect(await statusOf("/open")).toBe(429);
  await set("-1", "-1");
  expect(await statusOf("/open")).toBe(200);
});

describe("a quota", () => {
  test("lets as many pass as it says, tells how many those were, and can be extended", async () => {
    const planId = await createPlan({ quota: { limit: 3, period: "DAY", offset: 0 } });
    const key = await createKey(planId);
    for (let count = 0; count < 3; count++) expect(await statusOf("/pets", key.value)).toBe(200);
    const refused = await get("/pets", key.value);
    expect(refused.status).toBe(429);
    expect(refused.headers.get("x-amzn-errortype")).toBe("LimitExceededException");
    expect(await refused.text()).toBe('{"message":"Limit Exceeded"}');
    expect(await usageOf(planId, key.id)).toEqual([3, 0]);
    const extended = await client.send(
      new UpdateUsageCommand({
        usagePlanId: planId,
        keyId: key.id,
        patchOperations: [{ op: "replace", path: "/remaining", value: "2" }],
      }),
    );
    expect(extended.items?.[key.id]).toEqual([[3, 2]]);
    await expect.poll(() => statusOf("/pets", key.value), { timeout: 10_000, interval: 500 }).toBe(200);
    expect(await statusOf("/pets", key.value)).toBe(200);
    expect(await statusOf("/pets", key.value)).toBe(429);
  });

  test("is exact under load, and the usage two seconds after it", async () => {
    const planId = await createPlan({ quota: { limit: 500, period: "MONTH", offset: 0 } });
    const key = await createKey(planId);
    expect(await load("/pets", key.value, 400)).toEqual({ 200: 400 });
    await sleep(2000);
    expect(await usageOf(planId, key.id)).toEqual([400, 100]);
    const { 200: passed } = await load("/pets", key.value, 400);
    expect(passed).toBe(100);
  });

  test("is not there, but requests are counted", async () => {
    const planId = await createPlan();
    const key = await createKey(planId);
    await load("/pets", key.value, 137);
    await sleep(2000);
    expect(await usageOf(planId, key.id)).toEqual([137, -1]);
  });

  test("is not used by what a throttle refuses", async () => {
    const planId = await createPlan({
      throttle: { rateLimit: 0.1, burstLimit: 5 },
      quota: { limit: 100, period: "DAY", offset: 0 },
    });
    const key = await createKey(planId);
    expect(await load("/pets", key.value, 60)).toEqual({ 200: 5, 429: 55 });
    await sleep(2000);
    expect(await usageOf(planId, key.id)).toEqual([5, 95]);
  });
});

test("a key that moves between plans under load is always in one of them or refused, and every request is counted", async () => {
  const plans = [await createPlan(), await createPlan()];
  const key = await createKey(plans[0]);
  let isMoving = true;
  const loading = (async () => {
    let passed = 0;
    while (isMoving) passed += (await load("/pets", key.value, 40))[200] ?? 0;
    return passed;
  })();
  let place = 0;
  for (let move = 0; move < 6; move++) {
    await client.send(new DeleteUsagePlanKeyCommand({ usagePlanId: plans[place] as string, keyId: key.id }));
    place = 1 - place;
    await addKey(client, plans[place] as string, key.id);
  }
  isMoving = false;
  const passed = await loading;
  await sleep(2000);
  await client.send(new DeleteUsagePlanKeyCommand({ usagePlanId: plans[place] as string, keyId: key.id }));
  let counted = 0;
  for (const plan of plans) {
    await addKey(client, plan, key.id);
    counted += (await usageOf(plan, key.id))?.[0] ?? 0;
    await client.send(new DeleteUsagePlanKeyCommand({ usagePlanId: plan, keyId: key.id }));
  }
  expect(counted).toBe(passed);
});

test("refusals are counted by API, stage and plan", async () => {
  const planId = await createPlan({ throttle: { rateLimit: 0.1, burstLimit: 1 } });
  const key = await createKey(planId);
  await load("/pets", key.value, 3);
  const series = `sallyport_requests_throttled_total{api="${api.id}",stage="test",plan="${planId}",limit="plan"} 2`;
  const page = async () => (await fetch(`${gateway.origin}/_sallyport/metrics`)).text();
  await expect.poll(page, { timeout: 5000 }).toContain(series);
  expect(await page()).toMatch(
    /sallyport_requests_key_refused_total\{api="\w+",stage="test",reason="missing"\} \d+/,
  );
  expect(await page()).toContain("# TYPE sallyport_requests_over_quota_total counter");
});
