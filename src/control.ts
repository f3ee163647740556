/**
 * What the start script asks of the gateway, on one machine, over a socket that nobody else can reach: `POST /drain`
 * before it ends. Requests in flight finish by themselves; WebSocket connections would stay open, and are closed.
 */
import { WorkerEntrypoint } from "cloudflare:workers";
import { shardOf } from "./invoke/websocket/shard-client.ts";
import { shardsOf } from "./invoke/websocket/shards.ts";
import type { Env } from "./settings.ts";

export class Control extends WorkerEntrypoint<Env> {
  /** @returns 204 when every connection has been closed and its `$disconnect` has been run */
  override async fetch(request: Request): Promise<Response> {
    if (request.method !== "POST" || new URL(request.url).pathname !== "/drain") {
      return new Response(null, { status: 404 });
    }
    const numbers = Array.from({ length: shardsOf("") }, (_, number) => number);
    await Promise.all(numbers.map((number) => shardOf(this.env, { place: "", number }).drain()));
    return new Response(null, { status: 204 });
  }
}
