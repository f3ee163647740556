/** The requests of channels to functions (function-channel.ts), made by this Worker of itself. */
import { WorkerEntrypoint } from "cloudflare:workers";
import type { Env } from "../settings.ts";
import { beginningChannel } from "./function-channel.ts";

export class FunctionChannels extends WorkerEntrypoint<Env> {
  /** Returns at once; the request goes on until the channel ends. @param number of a channel in this isolate */
  async begin(number: number): Promise<void> {
    const channel = beginningChannel(number);
    if (channel) this.ctx.waitUntil(channel.serve(this.env));
  }
}
