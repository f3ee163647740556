import { beforeEach, describe, expect, test } from "vitest";
import { usagePlanRecordKey } from "../../../src/definitions/api-key.ts";
import { account, replace } from "./calling.ts";

let { call, refused, published, createApi, createResource, putMock } = account();
let apiId = "";
let planId = "";

beforeEach(() => {
  ({ call, refused, published, createApi, createResource, putMock } = account());
  const api = createApi();
  apiId = api.id;
  putMock(apiId, api.rootResourceId);
  const pets = createResource(api, "pets");
  putMock(apiId, pets.id);
  putMock(apiId, createResource(api, "{id}", pets.id).id, "ANY");
  for (const stageName of ["dev", "prod"]) call("CreateDeployment", { restApiId: apiId, stageName });
  planId = create({
    throttle,
    quota: { limit: 10, period: "MONTH" },
    apiStages: [{ apiId, stage: "dev" }],
  }).id;
});

const throttle = { burstLimit: 20, rateLimit: 10 };
const create = (input: object = {}) => call("CreateUsagePlan", { name: "plan", ...input });
const recordOf = (id: string) => published.get(usagePlanRecordKey(id));
const update = (...patchOperations: object[]) =>
  call("UpdateUsagePlan", { usagePlanId: planId, patchOperations });
const updateRefused = (...patchOperations: object[]) =>
  refused("UpdateUsagePlan", { usagePlanId: planId, patchOperations });
const stage = (op: string, value?: string) => ({ op, path: "/apiStages", value });
const noPlan = "NotFoundException: Invalid Usage Plan ID specified";

describe("creating", () => {
  test("answers with the recorded members", () => {
    expect(create()).toEqual({ id: expect.stringMatching(/^[a-z0-9]{6}$/), name: "plan", apiStages: [] });
    const given = {
      name: "plan",
      description: "text",
      quota: { limit: 10, period: "DAY", offset: 0 },
      throttle: { rateLimit: 2, burstLimit: 1 },
      apiStages: [{ apiId, stage: "dev" }],
      tags: { key: "value" },
    };
    expect(create(given)).toEqual({ id: expect.any(String), ...given });
  });

  test("a quota's offset is zero unless it is given, and burst may be above rate", () => {
    const plan = create({ throttle, quota: { limit: 5, period: "WEEK" } });
    expect(plan).toMatchObject({ throttle, quota: { limit: 5, period: "WEEK", offset: 0 } });
  });

  test.each([
    [{ name: "" }, "BadRequestException: Usage Plan name cannot be empty"],
    [
      { apiStages: [{ stage: "dev" }] },
      "BadRequestException: Invalid API Stage {api: %s, stage: %s} specified for usageplan %s",
    ],
    [
      { apiStages: [{ apiId: "nothing", stage: "dev" }] },
      "NotFoundException: API Stage not found: nothing:dev",
    ],
    [
      { quota: { limit: 10, period: "DAY", offset: 1 } },
      "BadRequestException: Usage Plan quota offset must be zero in the DAY period",
    ],
    [
      { quota: { limit: 10, period: "WEEK", offset: 7 } },
      "BadRequestException: Usage Plan quota offset must be between 0 and 6 inclusive in the WEEK period",
    ],
    [
      { quota: { limit: 10, period: "MONTH", offset: 28 } },
      "BadRequestException: Usage Plan quota offset must be between 0 and 27 inclusive in the MONTH period",
    ],
    [
      { quota: { limit: 10, period: "MONTH", offset: -1 } },
      "BadRequestException: Usage Plan quota offset must be between 0 and 27 inclusive in the MONTH period",
    ],
    [
      { quota: { limit: -1, period: "DAY" } },
      "BadRequestException: Usage Plan quota limit must be a non-negative numeric",
    ],
    [
      { quota: { period: "DAY" } },
      "BadRequestException: Usage Plan quota limit must be a non-negative numeric",
    ],
    [
      { quota: { limit: 1 } },
      "BadRequestException: Invalid Usage Plan quota period specified. Must be one of [DAY, WEEK, MONTH]",
    ],
    [
      { throttle: { burstLimit: -1, rateLimit: 1 } },
      "BadRequestException: Usage Plan throttle burst limit must be between zero and 2147483647 inclusive",
    ],
    [
      { throttle: { burstLimit: 1, rateLimit: 1e300 } },
      "BadRequestException: Usage Plan throttle rate limit must be between zero and 2147483647 inclusive",
    ],
  ])("refuses %j", (input, refusal) => {
    expect(refused("CreateUsagePlan", { name: "plan", ...input })).toBe(refusal);
    expect(call("GetUsagePlans").items).toHaveLength(1);
  });

  test("refuses a stage that is given twice", () => {
    const apiStages = [
      { apiId, stage: "dev" },
      { apiId, stage: "dev" },
    ];
    expect(refused("CreateUsagePlan", { name: "plan", apiStages })).toMatch(/^ConflictException: API Stage/);
  });

  test("an account has 300 plans at most", () => {
    for (let plan = 1; plan < 300; plan++) create();
    expect(refused("CreateUsagePlan", { name: "plan" })).toMatch(
      /^LimitExceededException: Maximum number of Usage Plans/,
    );
  });
});

