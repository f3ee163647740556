/** Many clients at once, some of which misbehave: what holds for the others, and of every connection's end. */
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import {
  ApiGatewayManagementApiClient,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import { afterAll, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { WebSocket } from "ws";
import { credentials, startGateway } from "../gateway.ts";
import { eventually, TestSocket, type TestWebSocketApi } from "./websocket-api.ts";
import { WebSocketBackend } from "./websocket-backend.ts";

const origin = inject("origin");
let api: TestWebSocketApi;
let backend: WebSocketBackend;
let url: string;

beforeAll(async () => {
  backend = await WebSocketBackend.start();
  api = await backend.createApi(origin);
  await api.deploy();
  url = api.url(origin);
});
afterAll(() => backend.stop());
beforeEach(() => {
  backend.answer = () => undefined;
});

/** Ways in which a connection may end. */
const faults: ((socket: WebSocket) => void)[] = [
  (socket) => socket.terminate(),
  (socket) => socket.close(3000 + Math.floor(Math.random() * 1000), "left"),
  (socket) => socket.send(Buffer.from([0, 1, 2])),
  (socket) => socket.send("x".repeat(140_000)),
  (socket) => {
    for (let count = 0; count < 300; count++) socket.send("flood");
  },
  (socket) => {
    socket.send("unfinished", { fin: false });
    socket.terminate();
  },
];

test("healthy clients lose nothing and keep their order while others fail; every connection ends once", async () => {
  const first = backend.events.length;
  backend.answer = ({ type }) => ({ status: type === "DISCONNECT" ? 500 : 200, delay: Math.random() * 20 });
  const posts = new ApiGatewayManagementApiClient({
    endpoint: `${origin}/execute-api/${api.id}/test`,
    region: "us-east-1",
    credentials,
    maxAttempts: 1,
  });
  let isOver = false;
  const outcomes = new Set<string>();
  const failing = Array.from({ length: 15 }, async () => {
    while (!isOver) {
      const socket = await TestSocket.open(url);
      socket.send("hello");
      await sleep(Math.random() * 50);
      faults[Math.floor(Math.random() * faults.length)]?.(socket.socket);
      const ids = backend.events.slice(first).map(({ id }) => id);
      const ConnectionId = ids[Math.floor(Math.random() * ids.length)] as string;
      await posts
        .send(new PostToConnectionCommand({ ConnectionId, Data: "posted" }))
        .then(() => outcomes.add("sent"))
        .catch((error: Error) => outcomes.add(error.name));
      await sleep(50);
      socket.socket.terminate();
    }
  });
  const healthy = Array.from({ length: 10 }, async () => {
    const socket = await TestSocket.open(url);
    for (let number = 0; number < 60; number += 4) {
      for (let ahead = 0; ahead < 4; ahead++) socket.send(String(number + ahead));
      for (let ahead = 0; ahead < 4; ) {
        const message = await socket.next();
        if (message === "posted") continue;
        expect(message).toBe(String(number + ahead));
        ahead++;
      }
    }
    socket.socket.close();
  });
  await Promise.all(healthy);
  isOver = true;
  await Promise.all(failing);

  const events = () => backend.events.slice(first);
  const opened = () => events().filter(({ type }) => type === "CONNECT").length;
  const ended = () => events().filter(({ type }) => type === "DISCONNECT");
  await eventually(() => ended().length >= opened(), 30_000);
  await sleep(500);
  expect(ended()).toHaveLength(opened());
  expect(new Set(ended().map(({ id }) => id)).size).toBe(opened());
  expect([...outcomes].filter((outcome) => !["sent", "GoneException"].includes(outcome))).toEqual([]);
}, 90_000);

test("a client that leaves while $connect is being answered gets its $disconnect", async () => {
  const first = backend.events.length;
  backend.answer = ({ type }) => (type === "CONNECT" ? { delay: 1000 } : undefined);
  const socket = new WebSocket(url);
  socket.on("error", () => {});
  await eventually(() => backend.events.length > first);
  socket.terminate();
  const id = backend.events[first]?.id as string;
  await eventually(() => backend.of(id, "DISCONNECT").length > 0);
  expect(backend.of(id).map(({ type }) => type)).toEqual(["CONNECT", "DISCONNECT"]);
});

test("the log says nothing of clients that break the protocol, and keeps what the gateway has to say", async () => {
  const gateway = await startGateway();
  const own = await backend.createApi(gateway.origin, []);
  await own.deploy();
  const unknownOpcode = [0x83, 0x80, 0, 0, 0, 0];
  const pingInPieces = [0x09, 0x80, 0, 0, 0, 0];
  const messageWithoutBeginning = [0x80, 0x80, 0, 0, 0, 0];
  const messageBeyondAllBounds = [0x81, 0xff, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0];
  for (const octets of [unknownOpcode, pingInPieces, messageWithoutBeginning, messageBeyondAllBounds]) {
    const { socket, closed } = await TestSocket.open(own.url(gateway.origin));
    (socket as unknown as { _socket: Socket })._socket.write(Buffer.from(octets));
    expect([1002, 1009]).toContain((await closed).code);
  }
  await gateway.stop();
  expect(gateway.output()).toContain("Stopping: ");
  expect(gateway.output()).not.toMatch(/exception|protocol/i);
}, 30_000);
