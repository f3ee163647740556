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

/** Milliseconds that clients get to answer a close, and to hang up. */
const closingTime = 1_000;

export class Control extends WorkerEntrypoint<Env> {
  /**
   * Clients that have not hung up a moment later are let go, so that the process can end.
   * @returns 204 when every connection has been closed, its `$disconnect` has been run, and nothing of any limit is leased
   */
  override async fetch(request: Request): Promise<Response> {
    if (request.method !== "POST" || new URL(request.url).pathname !== "/drain") {
      return new Response(null, { status: 404 });
    }
    const numbers = Array.from({ length: shardsOf("") }, (_, number) => number);
    const drained = Promise.all(numbers.map((number) => this.#drain(number)));
    await Promise.all([drained, leaveLimits((work) => this.ctx.waitUntil(work))]);
    return new Response(null, { status: 204 });
  }

  async #drain(number: number): Promise<void> {
    const shard = shardOf(this.env, { place: "", number });
    await shard.drain();
    const letGo = new Promise((resolve) => setTimeout(resolve, closingTime)).then(() => shard.letGo());
    // An object that is aborted does not answer.
    this.ctx.waitUntil(letGo.catch(() => undefined));
  }
}
