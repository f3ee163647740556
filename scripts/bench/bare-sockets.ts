/**
 * What WebSocket APIs are measured against: sockets that hibernate, over as many objects as the gateway has shards, that
 * send back what they are sent, or what the loaded function makes of it.
 */
import { DurableObject } from "cloudflare:workers";
import { loadedFunction } from "./loaded-function.ts";
import { echoSource } from "./stored-function.ts";

export interface SocketBindings {
  LOADER: WorkerLoader;
}

/** `GET /sockets/{shard}/{id}` with an upgrade; what it is pushed goes to its socket. */
export class EchoSockets extends DurableObject<SocketBindings> {
  override fetch(request: Request): Response {
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server, [request.url.slice(request.url.lastIndexOf("/") + 1)]);
    return new Response(null, { status: 101, webSocket: client });
  }

  override webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): void | Promise<void> {
    socket.send(message);
  }

  override webSocketClose(socket: WebSocket): void {
    socket.close();
  }

  /** @returns whether it was open */
  push(id: string, text: string): boolean {
    const [socket] = this.ctx.getWebSockets(id);
    socket?.send(text);
    return socket !== undefined;
  }
}

export class FunctionSockets extends EchoSockets {
  override async webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): Promise<void> {
    const event = { requestContext: { eventType: "MESSAGE" }, body: message, isBase64Encoded: false };
    const { body } = await loadedFunction(this.env.LOADER, "echo", echoSource).invoke(JSON.stringify(event));
    socket.send(body);
  }
}