describe("reading", () => {
  test("shows tags where one plan is asked for, as recorded", () => {
    expect(call("GetUsagePlan", { usagePlanId: planId }).tags).toEqual({});
    expect(call("GetUsagePlans").items[0]).not.toHaveProperty("tags");
  });

  test("lists in pages, and by key", () => {
    const { id } = create();
    const { items, position } = call("GetUsagePlans", { limit: 1 });
    expect(items).toMatchObject([{ id: planId }]);
    expect(call("GetUsagePlans", { limit: 1, position }).items).toMatchObject([{ id }]);
    const key = call("CreateApiKey");
    expect(call("GetUsagePlans", { keyId: key.id })).toEqual({ items: [] });
    call("CreateUsagePlanKey", { usagePlanId: id, keyId: key.id, keyType: "API_KEY" });
    expect(call("GetUsagePlans", { keyId: key.id }).items).toMatchObject([{ id }]);
    expect(call("GetUsagePlans", { keyId: "nothing" })).toEqual({ items: [] });
  });

  test("a plan that is not there is not found", () => {
    for (const operation of ["GetUsagePlan", "UpdateUsagePlan", "DeleteUsagePlan"]) {
      expect(refused(operation, { usagePlanId: "nothing" })).toBe(noPlan);
    }
  });
});

