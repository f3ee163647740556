import { beforeEach, describe, expect, test, vi } from "vitest";
import { published } from "../../src/definitions/invalidation.ts";
import { snapshotKey, stageKey } from "../../src/definitions/published.ts";
import type { Stage } from "../../src/definitions/rest-api.ts";
import { type ServedStage, stageOf } from "../../src/invoke/deployment-cache.ts";
import type { Env } from "../../src/settings.ts";

/** KV as the cache uses it, in memory. */
class MemoryKv {
  readonly values = new Map<string, string>();
  readonly reads: string[] = [];

  async get(key: string, { type }: { type: "json" | "text" }): Promise<unknown> {
    this.reads.push(key);
    await Promise.resolve();
    const value = this.values.get(key);
    if (value === undefined) return null;
    return type === "json" ? JSON.parse(value) : value;
  }
}

let kv: MemoryKv;
let env: Env;
let apiId = "";
const background: Promise<unknown>[] = [];
const waitUntil = (work: Promise<unknown>) => void background.push(work);
const find = (stageName = "dev") => stageOf(env, apiId, stageName, waitUntil);
const variablesOf = (found: ServedStage | undefined) =>
  found?.protocol === "REST" ? found.variables : found?.stage.stageVariables;

beforeEach(() => {
  vi.useRealTimers();
  kv = new MemoryKv();
  env = { DEFINITIONS: kv as unknown as KVNamespace } as Env;
  // An API of its own: the cache is the isolate's.
  apiId = Math.random().toString(36).slice(2, 12);
});

function deploy(deploymentId: string, variables: Record<string, string> = {}, padding = ""): void {
  const stage = { stageName: "dev", deploymentId, variables } as Partial<Stage>;
  const api = { name: padding, endpointConfiguration: { types: ["REGIONAL"] } };
  const snapshot = { protocol: "REST", apiId, deploymentId, api, resources: [], gatewayResponses: [] };
  kv.values.set(snapshotKey(apiId, deploymentId), JSON.stringify(snapshot));
  kv.values.set(stageKey(apiId, "dev"), JSON.stringify({ protocol: "REST", apiId, stage }));
}

describe("a stage", () => {
  test("is read once; then it is there at once", async () => {
    deploy("d1", { v: "1" });
    expect(variablesOf(await find())).toEqual({ v: "1" });
    const reads = kv.reads.length;
    expect(find()).not.toBeInstanceOf(Promise);
    expect(kv.reads).toHaveLength(reads);
  });

  test("is read once for requests that come together", async () => {
    deploy("d1");
    const found = await Promise.all([find(), find(), find()]);
    expect(new Set(found).size).toBe(1);
    expect(kv.reads).toEqual([stageKey(apiId, "dev"), snapshotKey(apiId, "d1")]);
  });

  test("is read again once it was published, without its snapshot", async () => {
    deploy("d1", { v: "1" });
    const before = await find();
    deploy("d1", { v: "2" });
    published([stageKey(apiId, "dev")]);
    const after = await find();
    expect(variablesOf(after)).toEqual({ v: "2" });
    expect(after?.api).toBe(before?.api);
  });

  test("that is published while it is being read is not kept as it was", async () => {
    deploy("d1", { v: "1" });
    const early = find();
    await Promise.resolve();
    deploy("d1", { v: "2" });
    published([stageKey(apiId, "dev")]);
    await early;
    expect(variablesOf(await find())).toEqual({ v: "2" });
  });

  test("that has become old is served as it was, and read again behind the answer", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    deploy("d1", { v: "1" });
    await find();
    deploy("d1", { v: "2" });
    vi.setSystemTime(Date.now() + 31_000);
    expect(variablesOf(await find())).toEqual({ v: "1" });
    await Promise.all(background.splice(0));
    expect(variablesOf(await find())).toEqual({ v: "2" });
  });

  test("that is not there is remembered for a moment, until it is published", async () => {
    expect(await find()).toBeUndefined();
    deploy("d1");
    expect(find()).toBeUndefined();
    published([stageKey(apiId, "dev")]);
    expect(await find()).toBeDefined();
  });

  test("of a WebSocket API is there as well", async () => {
    const stage = { stageName: "dev", deploymentId: "d1", stageVariables: { v: "1" } };
    const api = { routeSelectionExpression: "$request.body.action" };
    const snapshot = { protocol: "WEBSOCKET", apiId, deploymentId: "d1", api, routes: [], integrations: [] };
    kv.values.set(snapshotKey(apiId, "d1"), JSON.stringify(snapshot));
    kv.values.set(stageKey(apiId, "dev"), JSON.stringify({ protocol: "WEBSOCKET", apiId, stage }));
    const found = await find();
    expect(found?.protocol).toBe("WEBSOCKET");
    expect(variablesOf(found)).toEqual({ v: "1" });
    expect(find()).toBe(found);
  });

  test("whose snapshot is not there is none", async () => {
    deploy("d1");
    kv.values.delete(snapshotKey(apiId, "d1"));
    expect(await find()).toBeUndefined();
  });
});

test("what was not used for longest goes when there is too much", async () => {
  const padding = "x".repeat(3_000_000);
  const ids: string[] = [];
  for (let index = 0; index < 4; index++) {
    apiId = `lru${index}${Math.random().toString(36).slice(2, 8)}`;
    ids.push(apiId);
    deploy("d1", {}, padding);
    await find();
  }
  [apiId = ""] = ids;
  expect(find()).toBeInstanceOf(Promise);
  apiId = ids[3] as string;
  expect(find()).not.toBeInstanceOf(Promise);
});
