/** Clients that misbehave, one connection after the other, each in a way that is drawn at random. */
import { on } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { WebSocket } from "ws";
import { frameOf } from "../conformance/frames.ts";
import { type ClientSocket, opened, opening } from "./client-socket.ts";
import { eventFaults, randomOf } from "./event-backend.ts";

/** Seconds after which the gateway closes what is silent. */
export const idleTimeout = 15;
/** Milliseconds: longer than that, and than it takes the gateway to notice. */
const silence = (idleTimeout + 8) * 1_000;

const text = 0x81;
const unfinishedText = 0x01;

type Misbehave = (client: ClientSocket) => unknown;

/** Milliseconds. */
const patience = 20_000;

/** Waits for a message. @throws when it does not come */
async function heard(socket: WebSocket, wanted: string): Promise<void> {
  for await (const [data] of on(socket, "message", { signal: AbortSignal.timeout(patience) })) {
    if (String(data) === wanted) return;
  }
}

const large = "x".repeat(100_000);

const ways = {
  "closes with a code": ({ socket }) => {
    socket.close(randomOf([1000, 1001, 3000, 4999]), "left");
  },
  "closes in the middle of its messages": ({ socket }) => {
    for (let count = 0; count < 20; count++) socket.send("hello");
    socket.close();
  },
  "sends after its close": ({ socket, tcp }) => {
    socket.close(1000);
    tcp.write(frameOf(text, Buffer.from("late")));
  },
  "resets TCP": ({ tcp }) => tcp.resetAndDestroy(),
  "resets TCP in the middle of its messages": async ({ socket, tcp }) => {
    for (let count = 0; count < 20; count++) socket.send("hello");
    await sleep(Math.random() * 60);
    tcp.resetAndDestroy();
  },
  "resets TCP in the middle of a frame": async ({ tcp }) => {
    tcp.write(frameOf(text, Buffer.from("half"), 1_000));
    await sleep(Math.random() * 60);
    tcp.resetAndDestroy();
  },
  "falls silent": async ({ tcp }) => {
    tcp.pause();
    await sleep(silence);
    tcp.destroy();
  },
  "falls silent in the middle of a frame": async ({ tcp }) => {
    tcp.write(frameOf(text, Buffer.from("half"), 1_000));
    tcp.pause();
    await sleep(silence);
    tcp.destroy();
  },
  "reads slowly": async ({ socket, tcp }) => {
    for (let count = 0; count < 60; count++) {
      tcp.pause();
      socket.send(large);
      await sleep(100);
      tcp.resume();
      await sleep(5);
    }
    socket.close();
  },
  "does not read": async ({ socket, tcp }) => {
    tcp.pause();
    for (let count = 0; count < 80; count++) {
      socket.send(large);
      await sleep(20);
    }
    await sleep(2_000);
    tcp.resetAndDestroy();
  },
  "sends a message that is too large": ({ socket }) => socket.send("x".repeat(140_000)),
  "sends a message that is much too large": ({ socket }) => socket.send("x".repeat(4_000_000)),
  "sends binary": ({ socket }) => socket.send(Buffer.from([0, 1, 2])),
  "sends no UTF-8": ({ tcp }) => tcp.write(frameOf(text, Buffer.from([0xc3, 0x28]))),
  "sends what is no frame": ({ tcp }) => tcp.write("GET / HTTP/1.1\r\n\r\n".repeat(20)),
  "sends a reserved opcode": ({ tcp }) => tcp.write(frameOf(0x83, Buffer.from("x"))),
  "sends fragments": async ({ socket }) => {
    for (let count = 0; count < 30; count++) {
      socket.send("piece", { fin: count === 29 });
      await sleep(10);
    }
    await heard(socket, "piece".repeat(30));
    socket.close();
  },
  "leaves between fragments": async ({ socket, tcp }) => {
    socket.send("unfinished", { fin: false });
    await sleep(Math.random() * 60);
    tcp.destroy();
  },
  "begins a message within another": ({ tcp }) => {
    tcp.write(frameOf(unfinishedText, Buffer.from("one")));
    tcp.write(frameOf(text, Buffer.from("two")));
  },
  "floods with pings": async ({ socket }) => {
    for (let count = 0; count < 3_000; count++) socket.ping();
    socket.send("still there");
    await heard(socket, "still there");
    socket.close();
  },
  "floods with pings and does not read": async ({ socket, tcp }) => {
    tcp.pause();
    for (let count = 0; count < 3_000; count++) socket.ping("x".repeat(125));
    await sleep(1_000);
    tcp.resetAndDestroy();
  },
  "floods with messages": ({ socket }) => {
    for (let count = 0; count < 300; count++) socket.send("flood");
  },
} satisfies Record<string, Misbehave>;

const wayNames = Object.keys(ways) as (keyof typeof ways)[];
/** Of connections, how many leave before they are open, or ask for a $connect that fails. */
const leavesEarly = 0.05;
const isRefused = 0.05;

type Way = "leaves before it is open" | "is refused" | keyof typeof ways;

/** How connections have ended, and how often. */
export type Endings = Map<string, Map<string, number>>;

/**
 * Until it is told to stop.
 * @param onOpen is told the name of each connection that may be open
 */
export async function misbehave(
  urlOf: (client: string, fault: string) => string,
  endings: Endings,
  { signal, name, onOpen }: { signal: AbortSignal; name: string; onOpen: (client: string) => void },
): Promise<void> {
  for (let number = 0; !signal.aborted; number++) {
    const client = `${name}-${number}`;
    const drawn = Math.random();
    const way =
      drawn < leavesEarly
        ? "leaves before it is open"
        : drawn < leavesEarly + isRefused
          ? "is refused"
          : randomOf(wayNames);
    const ending = await end(urlOf, client, way, onOpen);
    const counts = endings.get(way) ?? new Map<string, number>();
    endings.set(way, counts.set(ending, (counts.get(ending) ?? 0) + 1));
    await sleep(Math.random() * 500);
  }
}

/** @returns how the connection has ended, as its client sees it */
async function end(
  urlOf: (client: string, fault: string) => string,
  client: string,
  way: Way,
  onOpen: (client: string) => void,
): Promise<string> {
  if (way === "leaves before it is open") {
    const { tcp } = opening(urlOf(client, "none"));
    await sleep(Math.random() * 60);
    tcp.destroy();
    return "left";
  }
  if (way === "is refused") {
    const fault = randomOf(eventFaults.slice(1));
    return opened(urlOf(client, fault)).then(
      ({ tcp }) => {
        tcp.destroy();
        return "opened";
      },
      (error: Error) => `${fault}: ${/\d{3}$/.exec(error.message)?.[0] ?? error.message}`,
    );
  }
  try {
    const open = await opened(urlOf(client, "none"));
    onOpen(client);
    const { socket, tcp } = open;
    const closed = new Promise<string>((resolve) => {
      socket.on("close", (code) => resolve(String(code)));
    });
    socket.send("hello");
    await sleep(Math.random() * 200);
    await ways[way](open);
    const ending = await Promise.race([closed, sleep(patience, "left open")]);
    tcp.destroy();
    return ending;
  } catch (error) {
    return String(error);
  }
}