describe("updating", () => {
  test("patches limits, as recorded", () => {
    const { id: usagePlanId } = create();
    const patchOperations = [
      replace("/throttle/burstLimit", "100"),
      replace("/throttle/rateLimit", "200"),
      replace("/quota/period", "MONTH"),
      replace("/quota/limit", "5000"),
    ];
    expect(call("UpdateUsagePlan", { usagePlanId, patchOperations })).toEqual({
      id: usagePlanId,
      name: "plan",
      apiStages: [],
      quota: { limit: 5000, offset: 0, period: "MONTH" },
      throttle: { burstLimit: 100, rateLimit: 200 },
      tags: {},
    });
  });

  test("patches the other members, and removes", () => {
    expect(
      update(
        replace("/name", "new"),
        replace("/description", "text"),
        { op: "add", path: "/productCode", value: "code" },
        { op: "add", path: "/quota/offset", value: "27" },
      ),
    ).toMatchObject({
      name: "new",
      description: "text",
      productCode: "code",
      quota: { limit: 10, offset: 27, period: "MONTH" },
    });
    const left = update(
      { op: "remove", path: "/quota" },
      { op: "remove", path: "/throttle" },
      { op: "remove", path: "/productCode" },
    );
    expect(left).toEqual({
      id: planId,
      name: "new",
      description: "text",
      apiStages: [{ apiId, stage: "dev" }],
      tags: {},
    });
  });

  test("adds and removes stages", () => {
    expect(update(stage("add", `${apiId}:prod`)).apiStages).toEqual([
      { apiId, stage: "dev" },
      { apiId, stage: "prod" },
    ]);
    expect(update(stage("remove", `${apiId}:dev`)).apiStages).toEqual([{ apiId, stage: "prod" }]);
  });

  test("refuses stages, as recorded and reported", () => {
    const noStage = (api: string, name: string) =>
      `NotFoundException: Invalid API Stage {api: ${api}, stage: ${name}} specified for usageplan ${planId}`;
    expect(updateRefused(stage("remove"))).toBe("BadRequestException: Invalid API Stage specified");
    expect(updateRefused(stage("remove", "fakevalue"))).toBe(
      "BadRequestException: Invalid API Stage specified",
    );
    expect(updateRefused(stage("remove", `${apiId}b:dev`))).toBe(noStage(`${apiId}b`, "dev"));
    expect(updateRefused(stage("remove", `${apiId}:fake`))).toBe(noStage(apiId, "fake"));
    expect(updateRefused(stage("add", `{"apiId": "x", "stage": "dev"}`))).toBe(
      `NotFoundException: API Stage not found: {"apiId": "x", "stage"`,
    );
    expect(updateRefused(stage("add", `${apiId}:dev`))).toMatch(/^ConflictException/);
    expect(updateRefused(replace(`/apiStages/${apiId}:prod/throttle//pets/GET/rateLimit`, "1"))).toBe(
      noStage(apiId, "prod"),
    );
  });

  test("refuses paths, listing those that there are", () => {
    expect(updateRefused({ op: "remove", path: `/apiStages/${apiId}:dev` })).toBe(
      `BadRequestException: Invalid patch path  '/apiStages/${apiId}:dev' specified for op 'remove'. Must be one of: [/apiStages, /quota, /throttle, /productCode, /apiStages/<apidId:stageName>/throttle/<resourcePath>/<httpMethod>, /apiStages/<apidId:stageName>/throttle]`,
    );
    expect(updateRefused(replace("/id", "x"))).toContain("Must be one of: [/name, /description, ");
  });

  test.each([
    [replace("/name", ""), "Usage Plan name cannot be empty"],
    [replace("/quota/limit", "many"), "Usage Plan quota limit must be a non-negative numeric"],
    [
      replace("/quota/period", "YEAR"),
      "Invalid Usage Plan quota period specified. Must be one of [DAY, WEEK, MONTH]",
    ],
    [
      replace("/quota/offset", "28"),
      "Usage Plan quota offset must be between 0 and 27 inclusive in the MONTH period",
    ],
    [
      replace("/throttle/burstLimit", "1.5"),
      "Usage Plan throttle burst limit must be between zero and 2147483647 inclusive",
    ],
    [
      replace("/throttle/rateLimit"),
      "Usage Plan throttle rate limit must be between zero and 2147483647 inclusive",
    ],
  ])("refuses %j and changes nothing", (operation, message) => {
    const before = recordOf(planId);
    expect(updateRefused(replace("/description", "text"), operation)).toBe(`BadRequestException: ${message}`);
    expect(call("GetUsagePlan", { usagePlanId: planId })).not.toHaveProperty("description");
    expect(recordOf(planId)).toEqual(before);
  });
});

