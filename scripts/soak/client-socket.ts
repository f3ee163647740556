/** A client's connection whose octets are within reach: for those that keep the protocol, and those that do not. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { WebSocket } from "ws";

export interface ClientSocket {
  socket: WebSocket;
  /** What it runs on. */
  tcp: Socket;
}

/** Begins to open one. */
export function opening(url: string): ClientSocket {
  const { hostname, port } = new URL(url);
  const tcp = connect(Number(port), hostname);
  tcp.on("error", () => undefined);
  const closeTimeout = { closeTimeout: 1_000 };
  const socket = new WebSocket(url, [], { createConnection: () => tcp, ...closeTimeout });
  socket.on("error", () => undefined);
  return { socket, tcp };
}

/** @throws what the upgrade was answered with */
export async function opened(url: string): Promise<ClientSocket> {
  const client = opening(url);
  await once(client.socket, "open");
  return client;
}
