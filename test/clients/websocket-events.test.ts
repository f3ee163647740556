/** What happens on connections, as the backends behind their routes see it. */

import { setTimeout as sleep } from "node:timers/promises";
import { DeleteApiCommand, DeleteStageCommand } from "@aws-sdk/client-apigatewayv2";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import type { WebSocket } from "ws";
import { apiGatewayV2Client } from "./clients.ts";
import { eventually, TestSocket, type TestWebSocketApi } from "./websocket-api.ts";
import { WebSocketBackend } from "./websocket-backend.ts";

const origin = inject("origin");
let api: TestWebSocketApi;
let backend: WebSocketBackend;
let url: string;

beforeAll(async () => {
  backend = await WebSocketBackend.start();
  api = await backend.createApi(origin, ["$connect", "$disconnect", "oneWay"], ["$default", "echo"]);
  await api.route("bare");
  await api.deploy();
  url = api.url(origin);
});
afterAll(() => backend.stop());
beforeEach(() => {
  backend.answer = () => undefined;
});

/** A connection and its id, as the backend was told of it. */
async function open(): Promise<{ socket: TestSocket; id: string }> {
  const before = backend.events.length;
  const socket = await TestSocket.open(url);
  const id = backend.events.slice(before).find(({ type }) => type === "CONNECT")?.id;
  return { socket, id: id as string };
}

describe("a message", () => {
  test("takes the route that it names; another takes $default, and so does what is no JSON", async () => {
    const { socket, id } = await open();
    const messages = [
      '{"action":"echo"}',
      '{"action":"other"}',
      "no JSON",
      '"echo"',
      '{"action":"$connect"}',
      '{"action":"$disconnect"}',
    ];
    for (const message of messages) {
      socket.send(message);
      expect(await socket.next()).toBe(message);
    }
    expect(backend.of(id).map(({ type, route }) => [type, route])).toEqual([
      ["CONNECT", "$connect"],
      ["MESSAGE", "echo"],
      ["MESSAGE", "$default"],
      ["MESSAGE", "$default"],
      ["MESSAGE", "$default"],
      ["MESSAGE", "$default"],
      ["MESSAGE", "$default"],
    ]);
  });

  test("of a route without a response is not answered", async () => {
    const { socket, id } = await open();
    socket.send({ action: "oneWay" });
    socket.send({ action: "echo" });
    expect(await socket.next()).toBe('{"action":"echo"}');
    expect(backend.of(id, "MESSAGE").map(({ route }) => route)).toEqual(["oneWay", "echo"]);
  });

  test("is answered with up to 128 KB, and with an error beyond", async () => {
    const { socket, id } = await open();
    let body = "é".repeat(65_536);
    backend.answer = ({ type }) => (type === "MESSAGE" ? { body } : undefined);
    socket.send({ action: "echo" });
    expect(await socket.next()).toBe(body);
    body += ".";
    socket.send({ action: "echo" });
    expect(await socket.nextJson()).toMatchObject({ message: "Internal server error", connectionId: id });
    socket.send({ action: "oneWay" });
    body = "small";
    socket.send({ action: "echo" });
    expect(await socket.next()).toBe("small");
  });

  test("of a route without an integration is an error", async () => {
    const { socket, id } = await open();
    socket.send({ action: "bare" });
    expect(await socket.next()).toMatch(
      new RegExp(
        `^\\{"message": "Internal server error", "connectionId":"${id}", "requestId":"[\\w-]+="\\}$`,
      ),
    );
  });

  test("in fragments is one message", async () => {
    const { socket } = await open();
    socket.socket.send('{"action":', { fin: false });
    socket.socket.ping();
    socket.socket.send('"echo"}', { fin: true });
    expect(await socket.next()).toBe('{"action":"echo"}');
  });

  test("waits for those before it on its connection, and for no other", async () => {
    const [slow, quick] = [await open(), await open()];
    backend.answer = ({ id, body }) =>
      id === slow.id && body.includes("first") ? { delay: 1500 } : undefined;
    slow.socket.send({ action: "echo", text: "first" });
    slow.socket.send({ action: "echo", text: "second" });
    await eventually(() => backend.of(slow.id, "MESSAGE").length > 0);
    quick.socket.send({ action: "echo" });
    expect(await quick.socket.next()).toBe('{"action":"echo"}');
    expect(backend.of(slow.id, "MESSAGE")).toHaveLength(1);
    expect(await slow.socket.nextJson()).toMatchObject({ text: "first" });
    expect(await slow.socket.nextJson()).toMatchObject({ text: "second" });
  });

  test("keeps its place among a hundred", async () => {
    const { socket, id } = await open();
    const numbers = Array.from({ length: 100 }, (_, number) => number);
    backend.answer = ({ body }) => ({ delay: JSON.parse(body).number % 3 });
    for (const number of numbers) socket.send({ action: "echo", number });
    for (const number of numbers) expect(await socket.nextJson()).toMatchObject({ number });
    expect(backend.of(id, "MESSAGE")).toHaveLength(100);
  });
});