describe("throttles of methods", () => {
  const path = (method: string, limit = "") => `/apiStages/${apiId}:dev/throttle/${method}${limit}`;
  const throttles = (plan: { apiStages: { throttle?: object }[] }) => plan.apiStages[0]?.throttle;

  test.each([
    ["/pets/GET", "/pets/GET"],
    ["~1pets/GET", "/pets/GET"],
    ["/pets/{id}/ANY", "/pets/{id}/ANY"],
    ["~1pets~1{id}/ANY", "/pets/{id}/ANY"],
    ["//GET", "//GET"],
    ["~1/GET", "//GET"],
    ["/GET", "/GET"],
  ])("are patched with the resource's path as it is or escaped: %s", (method, key) => {
    const set = update(replace(path(method, "/rateLimit"), "0.5"), {
      op: "add",
      path: path(method, "/burstLimit"),
      value: "1",
    });
    expect(throttles(set)).toEqual({ [key]: { rateLimit: 0.5, burstLimit: 1 } });
    expect(throttles(update({ op: "remove", path: path(method) }))).toBeUndefined();
  });

  test("may be given with a stage, and removed all together", () => {
    const { id } = create({
      throttle,
      apiStages: [{ apiId, stage: "dev", throttle: { "/pets/GET": { rateLimit: 1, burstLimit: 2 } } }],
    });
    expect(throttles(call("GetUsagePlan", { usagePlanId: id }))).toEqual({
      "/pets/GET": { rateLimit: 1, burstLimit: 2 },
    });
    update(replace(path("/pets/GET", "/rateLimit"), "1"));
    const operation = { op: "remove", path: `/apiStages/${apiId}:dev/throttle` };
    expect(throttles(update(operation))).toBeUndefined();
  });

  describe("all at once, as JSON", () => {
    const all = (value?: string) => replace(`/apiStages/${apiId}:dev/throttle`, value);

    test("as the guide's example has them, in the place of those before", () => {
      update(replace(path("/pets/{id}/ANY", "/rateLimit"), "1"));
      const given = { "/pets/GET": { rateLimit: 1, burstLimit: 1 }, "//GET": { rateLimit: 0.5 } };
      expect(throttles(update(all(JSON.stringify(given))))).toEqual(given);
      expect(throttles(update(all("{}")))).toBeUndefined();
    });

    test.each([
      undefined,
      "",
      "1",
      "null",
      "[]",
      '{"/pets/GET":1}',
      '{"/pets/GET":null}',
      '{"__proto__":{"rateLimit":1}}',
      '{"pets":{}}',
      '{"/pets/GET":{"rateLimit":-1}}',
      '{"/pets/GET":{"rateLimit":"many"}}',
      '{"/pets/GET":{"burstLimit":null}}',
    ])("not as %s", (value) => {
      expect(updateRefused(all(value))).toMatch(/^BadRequestException/);
    });
  });

  test("need one of the plan", () => {
    const refusal =
      "BadRequestException: Can not define fine grain throttling if usage plan throttle is not defined.";
    const apiStages = [{ apiId, stage: "dev", throttle: { "/pets/GET": { rateLimit: 1 } } }];
    expect(refused("CreateUsagePlan", { name: "plan", apiStages })).toBe(refusal);
    update(replace(path("/pets/GET", "/rateLimit"), "1"));
    expect(updateRefused({ op: "remove", path: "/throttle" })).toBe(refusal);
  });

  test("are those of deployed methods", () => {
    const noMethod = "NotFoundException: Invalid Method identifier specified";
    for (const method of ["/pets/POST", "/nothing/GET", "/pets/constructor", "/__proto__/GET"]) {
      expect(updateRefused(replace(path(method, "/rateLimit"), "1"))).toBe(noMethod);
    }
    expect(updateRefused(replace(path("*/*", "/rateLimit"), "1"))).toBe(
      "BadRequestException: Invalid method {resourcePath: *,method: * } specified",
    );
    expect(updateRefused({ op: "remove", path: path("/pets/GET") })).toBe(noMethod);
  });
});

describe("deleting", () => {
  test("is refused while the plan has stages", () => {
    expect(refused("DeleteUsagePlan", { usagePlanId: planId })).toBe(
      `BadRequestException: Cannot delete Usage Plan ${planId} because there are API Stages associated with it, including ${apiId}:dev`,
    );
    update(stage("remove", `${apiId}:dev`));
    expect(call("DeleteUsagePlan", { usagePlanId: planId })).toBeUndefined();
    expect(refused("GetUsagePlan", { usagePlanId: planId })).toBe(noPlan);
    expect(recordOf(planId)).toBeUndefined();
  });

  test("a stage takes it out of its plans", () => {
    update(stage("add", `${apiId}:prod`));
    call("DeleteStage", { restApiId: apiId, stageName: "dev" });
    expect(call("GetUsagePlan", { usagePlanId: planId }).apiStages).toEqual([{ apiId, stage: "prod" }]);
    expect(Object.keys(recordOf(planId).apiStages)).toEqual([`${apiId}:prod`]);
  });

  test("an API takes all its stages out of their plans", () => {
    update(stage("add", `${apiId}:prod`));
    call("DeleteRestApi", { restApiId: apiId });
    expect(call("GetUsagePlan", { usagePlanId: planId }).apiStages).toEqual([]);
  });
});

test("the data plane reads whole throttles by stage and method: what is left open the account limits", () => {
  const patched = `/apiStages/${apiId}:dev/throttle`;
  update(
    replace(`${patched}//pets/GET/rateLimit`, "0.5"),
    replace(`${patched}//GET/burstLimit`, "1"),
    stage("add", `${apiId}:prod`),
  );
  expect(recordOf(planId)).toEqual({
    id: planId,
    version: expect.any(Number),
    name: "plan",
    throttle,
    quota: { limit: 10, offset: 0, period: "MONTH" },
    apiStages: {
      [`${apiId}:dev`]: {
        throttle: {
          "/pets/GET": { rateLimit: 0.5, burstLimit: 5000 },
          "//GET": { rateLimit: 10_000, burstLimit: 1 },
        },
      },
      [`${apiId}:prod`]: {},
    },
  });
});
