/** Usage plans and their keys through the AWS SDK. */
import {
  CreateApiKeyCommand,
  CreateUsagePlanCommand,
  CreateUsagePlanKeyCommand,
  DeleteApiKeyCommand,
  DeleteRestApiCommand,
  DeleteStageCommand,
  DeleteUsagePlanCommand,
  DeleteUsagePlanKeyCommand,
  GetAccountCommand,
  GetTagsCommand,
  GetUsageCommand,
  GetUsagePlanCommand,
  GetUsagePlanKeyCommand,
  GetUsagePlanKeysCommand,
  GetUsagePlansCommand,
  type PatchOperation,
  TagResourceCommand,
  UpdateAccountCommand,
  UpdateUsageCommand,
  UpdateUsagePlanCommand,
} from "@aws-sdk/client-api-gateway";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Gateway, startGateway } from "../gateway.ts";
import { apiGatewayClient } from "./clients.ts";
import { mock, TestApi } from "./rest-api.ts";

let gateway: Gateway;
let client: ReturnType<typeof apiGatewayClient>;
let api: TestApi;

beforeAll(async () => {
  gateway = await startGateway();
  client = apiGatewayClient(gateway.origin);
  api = await TestApi.create(client);
  await api.method("GET", "/pets", { integration: mock(), responses: [{}] });
  for (const stage of ["dev", "prod"]) await api.deploy(stage);
});
afterAll(() => gateway.stop());

const update = (usagePlanId: string, ...patchOperations: PatchOperation[]) =>
  client.send(new UpdateUsagePlanCommand({ usagePlanId, patchOperations }));
const createKey = async (): Promise<string> =>
  (await client.send(new CreateApiKeyCommand({ name: "key", enabled: true }))).id as string;
const refusal = (name: string, status: number, message: string | RegExp) => ({
  name,
  message: expect.stringMatching(message),
  $metadata: expect.objectContaining({ httpStatusCode: status }),
});

test("a plan's life", async () => {
  const settings = {
    description: "text",
    throttle: { rateLimit: 10.5, burstLimit: 20 },
    quota: { limit: 5000, offset: 2, period: "WEEK" as const },
    apiStages: [{ apiId: api.id, stage: "dev", throttle: { "/pets/GET": { rateLimit: 1, burstLimit: 2 } } }],
  };
  const created = await client.send(new CreateUsagePlanCommand({ name: "plan", ...settings }));
  expect(created).toMatchObject({ $metadata: { httpStatusCode: 201 }, name: "plan", ...settings });
  const usagePlanId = created.id as string;
  expect(await client.send(new GetUsagePlanCommand({ usagePlanId }))).toMatchObject({
    ...settings,
    tags: {},
  });

  // As Terraform patches it.
  const patched = await update(
    usagePlanId,
    { op: "add", path: "/apiStages", value: `${api.id}:prod` },
    { op: "replace", path: `/apiStages/${api.id}:prod/throttle//pets/GET/rateLimit`, value: "0.1" },
    { op: "replace", path: `/apiStages/${api.id}:prod/throttle//pets/GET/burstLimit`, value: "1" },
    { op: "replace", path: "/quota/limit", value: "10" },
    { op: "remove", path: "/apiStages", value: `${api.id}:dev` },
  );
  expect(patched).toMatchObject({
    quota: { limit: 10, offset: 2, period: "WEEK" },
    apiStages: [
      { apiId: api.id, stage: "prod", throttle: { "/pets/GET": { rateLimit: 0.1, burstLimit: 1 } } },
    ],
  });

  const { items } = await client.send(new GetUsagePlansCommand({}));
  expect(items).toMatchObject([{ id: usagePlanId }]);
  await expect(client.send(new DeleteUsagePlanCommand({ usagePlanId }))).rejects.toMatchObject(
    refusal("BadRequestException", 400, `including ${api.id}:prod$`),
  );
  await update(usagePlanId, { op: "remove", path: "/apiStages", value: `${api.id}:prod` });
  const deleted = await client.send(new DeleteUsagePlanCommand({ usagePlanId }));
  expect(deleted.$metadata.httpStatusCode).toBe(202);
  await expect(client.send(new GetUsagePlanCommand({ usagePlanId }))).rejects.toMatchObject(
    refusal("NotFoundException", 404, "Invalid Usage Plan ID specified"),
  );
});

