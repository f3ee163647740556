/** Keys that a Lambda authorizer gives (`apiKeySource: AUTHORIZER`): the guide's api-gateway-api-key-source. */
import { UpdateRestApiCommand } from "@aws-sdk/client-api-gateway";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Gateway, startGateway } from "../gateway.ts";
import { allowed, apiWith } from "./authorizer-api.ts";
import { apiGatewayClient, lambdaClient } from "./clients.ts";
import { mock, type TestApi } from "./rest-api.ts";
import { createApiKey, createMeteredKey, type PlanSettings } from "./usage-plan.ts";

/** The token `key {value}` brings a key; any other lets its caller in without one. */
const authorizer = `
export const handler = async ({ authorizationToken, methodArn }) => {
  const [kind, usageIdentifierKey] = authorizationToken.split(" ");
  return {
    principalId: "user",
    policyDocument: {
      Version: "2012-10-17",
      Statement: [{ Action: "execute-api:Invoke", Effect: kind === "deny" ? "Deny" : "Allow", Resource: methodArn }],
    },
    ...(usageIdentifierKey ? { usageIdentifierKey } : {}),
  };
};`;

let gateway: Gateway;
let client: ReturnType<typeof apiGatewayClient>;
let api: TestApi;

beforeAll(async () => {
  gateway = await startGateway();
  client = apiGatewayClient(gateway.origin);
  const lambda = lambdaClient(gateway.origin);
  const { method, ...made } = await apiWith(client, lambda, await allowed(lambda, authorizer));
  api = made.api;
  await client.send(
    new UpdateRestApiCommand({
      restApiId: api.id,
      patchOperations: [{ op: "replace", path: "/apiKeySource", value: "AUTHORIZER" }],
    }),
  );
  await api.method("GET", "/pets", {
    method: { ...method, apiKeyRequired: true },
    integration: mock(),
    responses: [{ responseTemplates: { "application/json": "$context.identity.apiKeyId" } }],
  });
  await api.deploy();
});
afterAll(() => gateway.stop());

const keyWith = (plan?: PlanSettings) => createMeteredKey(client, api.id, plan);

async function call(authorizationToken: string, headers: Record<string, string> = {}) {
  const response = await fetch(api.url(gateway.origin, "/pets"), {
    headers: { authorizationToken, ...headers },
  });
  return [response.status, await response.text()];
}

const forbidden = [403, '{"message":"Forbidden"}'];

test("the key that the authorizer gives opens the method", async () => {
  const { id, value } = await keyWith();
  expect(await call(`key ${value}`)).toEqual([200, id]);
});

test("none, a wrong one and one without a plan leave it closed", async () => {
  const { value } = await createApiKey(client);
  expect(await call("none")).toEqual(forbidden);
  expect(await call(`key ${"w".repeat(30)}`)).toEqual(forbidden);
  expect(await call("key short")).toEqual(forbidden);
  expect(await call(`key ${value}`)).toEqual(forbidden);
});

test("the client's own header counts for nothing", async () => {
  const { value } = await keyWith();
  expect(await call("none", { "x-api-key": value })).toEqual(forbidden);
});

test("a key does not help where the authorizer denies", async () => {
  const { value } = await keyWith();
  const [status, text] = await call(`deny ${value}`);
  expect(status).toBe(403);
  expect(text).toContain("explicit deny");
});

test("the plan's limits count for the key", async () => {
  const throttled = await keyWith({ throttle: { rateLimit: 0.01, burstLimit: 2 } });
  const statuses = [];
  for (let count = 0; count < 4; count++) statuses.push(await call(`key ${throttled.value}`));
  expect(statuses.slice(2)).toEqual([
    [429, '{"message":"Too Many Requests"}'],
    [429, '{"message":"Too Many Requests"}'],
  ]);
  expect(statuses.slice(0, 2)).toEqual([
    [200, throttled.id],
    [200, throttled.id],
  ]);
  const metered = await keyWith({ quota: { limit: 1, period: "MONTH", offset: 0 } });
  expect(await call(`key ${metered.value}`)).toEqual([200, metered.id]);
  expect(await call(`key ${metered.value}`)).toEqual([429, '{"message":"Limit Exceeded"}']);
});
