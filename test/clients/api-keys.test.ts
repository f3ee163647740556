/** API keys through the AWS SDK. */
import {
  CreateApiKeyCommand,
  CreateUsagePlanCommand,
  DeleteApiKeyCommand,
  GetApiKeyCommand,
  GetApiKeysCommand,
  GetUsagePlanKeysCommand,
  ImportApiKeysCommand,
  paginateGetUsagePlanKeys,
  UpdateApiKeyCommand,
} from "@aws-sdk/client-api-gateway";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Gateway, startGateway } from "../gateway.ts";
import { apiGatewayClient } from "./clients.ts";

let gateway: Gateway;
let client: ReturnType<typeof apiGatewayClient>;

beforeAll(async () => {
  gateway = await startGateway();
  client = apiGatewayClient(gateway.origin);
});
afterAll(() => gateway.stop());

test("a key's life", async () => {
  const created = await client.send(
    new CreateApiKeyCommand({ name: "key", enabled: true, tags: { a: "b" } }),
  );
  expect(created).toMatchObject({
    $metadata: { httpStatusCode: 201 },
    name: "key",
    enabled: true,
    stageKeys: [],
    value: expect.stringMatching(/^[A-Za-z0-9]{40}$/),
    createdDate: expect.any(Date),
  });
  const apiKey = created.id as string;
  expect(await client.send(new GetApiKeyCommand({ apiKey, includeValue: true }))).toMatchObject({
    value: created.value,
    tags: { a: "b" },
  });
  const patchOperations = [{ op: "replace" as const, path: "/enabled", value: "false" }];
  const updated = await client.send(new UpdateApiKeyCommand({ apiKey, patchOperations }));
  expect(updated).toMatchObject({ enabled: false });
  expect(updated.value).toBeUndefined();
  const { items } = await client.send(new GetApiKeysCommand({ nameQuery: "key" }));
  expect(items).toMatchObject([{ id: apiKey, enabled: false }]);
  expect(items?.[0]?.value).toBeUndefined();
  const deleted = await client.send(new DeleteApiKeyCommand({ apiKey }));
  expect(deleted.$metadata.httpStatusCode).toBe(202);
  await expect(client.send(new GetApiKeyCommand({ apiKey }))).rejects.toMatchObject({
    name: "NotFoundException",
    message: "Invalid API Key identifier specified",
  });
});

test("a value that is there is a conflict", async () => {
  const value = "a-value-for-two-keys-that-is-one";
  await client.send(new CreateApiKeyCommand({ value }));
  await expect(client.send(new CreateApiKeyCommand({ value }))).rejects.toMatchObject({
    name: "ConflictException",
    message: "API Key already exists",
    $metadata: { httpStatusCode: 409 },
  });
});

test("files of keys: two, and two thousand", async () => {
  const { id: usagePlanId } = await client.send(new CreateUsagePlanCommand({ name: "plan" }));
  const imported = await client.send(
    new ImportApiKeysCommand({
      format: "csv",
      body: Buffer.from(
        `Name,Key,UsagePlanIds\r\nfirst,apikey1234abcdefghij0123456789,${usagePlanId}\r\nshort,x,\r\n`,
      ),
    }),
  );
  expect(imported).toMatchObject({
    $metadata: { httpStatusCode: 201 },
    ids: [expect.any(String)],
    warnings: ["Line 3: API Key value should be at least 30 characters"],
  });
  const { items } = await client.send(new GetUsagePlanKeysCommand({ usagePlanId }));
  expect(items).toMatchObject([{ name: "first", value: "apikey1234abcdefghij0123456789", type: "API_KEY" }]);
  const refused = new ImportApiKeysCommand({
    format: "csv",
    failOnWarnings: true,
    body: Buffer.from("Key,Name\nx,y"),
  });
  await expect(client.send(refused)).rejects.toMatchObject({
    name: "BadRequestException",
    message: "Warnings found during import:\n\tLine 2: API Key value should be at least 30 characters",
  });

  // More than one call publishes.
  const lines = Array.from(
    { length: 2_000 },
    (_, line) => `imported-${String(line).padStart(24, "0")},key ${line},${usagePlanId}`,
  );
  const file = Buffer.from(["Key,Name,UsagePlanIds", ...lines].join("\n"));
  const { ids, warnings } = await client.send(new ImportApiKeysCommand({ format: "csv", body: file }));
  expect([ids?.length, warnings]).toEqual([lines.length, []]);
  let listed = 0;
  for await (const { items = [] } of paginateGetUsagePlanKeys({ client, pageSize: 500 }, { usagePlanId })) {
    listed += items.length;
  }
  expect(listed).toBe(lines.length + 1);
});
