import { beforeEach, describe, expect, test } from "vitest";
import { apiKeyHash, apiKeyRecordKey } from "../../../src/definitions/api-key.ts";
import { account } from "./calling.ts";

let { call, refused, published, createDeployable } = account();
let plan = "";
let otherPlan = "";

beforeEach(() => {
  ({ call, refused, published, createDeployable } = account());
  [plan, otherPlan] = [createPlan(), createPlan()];
});

const createPlan = (...apiStages: object[]): string =>
  call("CreateUsagePlan", { name: "plan", apiStages }).id;
const input = (file: string, failOnWarnings = false) => ({
  body: Buffer.from(file),
  format: "csv",
  failOnWarnings,
});
const importing = (file: string) => call("ImportApiKeys", input(file));
const value = (key: number | string) => `apikey${String(key).padStart(24, "0")}`;
const key = (apiKey: string) => call("GetApiKey", { apiKey, includeValue: true });
const plansOf = (keyId: string) => call("GetUsagePlans", { keyId }).items.map(({ id }: { id: string }) => id);

describe("a file", () => {
  test("has columns in any order and case, and others that are ignored", () => {
    const { ids, warnings } = importing(`Enabled,COLOUR,Name,key\nFalse,red,first,${value(1)}\n`);
    expect(warnings).toEqual([]);
    expect(key(ids[0])).toMatchObject({ name: "first", value: value(1), enabled: false, stageKeys: [] });
  });

  test("leaves out what is true or empty", () => {
    const { ids } = importing(`Key,name\n${value(1)},\n`);
    expect(key(ids[0])).toMatchObject({ enabled: true, value: value(1) });
    expect(key(ids[0])).not.toHaveProperty("name");
    expect(key(ids[0])).not.toHaveProperty("description");
  });

  test("is that of the guide, with blanks around the fields", () => {
    const { ids, warnings } = importing(
      `key,name, description, enabled, usageplanIds
abcdef1234ghijklmnop8901234567, importedKey_1, firstone,  tRuE, ${plan} 
abcdef1234ghijklmnop0123456789, importedKey_2, secondone, TRUE, ${plan}
abcdef1234ghijklmnop9012345678, importedKey_3,          , true, ${plan}
`,
    );
    expect(warnings).toEqual([]);
    expect(ids.map(key)).toMatchObject([
      { name: "importedKey_1", description: "firstone", enabled: true },
      { name: "importedKey_2", description: "secondone" },
      { name: "importedKey_3" },
    ]);
    expect(ids.map(plansOf)).toEqual([[plan], [plan], [plan]]);
  });

  test.each(['"', "'"])("names several plans between %s", (quote) => {
    const { ids } = importing(`Key,Name,UsageplanIds\n${value(1)},n,${quote}${plan}, ${otherPlan}${quote}`);
    expect(plansOf(ids[0])).toEqual([plan, otherPlan]);
    expect(published.get(apiKeyRecordKey(apiKeyHash(value(1))))).toEqual({
      id: ids[0],
      enabled: true,
      name: "n",
      planIds: [plan, otherPlan],
    });
  });

  test.each([
    ["", "Missing required column 'Key'"],
    ["/tmp/apikey.csv", "Missing required column 'Key'"],
    ["Key;Name\n", "Missing required column 'Key'"],
    ["Key,Value\n", "Missing required column 'Name'"],
    ["Key,Name,KEY\n", "Duplicate column 'key'"],
    [`Key,Name\n"x`, "Invalid CSV in line 2: a quoted field does not end"],
  ])("that cannot be read is refused: %j", (file, message) => {
    expect(refused("ImportApiKeys", input(file))).toBe(`BadRequestException: ${message}`);
  });

  test("that is not UTF-8 is refused", () => {
    const body = new Uint8Array([0x4b, 0x65, 0x79, 0xff]);
    expect(refused("ImportApiKeys", { body, format: "csv" })).toBe(
      "BadRequestException: Invalid CSV: the file is not UTF-8",
    );
  });
});

