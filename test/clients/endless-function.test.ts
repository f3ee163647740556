/** In a gateway of its own: the functions of other tests would be ended with the host. */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Gateway, startGateway } from "../gateway.ts";
import { lambdaClient } from "./clients.ts";
import { createFunction, invokeFunction } from "./stored-functions.ts";

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway?.stop());

test("an endless loop ends as a timeout, and neither the gateway nor the next function waits for it", async () => {
  const client = lambdaClient(gateway.origin);
  const loop = await createFunction(client, "export const handler = () => { for (;;) {} };", { Timeout: 1 });
  const looping = invokeFunction(client, loop);
  for (let round = 0; round < 10; round++) {
    expect((await fetch(`${gateway.origin}/_sallyport/health`)).status).toBe(200);
    await sleep(50);
  }
  expect((await looping).payload.errorMessage).toMatch(/Task timed out after 1\.00 seconds$/);
  const good = await createFunction(client, "export const handler = async () => 'still here';", {
    Timeout: 30,
  });
  // The host is ended some seconds later; what waits in it meanwhile ends with it, as on a machine that goes down.
  let payload: unknown;
  for (let attempt = 0; payload !== "still here" && attempt < 20; attempt++)
    ({ payload } = await invokeFunction(client, good));
  expect(payload).toBe("still here");
});

test("a function that takes memory without end is killed as on AWS, and the next one is served", async () => {
  const client = lambdaClient(gateway.origin);
  const hungry = await createFunction(
    client,
    "const kept = []; export const handler = () => { for (;;) kept.push(new Array(100_000).fill(0.5)); };",
    { Timeout: 60 },
  );
  const { status, error, payload } = await invokeFunction(client, hungry);
  expect({ status, error }).toEqual({ status: 200, error: "Unhandled" });
  expect(payload).toEqual({
    errorType: "Runtime.ExitError",
    errorMessage: expect.stringMatching(/^RequestId: \S+ Error: Runtime exited with error: signal: killed$/),
  });
  const good = await createFunction(client, "export const handler = async () => 'still here';");
  expect((await invokeFunction(client, good)).payload).toBe("still here");
});

test("the host can die between two calls, and the second is served by the next one", async () => {
  const client = lambdaClient(gateway.origin);
  const name = await createFunction(client, "let calls = 0; export const handler = async () => ++calls;");
  expect((await invokeFunction(client, name)).payload).toBe(1);
  expect((await invokeFunction(client, name)).payload).toBe(2);
  const { workerd } = JSON.parse(await readFile(join(gateway.stateDir, "holder.json"), "utf8"));
  process.kill(workerd[1], "SIGKILL");
  // Until the gateway has heard that its channel is closed.
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect((await invokeFunction(client, name)).payload).toBe(1);
});
