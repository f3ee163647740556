/**
 * What the start script asks of the gateway, on one machine, over a socket that nobody else can reach: `POST /drain`
 * before it ends. Requests in flight finish by themselves; WebSocket connections would stay open, and are closed; limits
 * would be held back after the next start, until the leases of this one have ended, and are given back.
 */
import { WorkerEntrypoint } from "cloudflare:workers";
import { leaveLimits } from "./invoke/limits/limiters.ts";
import { shardOf } from "./invoke/websocket/shard-client.ts";
import { shardsOf } from "./invoke/websocket/shards.ts";
import type { Env } from "./settings.ts";

export class Control extends WorkerEntrypoint<Env> {
  /** @returns 204 when every connection has been closed, its `$disconnect` has been run, and nothing of any limit is leased */
  override async fetch(request: Request): Promise<Response> {
    if (request.method !== "POST" || new URL(request.url).pathname !== "/drain") {
      return new Response(null, { status: 404 });
    }
    const numbers = Array.from({ length: shardsOf("") }, (_, number) => number);
    const drained = Promise.all(numbers.map((number) => shardOf(this.env, { place: "", number }).drain()));
    await Promise.all([drained, leaveLimits((work) => this.ctx.waitUntil(work))]);
    return new Response(null, { status: 204 });
  }
}
