import { beforeEach, describe, expect, test } from "vitest";
import { apiKeyHash, apiKeyRecordKey } from "../../../src/definitions/api-key.ts";
import { account, replace } from "./calling.ts";

let { call, refused, published, context, createDeployable } = account();

beforeEach(() => {
  ({ call, refused, published, context, createDeployable } = account());
});

const create = (input: object = {}) => call("CreateApiKey", input);
const recordOf = ({ value }: { value: string }) => published.get(apiKeyRecordKey(apiKeyHash(value)));
const ids = (items: { id: string }[]) => items.map(({ id }) => id);
const noKey = "NotFoundException: Invalid API Key identifier specified";
const dates = { createdDate: 1_700_000_000, lastUpdatedDate: 1_700_000_000 };

describe("creating", () => {
  test("answers with the recorded members, and with the value", () => {
    const key = create({ name: "key" });
    expect(key).toEqual({
      id: expect.stringMatching(/^[a-z0-9]{10}$/),
      value: expect.stringMatching(/^[A-Za-z0-9]{40}$/),
      name: "key",
      enabled: false,
      stageKeys: [],
      ...dates,
    });
  });

  test("takes the empty name and the empty value for none", () => {
    const key = create({ name: "", value: "" });
    expect(key).not.toHaveProperty("name");
    expect(key.value).toHaveLength(40);
  });

  test("keeps what is given", () => {
    const { id: restApiId } = createDeployable();
    call("CreateDeployment", { restApiId, stageName: "dev" });
    const input = {
      name: "key",
      description: "text",
      enabled: true,
      value: "a".repeat(20),
      customerId: "customer",
      tags: { team: "pets" },
    };
    const stageKeys = [{ restApiId, stageName: "dev" }];
    expect(create({ ...input, stageKeys, generateDistinctId: true })).toMatchObject({
      ...input,
      stageKeys: [`${restApiId}/dev`],
    });
  });

  test.each([
    [{ name: "a".repeat(1025) }, "Invalid API Key name, can be at most 1024 characters."],
    [{ value: "short" }, "API Key value should be at least 20 characters"],
    [{ value: "a".repeat(129) }, "API Key value exceeds maximum size of 128 characters"],
    [{ value: `${"a".repeat(20)}\r\nx` }, "API Key value contains invalid characters"],
    [{ description: "a".repeat(125_001) }, "Invalid API Key description specified."],
    [{ customerId: "a".repeat(1025) }, "Invalid customer ID, can be at most 1024 characters."],
    [{ stageKeys: [{ restApiId: "nothing", stageName: "dev" }] }, "Invalid stage identifier specified"],
    [{ stageKeys: [{}] }, "Invalid stage identifier specified"],
    [{ tags: { "aws:x": "y" } }, "Invalid tag key specified: aws:x. 'aws:' is a reserved prefix."],
  ])("refuses %j", (input, message) => {
    expect(refused("CreateApiKey", input)).toBe(`BadRequestException: ${message}`);
    expect(call("GetApiKeys").items).toEqual([]);
    expect(published.size).toBe(0);
  });

  test("refuses a value that another key has, until that key is deleted", () => {
    const value = "a-value-of-20-letters";
    const { id: apiKey } = create({ name: "first", value });
    expect(refused("CreateApiKey", { name: "second", value })).toBe(
      "ConflictException: API Key already exists",
    );
    call("DeleteApiKey", { apiKey });
    expect(create({ value }).value).toBe(value);
  });
});

