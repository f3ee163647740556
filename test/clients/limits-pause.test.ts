/** The runtime ends an object that has had nothing to do for ten seconds. */
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { startGateway } from "../gateway.ts";
import { apiGatewayClient } from "./clients.ts";
import { mock, TestApi } from "./rest-api.ts";

test("a limit that nobody has asked for is full again, also beyond ten seconds, and lets no more pass than that", async () => {
  const gateway = await startGateway({ env: { ACCOUNT_RATE_LIMIT: "2", ACCOUNT_BURST_LIMIT: "30" } });
  try {
    const api = await TestApi.create(apiGatewayClient(gateway.origin));
    await api.method("GET", "/", { integration: mock(), responses: [{}] });
    await api.deploy();
    const passed = async (count: number) => {
      const statuses = await Promise.all(
        Array.from({ length: count }, async () => {
          const response = await fetch(api.url(gateway.origin, "/"));
          await response.arrayBuffer();
          return response.status;
        }),
      );
      return statuses.filter((status) => status === 200).length;
    };
    expect(await passed(8)).toBe(8);
    // The lease is out still.
    await sleep(13_000);
    expect(await passed(25)).toBe(25);
    // Its time is over, and the object gone.
    await sleep(32_000);
    expect(await passed(25)).toBe(25);
    expect(await passed(25)).toBeLessThanOrEqual(6);
  } finally {
    await gateway.stop();
  }
}, 90_000);