describe("$connect", () => {
  test("that is refused refuses the upgrade with its status, and there is no $disconnect", async () => {
    backend.answer = () => ({ status: 403 });
    await expect(TestSocket.open(url)).rejects.toThrow("Unexpected server response: 403");
    const refused = backend.events.at(-1);
    backend.answer = () => undefined;
    const { socket, id } = await open();
    socket.socket.close();
    await eventually(() => backend.of(id, "DISCONNECT").length > 0);
    expect(backend.of(refused?.id as string).map(({ type }) => type)).toEqual(["CONNECT"]);
  });
});

describe("$disconnect", () => {
  const endings: [string, (socket: WebSocket) => void, string, string][] = [
    ["a close with code and reason", (socket) => socket.close(3001, "bye"), "3001", "bye"],
    ["a close without a code", (socket) => socket.close(), "1005", "Client-side close frame status not set"],
    ["a loss", (socket) => socket.terminate(), "1006", "Connection closed abnormally"],
    ["a binary frame", (socket) => socket.send(Buffer.from([1])), "1003", ""],
    ["a message too large", (socket) => socket.send("x".repeat(131_073)), "1009", ""],
    ["one that the runtime does not take", (socket) => socket.send("x".repeat(34_000_000)), "1009", ""],
  ];
  test.each(endings)("comes once after %s", async (_, end, code, reason) => {
    const { socket, id } = await open();
    end(socket.socket);
    const [event] = await eventually(() => {
      const events = backend.of(id, "DISCONNECT");
      return events.length > 0 && events;
    });
    expect(event).toMatchObject({ route: "$disconnect", code, reason });
    await sleep(300);
    expect(backend.of(id, "DISCONNECT")).toHaveLength(1);
    socket.socket.terminate();
  });

  test("comes after the messages that came before", async () => {
    const { socket, id } = await open();
    backend.answer = ({ type }) => (type === "MESSAGE" ? { delay: 200 } : undefined);
    for (let count = 0; count < 3; count++) socket.send({ action: "echo" });
    socket.socket.close();
    await eventually(() => backend.of(id, "DISCONNECT").length > 0);
    expect(backend.of(id).map(({ type }) => type)).toEqual([
      "CONNECT",
      "MESSAGE",
      "MESSAGE",
      "MESSAGE",
      "DISCONNECT",
    ]);
  });

  test("that fails is not repeated", async () => {
    const { socket, id } = await open();
    backend.answer = () => ({ status: 500 });
    socket.socket.close();
    await eventually(() => backend.of(id, "DISCONNECT").length > 0);
    await sleep(1000);
    expect(backend.of(id, "DISCONNECT")).toHaveLength(1);
  });
});

describe("a connection whose stage is deleted", () => {
  const client = apiGatewayV2Client(origin);
  const deletions: [string, (ApiId: string) => Promise<unknown>][] = [
    ["alone", (ApiId) => client.send(new DeleteStageCommand({ ApiId, StageName: "gone" }))],
    ["with its API", (ApiId) => client.send(new DeleteApiCommand({ ApiId }))],
  ];
  test.each(deletions)("%s ends with its next message, which no backend hears of", async (_, remove) => {
    const api = await backend.createApi(origin);
    await api.deploy("gone");
    const before = backend.events.length;
    const socket = await TestSocket.open(api.url(origin, "gone"));
    socket.send("hello");
    expect(await socket.next()).toBe("hello");
    await remove(api.id);
    socket.send("still there?");
    expect(await socket.closed).toEqual({ code: 1001, reason: "Going away" });
    expect(socket.waiting).toEqual([]);
    expect(backend.events.slice(before).map(({ type }) => type)).toEqual(["CONNECT", "MESSAGE"]);
  });
});

test("a burst of some hundreds of messages is served, in order", async () => {
  const { socket, id } = await open();
  const numbers = Array.from({ length: 400 }, (_, number) => number);
  for (const number of numbers) socket.send({ action: "echo", number });
  await eventually(() => backend.of(id, "MESSAGE").length === numbers.length, 20_000);
  expect(backend.of(id, "MESSAGE").map(({ body }) => JSON.parse(body).number)).toEqual(numbers);
});

describe("a client that asks too much", () => {
  test("is closed when more messages wait than may", async () => {
    const { socket, id } = await open();
    backend.answer = ({ type }) => (type === "MESSAGE" ? { delay: 500 } : undefined);
    for (let count = 0; count < 1200; count++) socket.send({ action: "echo" });
    expect(await socket.closed).toEqual({ code: 1008, reason: "Too many messages" });
    backend.answer = () => undefined;
    await eventually(() => backend.of(id, "DISCONNECT").length > 0);
    expect(backend.of(id, "MESSAGE").length).toBeLessThanOrEqual(1024);
  });

  test("gets the last of its pings back, and nobody is told", async () => {
    const { socket, id } = await open();
    let last = "";
    socket.socket.on("pong", (data) => {
      last = data.toString();
    });
    for (let count = 0; count < 2000; count++) socket.socket.ping(String(count));
    await eventually(() => last === "1999");
    expect(backend.of(id).map(({ type }) => type)).toEqual(["CONNECT"]);
  });
});
