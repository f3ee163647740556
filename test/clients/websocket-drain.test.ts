/** Ctrl-C while WebSocket connections are open. */
import { expect, test } from "vitest";
import { startGateway } from "../gateway.ts";
import { apiGatewayV2Client } from "./clients.ts";
import { TestSocket, TestWebSocketApi } from "./websocket-api.ts";
import { WebSocketBackend } from "./websocket-backend.ts";

test("closes them with 1001, runs their $disconnect, and ends without waiting for anything else", async () => {
  const backend = await WebSocketBackend.start();
  const gateway = await startGateway();
  try {
    const api = await TestWebSocketApi.create(apiGatewayV2Client(gateway.origin));
    await api.route("$disconnect", backend.route);
    await api.deploy();
    const sockets = await Promise.all(
      Array.from({ length: 20 }, () => TestSocket.open(api.url(gateway.origin))),
    );
    const stopped = gateway.stop({ signal: "SIGINT" });
    for (const socket of sockets) {
      expect(await socket.closed).toEqual({ code: 1001, reason: "Going away" });
    }
    expect(await stopped).toBe(0);
    expect(backend.events.map(({ type, code }) => `${type} ${code}`)).toEqual(
      Array.from({ length: 20 }, () => "DISCONNECT 1001"),
    );
  } finally {
    await backend.stop();
  }
}, 60_000);
