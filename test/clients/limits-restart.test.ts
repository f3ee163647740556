/** A gateway that is stopped as Ctrl-C stops it, and started again on the same state. */
import { expect, test } from "vitest";
import { startGateway } from "../gateway.ts";
import { apiGatewayClient } from "./clients.ts";
import { mock, TestApi } from "./rest-api.ts";
import { createMeteredKey } from "./usage-plan.ts";

test("limits go on where they were: nothing is held back, and nothing is let pass twice", async () => {
  const first = await startGateway();
  const client = apiGatewayClient(first.origin);
  const api = await TestApi.create(client);
  await api.method("GET", "/", { method: { apiKeyRequired: true }, integration: mock(), responses: [{}] });
  await api.deploy();
  const throttle = { rateLimit: 0.001, burstLimit: 20 };
  const { value } = await createMeteredKey(client, api.id, { throttle });
  client.destroy();
  const statuses = (origin: string, count: number) =>
    Promise.all(
      Array.from({ length: count }, async () => {
        const response = await fetch(api.url(origin, "/"), { headers: { "x-api-key": value } });
        await response.arrayBuffer();
        return response.status;
      }),
    );
  expect(await statuses(first.origin, 8)).toEqual(Array(8).fill(200));
  expect(await first.stop({ keepState: true })).toBe(0);
  const second = await startGateway({ stateDir: first.stateDir });
  try {
    const after = await statuses(second.origin, 30);
    expect(after.filter((status) => status === 200)).toHaveLength(12);
  } finally {
    await second.stop();
  }
}, 60_000);