describe("a line", () => {
  const wrong: [string, string][] = [
    ["short,n,,,", "API Key value should be at least 30 characters"],
    [`${"a".repeat(129)},n,,,`, "API Key value exceeds maximum size of 128 characters"],
    [`${"é".repeat(30)},n,,,`, "API Key value contains invalid characters"],
    [`${value(1)},${"n".repeat(1025)},,,`, "Invalid API Key name, can be at most 1024 characters."],
    [`${value(1)},n,,maybe,`, "Invalid value for column 'Enabled': maybe"],
    [`${value(1)},n,,,nothing`, "Invalid Usage Plan ID specified"],
    [`${value(1)},n,,,a,b`, "more fields than the file has columns"],
  ];

  test.each(wrong)("that is wrong is a warning, and the others are imported: %j", (line, message) => {
    const file = `Key,Name,Description,Enabled,UsagePlanIds\n${line}\n${value(2)},n,,,\n`;
    const { ids, warnings } = importing(file);
    expect(warnings).toEqual([`Line 2: ${message}`]);
    expect(ids.map(key)).toMatchObject([{ value: value(2) }]);
    expect(call("GetApiKeys").items).toHaveLength(1);
  });

  test("that is wrong refuses all where warnings do", () => {
    const file = `Key,Name\n${value(1)},n\nshort,n\n`;
    expect(refused("ImportApiKeys", input(file, true))).toBe(
      "BadRequestException: Warnings found during import:\n\tLine 3: API Key value should be at least 30 characters",
    );
  });

  test("that would put a key into two plans of one stage writes nothing", () => {
    const { id: apiId } = createDeployable();
    call("CreateDeployment", { restApiId: apiId, stageName: "dev" });
    const stage = { apiId, stage: "dev" };
    const both = `${createPlan(stage)},${createPlan(stage)}`;
    const { ids, warnings } = importing(`Key,Name,UsagePlanIds\n${value(1)},n,"${both}"\n`);
    expect(ids).toEqual([]);
    expect(warnings[0]).toMatch(/^Line 2: API Key .* is already associated with API Stage/);
    expect(call("GetApiKeys").items).toEqual([]);
    expect(call("GetUsagePlanKeys", { usagePlanId: both.slice(0, 6) }).items).toEqual([]);
  });
});

test("a key that is there is overwritten, the last line counts, and its plans stay", () => {
  const { id } = call("CreateApiKey", { value: value(1), name: "old", description: "old", enabled: true });
  call("CreateUsagePlanKey", { usagePlanId: plan, keyId: id, keyType: "API_KEY" });
  const file = `Key,Name,Enabled,UsagePlanIds\n${value(1)},new,true,\n${value(1)},newest,false,${otherPlan}\n`;
  expect(importing(file)).toEqual({ ids: [id], warnings: [] });
  expect(key(id)).toMatchObject({ name: "newest", enabled: false });
  expect(key(id)).not.toHaveProperty("description");
  expect(plansOf(id)).toEqual([plan, otherPlan]);
});

test("10,000 keys in one file are all that an account can have", () => {
  const lines = Array.from({ length: 10_000 }, (_, line) => `${value(line)},key ${line},${plan}`);
  const file = ["Key,Name,UsagePlanIds", ...lines].join("\n");
  const surplus = `${value("surplus")},n,${plan}`;
  expect(refused("ImportApiKeys", input(`${file}\n${surplus}`))).toBe(
    "BadRequestException: A file can have 10000 API Keys at most",
  );
  const { ids, warnings } = importing(file);
  expect([ids.length, warnings]).toEqual([10_000, []]);
  const full = "Maximum number of API Keys for this account has been reached: 10000";
  expect(refused("CreateApiKey")).toBe(`LimitExceededException: ${full}`);
  expect(importing(`Key,Name\n${value("surplus")},n\n`).warnings).toEqual([`Line 2: ${full}`]);
  expect(importing(`Key,Name\n${value(1)},again\n`).warnings).toEqual([]);
});
