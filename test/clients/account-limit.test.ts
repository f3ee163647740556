/** The account's limit, over all APIs, and what the operator sets of it. */
import { GetAccountCommand } from "@aws-sdk/client-api-gateway";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Gateway, startGateway } from "../gateway.ts";
import { apiGatewayClient } from "./clients.ts";
import { mock, TestApi } from "./rest-api.ts";

let gateway: Gateway;
let client: ReturnType<typeof apiGatewayClient>;
let apis: TestApi[];

beforeAll(async () => {
  gateway = await startGateway({ env: { ACCOUNT_RATE_LIMIT: "0.5", ACCOUNT_BURST_LIMIT: "6" } });
  client = apiGatewayClient(gateway.origin);
  apis = [await TestApi.create(client), await TestApi.create(client)];
  for (const api of apis) {
    await api.method("GET", "/", { integration: mock(), responses: [{}] });
    await api.deploy();
  }
});
afterAll(() => gateway.stop());

test("is shown by GetAccount", async () => {
  const { throttleSettings } = await client.send(new GetAccountCommand({}));
  expect(throttleSettings).toEqual({ rateLimit: 0.5, burstLimit: 6 });
});

test("counts for all APIs together", async () => {
  const began = Date.now();
  const statuses: number[] = [];
  for (let count = 0; count < 10; count++) {
    for (const api of apis) {
      const response = await fetch(api.url(gateway.origin, "/"));
      statuses.push(response.status);
      const text = await response.text();
      if (response.status === 200) continue;
      expect(response.headers.get("x-amzn-errortype")).toBe("TooManyRequestsException");
      expect(text).toBe('{"message":"Too Many Requests"}');
    }
  }
  const passed = statuses.filter((status) => status === 200).length;
  expect(statuses.slice(0, 6)).toEqual(Array.from({ length: 6 }, () => 200));
  expect(statuses).toContain(429);
  expect(passed).toBeLessThanOrEqual(6 + (0.5 * (Date.now() - began)) / 1000);
});
