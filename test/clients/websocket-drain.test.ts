/** Ctrl-C while WebSocket connections are open. */
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Gateway, startGateway } from "../gateway.ts";
import { maskedText, openRawWebSocket } from "./raw-websocket.ts";
import { eventually, TestSocket, type TestWebSocketApi } from "./websocket-api.ts";
import { WebSocketBackend } from "./websocket-backend.ts";

let backend: WebSocketBackend;
let gateway: Gateway;
let api: TestWebSocketApi;

beforeEach(async () => {
  backend = await WebSocketBackend.start();
  gateway = await startGateway();
  api = await backend.createApi(gateway.origin);
  await api.deploy();
});
afterEach(() => backend.stop());

const disconnects = () =>
  backend.events.filter(({ type }) => type === "DISCONNECT").map(({ code }) => Number(code));

const goingAway = [0x88, 12, 0x03, 0xe9, ...Buffer.from("Going away")];
/** A close frame of a client's, with 1001; its mask is zero. */
const answerToClose = Buffer.from([0x88, 0x82, 0, 0, 0, 0, 0x03, 0xe9]);
/** A client that never hangs up, whatever it is told. */
async function openRaw(): Promise<{ socket: Socket; received: () => number[] }> {
  const socket = await openRawWebSocket(api.url(gateway.origin), { allowHalfOpen: true });
  let received = Buffer.alloc(0);
  socket.on("data", (data) => {
    received = Buffer.concat([received, data]);
  });
  const head = await eventually(() => received.includes("\r\n\r\n") && received.indexOf("\r\n\r\n") + 4);
  return { socket, received: () => [...received.subarray(head)] };
}

test("closes them with 1001, runs their $disconnect, and ends without waiting for anything else", async () => {
  const sockets = await Promise.all(
    Array.from({ length: 20 }, () => TestSocket.open(api.url(gateway.origin))),
  );
  const stopped = gateway.stop({ signal: "SIGINT" });
  for (const socket of sockets) {
    expect(await socket.closed).toEqual({ code: 1001, reason: "Going away" });
  }
  expect(await stopped).toBe(0);
  expect(disconnects()).toEqual(Array.from({ length: 20 }, () => 1001));
}, 60_000);

test("does not wait for clients to hang up, whether they have spoken or not, and answer the close or not", async () => {
  const clients = await Promise.all(Array.from({ length: 4 }, openRaw));
  for (const { socket, received } of clients.slice(2)) {
    socket.write(maskedText("a"));
    await eventually(() => received().length === 3);
  }
  for (const { socket } of [clients[0], clients[2]] as typeof clients) {
    socket.on("data", () => socket.write(answerToClose));
  }
  const stopped = gateway.stop().then(() => "stopped");
  // Without their doing, an object keeps its sockets for ten seconds.
  expect(await Promise.race([stopped, sleep(8_000)])).toBe("stopped");
  for (const { socket, received } of clients) {
    expect(received().slice(-goingAway.length)).toEqual(goingAway);
    socket.destroy();
  }
  expect(disconnects()).toEqual([1001, 1001, 1001, 1001]);
}, 60_000);

test("waits for a $disconnect that takes its time, which is not run again by the next start", async () => {
  const socket = await TestSocket.open(api.url(gateway.origin));
  socket.send("hello");
  expect(await socket.next()).toBe("hello");
  backend.answer = ({ type }) => (type === "DISCONNECT" ? { delay: 7_000 } : undefined);
  await gateway.stop({ keepState: true });
  expect(disconnects()).toEqual([1001]);
  gateway = await startGateway({ stateDir: gateway.stateDir, env: { WEBSOCKET_IDLE_TIMEOUT: "20" } });
  // Each shard that a connection reaches looks for what has been left behind.
  await Promise.all(Array.from({ length: 48 }, () => TestSocket.open(api.url(gateway.origin))));
  await sleep(3_000);
  expect(disconnects()).toEqual([1001]);
  await gateway.stop();
}, 60_000);