describe("reading", () => {
  test("shows the value only to who asks for it", () => {
    const { id: apiKey, value } = create();
    expect(call("GetApiKey", { apiKey })).toEqual({
      id: apiKey,
      enabled: false,
      stageKeys: [],
      tags: {},
      ...dates,
    });
    expect(call("GetApiKey", { apiKey, includeValue: true }).value).toBe(value);
    expect(call("GetApiKeys").items[0]).not.toHaveProperty("value");
    expect(call("GetApiKeys", { includeValues: true }).items[0].value).toBe(value);
  });

  test("lists the newest first, in pages; a limit below one is an empty list", () => {
    const keys = [create(), create(), create()];
    const { items, position } = call("GetApiKeys", { limit: 2 });
    expect(ids(items)).toEqual([keys[2].id, keys[1].id]);
    expect(ids(call("GetApiKeys", { limit: 2, position }).items)).toEqual([keys[0].id]);
    expect(call("GetApiKeys", { limit: -1 })).toEqual({ items: [] });
  });

  test.each([
    ["test-key", 1],
    ["test-key-1", 1],
    ["TEST-KEY", 0],
    ["key-1", 0],
    ["", 2],
  ])("finds names from their beginning, in their case: %s", (nameQuery, found) => {
    create({ name: "test-key-1" });
    create({});
    expect(call("GetApiKeys", { nameQuery }).items).toHaveLength(found);
  });

  test("finds a customer's keys", () => {
    const { id } = create({ customerId: "one" });
    create({ customerId: "two" });
    expect(ids(call("GetApiKeys", { customerId: "one" }).items)).toEqual([id]);
  });
});

describe("updating", () => {
  const update = (apiKey: string, ...patchOperations: object[]) =>
    call("UpdateApiKey", { apiKey, patchOperations });

  test("patches name, description, customer and whether it is enabled, and does not show the value", () => {
    const { id } = create({ name: "old", description: "old" });
    context.now = 1_700_000_100;
    const updated = update(
      id,
      replace("/name", "new"),
      replace("/description", ""),
      replace("/customerId", "customer"),
      replace("/enabled", "true"),
    );
    expect(updated).toEqual({
      id,
      name: "new",
      customerId: "customer",
      enabled: true,
      stageKeys: [],
      tags: {},
      ...dates,
      lastUpdatedDate: 1_700_000_100,
    });
    expect(update(id, replace("/enabled", "whatever")).enabled).toBe(false);
  });

  test("adds and removes the stages that keys had before there were plans", () => {
    const { id: restApiId } = createDeployable();
    call("CreateDeployment", { restApiId, stageName: "dev" });
    const { id } = create();
    const stages = (op: string, value: string) => update(id, { op, path: "/stages", value }).stageKeys;
    expect(stages("add", `${restApiId}/dev`)).toEqual([`${restApiId}/dev`]);
    expect(stages("add", `${restApiId}/dev`)).toEqual([`${restApiId}/dev`]);
    expect(stages("remove", `${restApiId}/dev`)).toEqual([]);
  });

  test.each([
    [
      replace("/id", "x"),
      "Invalid patch path  '/id' specified for op 'replace'. Must be one of: [/description, /enabled, /name, /customerId]",
    ],
    [
      { op: "add", path: "/value", value: "x" },
      "Invalid patch path  '/value' specified for op 'add'. Must be one of: [/stages]",
    ],
    [replace("/name", "a".repeat(1025)), "Invalid API Key name, can be at most 1024 characters."],
    [replace("/description", "a".repeat(125_001)), "Invalid API Key description specified."],
    [{ op: "add", path: "/stages", value: "nothing/dev" }, "Invalid stage identifier specified"],
  ])("refuses %j", (operation, message) => {
    const { id: apiKey } = create({ name: "name" });
    expect(refused("UpdateApiKey", { apiKey, patchOperations: [operation] })).toBe(
      `BadRequestException: ${message}`,
    );
  });
});

test("a key that is not there is not found", () => {
  for (const operation of ["GetApiKey", "UpdateApiKey", "DeleteApiKey"]) {
    expect(refused(operation, { apiKey: "nothing" })).toBe(noKey);
  }
});

describe("what the data plane reads", () => {
  test("is found by the hash of the value, which it does not say", () => {
    const key = create({ name: "key", customerId: "customer", enabled: true });
    expect(recordOf(key)).toEqual({
      id: key.id,
      name: "key",
      customerId: "customer",
      enabled: true,
      planIds: [],
    });
    expect(JSON.stringify([...published])).not.toContain(key.value);
  });

  test("follows each change, and goes with the key", () => {
    const key = create({ enabled: true });
    call("UpdateApiKey", { apiKey: key.id, patchOperations: [replace("/enabled", "false")] });
    expect(recordOf(key).enabled).toBe(false);
    call("DeleteApiKey", { apiKey: key.id });
    expect(recordOf(key)).toBeUndefined();
  });
});
