/** TCP connections of sockets that have ended, which the runtime would keep as long as their shards are busy. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { frame } from "../../scripts/conformance/cases.ts";
import { RawClient } from "../../scripts/conformance/raw-client.ts";
import { type Gateway, startGateway } from "../gateway.ts";
import { apiGatewayV2Client } from "./clients.ts";
import { TestSocket, TestWebSocketApi } from "./websocket-api.ts";

let gateway: Gateway;
let url: string;
let busy: TestSocket[];
let timer: NodeJS.Timeout;

beforeAll(async () => {
  gateway = await startGateway({ env: { WEBSOCKET_IDLE_TIMEOUT: "4" } });
  const api = await TestWebSocketApi.create(apiGatewayV2Client(gateway.origin));
  await api.route("$default", {
    integration: { IntegrationType: "MOCK", RequestTemplates: { $default: '{"statusCode": 200}' } },
    integrationResponses: [{}],
  });
  await api.deploy();
  url = api.url(gateway.origin);
  // There are sixteen shards, among which connections fall at random: hardly one will have none of these.
  busy = await Promise.all(Array.from({ length: 100 }, () => TestSocket.open(url)));
  timer = setInterval(() => {
    for (const socket of busy) socket.send("awake");
  }, 1_000);
});
afterAll(async () => {
  clearInterval(timer);
  for (const { socket } of busy) socket.terminate();
  await gateway.stop();
});

/** @returns how many connections have not been ended within half a minute of the last close frame */
async function left(clients: RawClient[]): Promise<number> {
  for (const client of clients) await client.until(() => client.closeFrame !== undefined, 20_000);
  expect(new Set(clients.map(({ closedBy }) => closedBy))).toEqual(new Set(["server"]));
  const deadline = performance.now() + 30_000;
  for (const client of clients) await client.until(() => client.isEnded, deadline - performance.now());
  const count = clients.filter(({ isEnded }) => !isEnded).length;
  for (const client of clients) client.destroy();
  return count;
}

const open = () => Promise.all(Array.from({ length: 300 }, () => RawClient.open(url)));

test("of clients that have broken the protocol they end, whether the clients hang up or not", async () => {
  const clients = await open();
  for (const client of clients) await client.send(frame(3));
  expect(await left(clients)).toBe(0);
}, 60_000);

test("of clients that were closed for being idle they end, whether the clients hang up or not", async () => {
  expect(await left(await open())).toBe(0);
}, 60_000);
