/** Connections that end without anybody's doing: by time, by a crash, by clients that are not there any more. */
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
});
afterEach(async () => {
  await gateway.stop({ signal: "SIGKILL" });
  await backend.stop();
});

async function start(env: Record<string, string>, events = ["$connect", "$disconnect"]): Promise<void> {
  gateway = await startGateway({ env });
  api = await backend.createApi(gateway.origin, events);
  await api.deploy();
}

const disconnects = () => backend.events.filter(({ type }) => type === "DISCONNECT");

const openRaw = () => openRawWebSocket(api.url(gateway.origin));

const open = (count: number) =>
  Promise.all(Array.from({ length: count }, () => TestSocket.open(api.url(gateway.origin))));

/** The runtime takes an object out of memory after ten seconds in which nothing happens. */
const untilAsleep = () => sleep(12_000);

/** @returns the connection's id */
async function wake(socket: TestSocket): Promise<string | undefined> {
  socket.send("awake");
  expect(await socket.next()).toBe("awake");
  const [opened, message] = backend.events;
  expect(message).toMatchObject({ type: "MESSAGE", id: opened?.id });
  return opened?.id;
}

const patience = 60_000;

test(
  "a connection ends when nothing was sent for the idle time, in either direction",
  async () => {
    await start({ WEBSOCKET_IDLE_TIMEOUT: "2" });
    const [idle, busy] = (await open(2)) as [TestSocket, TestSocket];
    const timer = setInterval(() => busy.send("still here"), 500);
    expect(await idle.closed).toEqual({ code: 1001, reason: "Going away" });
    await eventually(() => disconnects().length > 0);
    expect(disconnects()).toMatchObject([{ code: "1001", reason: "Going away" }]);
    await sleep(2000);
    expect(busy.socket.readyState).toBe(busy.socket.OPEN);
    clearInterval(timer);
    expect((await busy.closed).code).toBe(1001);
  },
  patience,
);

test(
  "a connection ends when it is as old as it may be, whatever is sent",
  async () => {
    await start({ WEBSOCKET_IDLE_TIMEOUT: "2", WEBSOCKET_MAX_DURATION: "4" });
    const before = Date.now();
    const busy = await TestSocket.open(api.url(gateway.origin));
    const timer = setInterval(() => busy.send("still here"), 300);
    expect(await busy.closed).toEqual({ code: 1001, reason: "Going away" });
    clearInterval(timer);
    expect(Date.now() - before).toBeGreaterThan(3500);
    await eventually(() => disconnects().length > 0);
    await sleep(1000);
    expect(disconnects()).toHaveLength(1);
  },
  patience,
);

test(
  "time-outs that a restart has shortened count for connections from then on",
  async () => {
    // What the limit had leased before is held back for a while.
    const env = { ACCOUNT_CONNECT_LIMIT: "0" };
    await start(env);
    await open(48);
    await gateway.stop({ keepState: true });
    const { stateDir } = gateway;
    gateway = await startGateway({ stateDir, env: { ...env, WEBSOCKET_IDLE_TIMEOUT: "2" } });
    const ends = await Promise.all((await open(48)).map(({ closed }) => closed));
    expect(new Set(ends.map(({ code }) => code))).toEqual(new Set([1001]));
  },
  patience,
);

test(
  "a client that has gone without a word, and one that does not answer a close, get their $disconnect",
  async () => {
    await start({ WEBSOCKET_IDLE_TIMEOUT: "2" });
    const silent = await openRaw();
    const reset = await openRaw();
    reset.resetAndDestroy();
    await eventually(() => disconnects().length === 2);
    expect(
      disconnects()
        .map(({ code }) => code)
        .toSorted(),
    ).toEqual(["1001", "1006"]);
    silent.destroy();
    await sleep(500);
    expect(disconnects()).toHaveLength(2);
  },
  patience,
);

test(
  "after a crash, each connection that was open gets its $disconnect",
  async () => {
    await start({ WEBSOCKET_IDLE_TIMEOUT: "20" });
    const sockets = await open(20);
    const ids = backend.events.map(({ id }) => id);
    await gateway.stop({ signal: "SIGKILL", keepState: true });
    await Promise.all(sockets.map(({ closed }) => closed));
    const { stateDir } = gateway;
    gateway = await startGateway({ stateDir, env: { WEBSOCKET_IDLE_TIMEOUT: "20" } });
    await eventually(() => disconnects().length === 20, 25_000);
    expect(new Set(disconnects().map(({ id }) => id))).toEqual(new Set(ids));
    await sleep(1500);
    expect(disconnects()).toHaveLength(20);
  },
  patience,
);

test(
  "a connection that sleeps wakes up for a message, and keeps who it is",
  async () => {
    await start({});
    const socket = await TestSocket.open(api.url(gateway.origin));
    await untilAsleep();
    const id = await wake(socket);
    await untilAsleep();
    socket.socket.terminate();
    await eventually(() => disconnects().length > 0);
    expect(disconnects()[0]?.id).toBe(id);
  },
  patience,
);

test(
  "so does one of an API without $disconnect, and it ends in its time; a route that comes later hears of it",
  async () => {
    await start({ WEBSOCKET_IDLE_TIMEOUT: "30" }, ["$connect"]);
    const socket = await TestSocket.open(api.url(gateway.origin));
    await untilAsleep();
    const id = await wake(socket);
    await api.route("$disconnect", backend.route);
    await api.redeploy();
    expect(await socket.closed).toEqual({ code: 1001, reason: "Going away" });
    await eventually(() => disconnects().length > 0);
    expect(disconnects()).toMatchObject([{ id, code: "1001" }]);
    await sleep(1500);
    expect(disconnects()).toHaveLength(1);
  },
  patience * 1.5,
);

test(
  "a client that does not read is closed before what waits for it fills the memory",
  async () => {
    await start({});
    backend.answer = ({ type }) => (type === "MESSAGE" ? { body: "x".repeat(131_072) } : undefined);
    const slow = await openRaw();
    slow.pause();
    const timer = setInterval(() => slow.write(maskedText("more")), 10);
    await eventually(() => disconnects().length > 0, 20_000);
    clearInterval(timer);
    expect(disconnects()).toMatchObject([{ code: "1008", reason: "Too slow" }]);
    slow.destroy();
  },
  patience,
);
