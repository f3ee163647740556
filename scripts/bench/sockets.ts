/** Clients of WebSocket APIs: many connections, and what they do as fast as they are answered. */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { WebSocket } from "ws";
import { lanes, type Measurement, percentile, type Run } from "./measurement.ts";

/** Connections: 10,000, or as many as there are file descriptors for, of which the runtime takes two for each. */
export function mostOpen(): number {
  const [, limit] = /^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8")) ?? [];
  return Math.min(10_000, Math.floor((Number(limit) - 400) / 2));
}

/**
 * Each lane repeats the operation until the time is up.
 * @param operation is told its lane
 * @param most operations, which may end it before
 */
async function repeat(
  { seconds, computed }: Run,
  operation: (lane: number) => Promise<unknown>,
  most = Number.POSITIVE_INFINITY,
): Promise<Measurement> {
  const before = computed();
  const started = performance.now();
  const latencies: number[] = [];
  const work = async (lane: number) => {
    for (let now = started; now - started < seconds * 1000 && latencies.length + lanes <= most; ) {
      const begun = now;
      await operation(lane);
      now = performance.now();
      latencies.push(now - begun);
    }
  };
  await Promise.all(Array.from({ length: lanes }, (_, lane) => work(lane)));
  const elapsed = performance.now() - started;
  latencies.sort((a, b) => a - b);
  return {
    operations: latencies.length,
    computed: (computed() - before) / latencies.length,
    throughput: (latencies.length / elapsed) * 1000,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
  };
}

/** @param url `http:` or `ws:` @throws Error when the connection is refused */
async function openSocket(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url.replace(/^http/, "ws"), { perMessageDeflate: false });
  await once(socket, "open");
  return socket;
}

/** One after another in each lane. @param urlOf the address of each */
export async function openSockets(count: number, urlOf: (index: number) => string): Promise<WebSocket[]> {
  const sockets: WebSocket[] = [];
  let next = 0;
  const work = async () => {
    while (next < count) sockets.push(await openSocket(urlOf(next++)));
  };
  await Promise.all(Array.from({ length: lanes }, work));
  return sockets;
}

export async function closeSockets(sockets: readonly WebSocket[]): Promise<void> {
  for (let start = 0; start < sockets.length; start += lanes) {
    await Promise.all(
      sockets.slice(start, start + lanes).map((socket) => {
        socket.close();
        return once(socket, "close");
      }),
    );
  }
}

/** Opens connections, which stay open. */
export async function connectRepeatedly(
  run: Run,
  sockets: WebSocket[],
  urlOf: (index: number) => string,
): Promise<Measurement> {
  let next = 0;
  return repeat(run, async () => sockets.push(await openSocket(urlOf(next++))), mostOpen());
}

/** @returns the next message */
export async function ask(socket: WebSocket, message: string): Promise<string> {
  const answer = new Promise<string>((resolve, reject) => {
    socket.onmessage = ({ data }) => resolve(String(data));
    socket.onclose = ({ code, reason }) => reject(new Error(`closed with ${code} ${reason}`));
  });
  socket.send(message);
  return answer;
}

/** @param sockets one a lane @throws Error when the answer is another */
export function askRepeatedly(
  run: Run,
  sockets: readonly WebSocket[],
  message: string,
  expected: string,
): Promise<Measurement> {
  return repeat(run, async (lane) => {
    const answer = await ask(sockets[lane] as WebSocket, message);
    if (answer !== expected) throw new Error(`${message} was answered with ${answer}`);
  });
}
