/** The memory of connections on which nothing happens. */
import { lanes, median } from "./measurement.ts";
import type { Servers } from "./servers.ts";
import { closeSockets, openSockets } from "./sockets.ts";
import { bareSocket } from "./websocket-cases.ts";

/** Connections that are held open, and how long until their objects hibernate (the runtime: ten seconds), seconds. */
const idle = { connections: 10_000, settling: 15 };

/**
 * Bytes that the process grows by for each of 10,000 idle connections; it is a fresh one, so that the bare objects and
 * the gateway can be told apart.
 */
async function idleMemory(servers: Servers, urlOf: (index: number) => string): Promise<number> {
  await servers.restart();
  await closeSockets(await openSockets(lanes, urlOf));
  const before = servers.memory();
  const sockets = await openSockets(idle.connections, urlOf);
  await new Promise((resolve) => setTimeout(resolve, idle.settling * 1000));
  const grown = servers.memory() - before;
  await closeSockets(sockets);
  return grown / idle.connections;
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
