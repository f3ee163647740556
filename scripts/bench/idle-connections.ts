/** The memory of connections on which nothing happens. */
import { WebSocket } from "ws";
import { lanes, median } from "./measurement.ts";
import type { Servers } from "./servers.ts";
import { closeSockets, mostOpen, openSockets } from "./sockets.ts";
import { bareSocket } from "./websocket-cases.ts";

/** Seconds until objects without events hibernate (the runtime: ten), and some more. */
const settling = 15;

/**
 * Bytes that the process grows by for each idle connection; it is a fresh one, so that the bare objects and the gateway
 * can be told apart.
 */
async function idleMemory(servers: Servers, urlOf: (index: number) => string): Promise<number> {
  await servers.restart();
  await closeSockets(await openSockets(lanes, urlOf));
  const before = servers.memory();
  const sockets = await openSockets(mostOpen(), urlOf);
  await new Promise((resolve) => setTimeout(resolve, settling * 1000));
  const grown = servers.memory() - before;
  const open = sockets.filter(({ readyState }) => readyState === WebSocket.OPEN).length;
  if (open < sockets.length) throw new Error(`${open} of ${sockets.length} connections are still open`);
  await closeSockets(sockets);
  return grown / sockets.length;
}

/** @returns bytes a connection: medians of the rounds */
export async function idleConnections(
  servers: Servers,
  api: string,
  rounds: number,
): Promise<{ bare: number; gateway: number }> {
  const bare: number[] = [];
  const gateway: number[] = [];
  for (let round = 0; round < rounds; round++) {
    bare.push(await idleMemory(servers, bareSocket(servers.bare, "sockets")));
    gateway.push(await idleMemory(servers, () => api));
  }
  return { bare: median(bare), gateway: median(gateway) };
}
