import { beforeEach, describe, expect, test } from "vitest";
import { apiKeyHash, apiKeyRecordKey } from "../../../src/definitions/api-key.ts";
import { account } from "./calling.ts";

let { call, refused, published, createDeployable } = account();
let planId = "";

beforeEach(() => {
  ({ call, refused, published, createDeployable } = account());
  planId = createPlan();
});

const createPlan = (...apiStages: object[]): string =>
  call("CreateUsagePlan", { name: "plan", apiStages }).id;
const createKey = (name = "key") => call("CreateApiKey", { name });
const attaching = (keyId: string, usagePlanId = planId, keyType = "API_KEY") => ({
  usagePlanId,
  keyId,
  keyType,
});
const attach = (keyId: string, usagePlanId?: string) =>
  call("CreateUsagePlanKey", attaching(keyId, usagePlanId));
const listed = (input: object = {}): string[] =>
  call("GetUsagePlanKeys", { usagePlanId: planId, ...input }).items.map(({ id }: { id: string }) => id);
const planIdsOf = ({ value }: { value: string }) =>
  published.get(apiKeyRecordKey(apiKeyHash(value)))?.planIds;
const noKey = "NotFoundException: Invalid API Key identifier specified";
const noPlan = "NotFoundException: Invalid Usage Plan ID specified";

test("a key joins a plan, with the recorded answer", () => {
  const { id, value } = createKey();
  const shown = { id, name: "key", type: "API_KEY", value };
  expect(attach(id)).toEqual(shown);
  expect(call("GetUsagePlanKey", { usagePlanId: planId, keyId: id })).toEqual(shown);
  expect(call("GetUsagePlanKeys", { usagePlanId: planId })).toEqual({ items: [shown] });
});

test("the last to join is listed first; names are found from their beginning; pages", () => {
  const [a, b] = [createKey("test-key-a").id, createKey("test-key-b").id];
  attach(b);
  attach(a);
  expect(listed()).toEqual([a, b]);
  expect(listed({ nameQuery: "test-key" })).toEqual([a, b]);
  expect(listed({ nameQuery: "test-key-b" })).toEqual([b]);
  expect(listed({ nameQuery: "TEST-key" })).toEqual([]);
  expect(listed({ limit: 1 })).toEqual([a]);
  const { position } = call("GetUsagePlanKeys", { usagePlanId: planId, limit: 1 });
  expect(listed({ limit: 1, position })).toEqual([b]);
  expect(listed({ limit: -1 })).toEqual([]);
  expect(listed({ usagePlanId: "bad-id" })).toEqual([]);
});

test.each([
  ["CreateUsagePlanKey", { usagePlanId: "nothing" }, noPlan],
  ["CreateUsagePlanKey", { keyId: "nothing" }, noKey],
  [
    "CreateUsagePlanKey",
    { keyType: "OTHER" },
    "BadRequestException: Invalid key type specified. Must be one of: [API_KEY]",
  ],
  ["GetUsagePlanKey", { usagePlanId: "nothing" }, noPlan],
  ["GetUsagePlanKey", {}, noKey],
  ["DeleteUsagePlanKey", {}, noKey],
])("%s %j is refused", (operation, input, refusal) => {
  const { id } = createKey();
  expect(refused(operation, { ...attaching(id), ...input })).toBe(refusal);
});

test("a key is in a plan once", () => {
  const { id } = createKey();
  attach(id);
  expect(refused("CreateUsagePlanKey", attaching(id))).toBe(
    "ConflictException: Usage Plan Key already exists",
  );
});

test("a key is in ten plans at most", () => {
  const { id } = createKey();
  for (let plan = 0; plan < 10; plan++) attach(id, createPlan());
  expect(refused("CreateUsagePlanKey", attaching(id))).toMatch(
    /^LimitExceededException: Maximum number of Usage Plans for this API Key/,
  );
});

describe("of the plans that have a stage, a key is in one", () => {
  let stage: { apiId: string; stage: string };
  let other = "";
  let conflict = "";
  let keyId = "";

  beforeEach(() => {
    const { id: apiId } = createDeployable();
    call("CreateDeployment", { restApiId: apiId, stageName: "dev" });
    stage = { apiId, stage: "dev" };
    other = createPlan(stage);
    keyId = createKey().id;
    attach(keyId, other);
    conflict = `ConflictException: API Key ${keyId} is already associated with API Stage {api: ${apiId}, stage: dev} by usageplan ${other}`;
  });

  test("when it joins a second", () => {
    const second = createPlan(stage);
    expect(refused("CreateUsagePlanKey", attaching(keyId, second))).toBe(conflict);
    call("DeleteUsagePlanKey", { usagePlanId: other, keyId });
    attach(keyId, second);
  });

  test("when a stage joins a second of its plans", () => {
    attach(keyId);
    const patch = {
      usagePlanId: planId,
      patchOperations: [{ op: "add", path: "/apiStages", value: `${stage.apiId}:dev` }],
    };
    expect(refused("UpdateUsagePlan", patch)).toBe(conflict);
    call("DeleteUsagePlanKey", { usagePlanId: planId, keyId });
    expect(call("UpdateUsagePlan", patch).apiStages).toEqual([stage]);
  });
});

describe("leaving", () => {
  test("by the key's own deletion, as recorded", () => {
    const { id } = createKey();
    attach(id);
    call("DeleteApiKey", { apiKey: id });
    expect(listed()).toEqual([]);
  });

  test("by the plan's deletion", () => {
    const { id } = createKey();
    attach(id);
    call("DeleteUsagePlan", { usagePlanId: planId });
    expect(call("GetUsagePlans", { keyId: id })).toEqual({ items: [] });
  });

  test("one by one", () => {
    const { id: keyId } = createKey();
    attach(keyId);
    expect(call("DeleteUsagePlanKey", { usagePlanId: planId, keyId })).toBeUndefined();
    expect(listed()).toEqual([]);
  });
});

test("the key's record names its plans", () => {
  const key = createKey();
  attach(key.id);
  expect(planIdsOf(key)).toEqual([planId]);
  call("DeleteUsagePlanKey", { usagePlanId: planId, keyId: key.id });
  expect(planIdsOf(key)).toEqual([]);
});

test("the key's record names a deleted plan, whose own record is gone, until it is next published", () => {
  const key = createKey();
  attach(key.id);
  call("DeleteUsagePlan", { usagePlanId: planId });
  expect(planIdsOf(key)).toEqual([planId]);
  expect(published.has(`usage-plan/${planId}`)).toBe(false);
  call("UpdateApiKey", { apiKey: key.id, patchOperations: [{ op: "replace", path: "/name", value: "new" }] });
  expect(planIdsOf(key)).toEqual([]);
});

test("a change of a plan with many keys publishes the plan alone", () => {
  for (let key = 0; key < 20; key++) attach(createKey().id);
  published.clear();
  call("UpdateUsagePlan", {
    usagePlanId: planId,
    patchOperations: [{ op: "replace", path: "/throttle/rateLimit", value: "5" }],
  });
  expect([...published.keys()]).toEqual([`usage-plan/${planId}`]);
});