test("keys join and leave", async () => {
  const { id: usagePlanId } = await client.send(new CreateUsagePlanCommand({ name: "plan" }));
  const keyId = await createKey();
  const place = { usagePlanId, keyId };
  const joined = await client.send(new CreateUsagePlanKeyCommand({ ...place, keyType: "API_KEY" }));
  expect(joined).toMatchObject({
    $metadata: { httpStatusCode: 201 },
    id: keyId,
    name: "key",
    type: "API_KEY",
  });
  expect(await client.send(new GetUsagePlanKeyCommand(place))).toMatchObject({
    id: keyId,
    value: joined.value,
  });
  await expect(
    client.send(new CreateUsagePlanKeyCommand({ ...place, keyType: "API_KEY" })),
  ).rejects.toMatchObject(refusal("ConflictException", 409, "already exists"));
  expect((await client.send(new GetUsagePlansCommand({ keyId }))).items).toMatchObject([{ id: usagePlanId }]);
  const left = await client.send(new DeleteUsagePlanKeyCommand(place));
  expect(left.$metadata.httpStatusCode).toBe(202);
  expect((await client.send(new GetUsagePlanKeysCommand({ usagePlanId }))).items).toEqual([]);
  await client.send(new CreateUsagePlanKeyCommand({ ...place, keyType: "API_KEY" }));
  await client.send(new DeleteApiKeyCommand({ apiKey: keyId }));
  expect((await client.send(new GetUsagePlanKeysCommand({ usagePlanId }))).items).toEqual([]);
});

test("of the plans that have a stage, a key is in one", async () => {
  const apiStages = [{ apiId: api.id, stage: "dev" }];
  const keyId = await createKey();
  const join = async () => {
    const { id: usagePlanId } = await client.send(new CreateUsagePlanCommand({ name: "plan", apiStages }));
    return client.send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId, keyType: "API_KEY" }));
  };
  await join();
  await expect(join()).rejects.toMatchObject(refusal("ConflictException", 409, "already associated"));
});

test("usage is asked for by days", async () => {
  const quota = { limit: 100, period: "DAY" as const };
  const { id: usagePlanId } = await client.send(new CreateUsagePlanCommand({ name: "plan", quota }));
  const keyId = await createKey();
  await client.send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId, keyType: "API_KEY" }));
  const dates = { startDate: "2026-11-01", endDate: "2026-11-02" };
  expect(await client.send(new GetUsageCommand({ usagePlanId, ...dates }))).toMatchObject({
    usagePlanId,
    ...dates,
    items: {
      [keyId]: [
        [0, 100],
        [0, 100],
      ],
    },
  });
  await expect(
    client.send(new GetUsageCommand({ usagePlanId, ...dates, endDate: "2026-02-30" })),
  ).rejects.toMatchObject(refusal("BadRequestException", 400, "Invalid date specified: 2026-02-30"));
  const patchOperations = [{ op: "add" as const, path: "/remaining", value: "1" }];
  await expect(
    client.send(new UpdateUsageCommand({ usagePlanId, keyId, patchOperations })),
  ).rejects.toMatchObject(refusal("BadRequestException", 400, /Must be one of: \[\]$/));
});

test("a plan is tagged by its ARN", async () => {
  const { id } = await client.send(new CreateUsagePlanCommand({ name: "plan" }));
  const resourceArn = `arn:aws:apigateway:us-east-1::/usageplans/${id}`;
  await client.send(new TagResourceCommand({ resourceArn, tags: { team: "pets" } }));
  expect((await client.send(new GetTagsCommand({ resourceArn }))).tags).toEqual({ team: "pets" });
});

test("what is deleted leaves its plans", async () => {
  const own = await TestApi.create(client);
  await own.method("GET", "/", { integration: mock(), responses: [{}] });
  for (const stage of ["dev", "prod"]) await own.deploy(stage);
  const apiStages = ["dev", "prod"].map((stage) => ({ apiId: own.id, stage }));
  const { id: usagePlanId } = await client.send(new CreateUsagePlanCommand({ name: "plan", apiStages }));
  const stages = async () => (await client.send(new GetUsagePlanCommand({ usagePlanId }))).apiStages;
  await client.send(new DeleteStageCommand({ restApiId: own.id, stageName: "dev" }));
  expect(await stages()).toEqual([{ apiId: own.id, stage: "prod" }]);
  await client.send(new DeleteRestApiCommand({ restApiId: own.id }));
  expect(await stages()).toEqual([]);
});

test("the account has usage plans, and cannot do without", async () => {
  expect(await client.send(new GetAccountCommand({}))).toMatchObject({
    throttleSettings: { burstLimit: 5000, rateLimit: 10_000 },
    features: ["UsagePlans"],
    apiKeyVersion: "4",
  });
  const features = (op: "add" | "remove") =>
    client.send(
      new UpdateAccountCommand({ patchOperations: [{ op, path: "/features", value: "UsagePlans" }] }),
    );
  expect((await features("add")).features).toEqual(["UsagePlans"]);
  await expect(features("remove")).rejects.toMatchObject(
    refusal("BadRequestException", 400, "Usage Plans cannot be disabled once enabled"),
  );
});
