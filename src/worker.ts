/**
 * The entry point: which of the three kinds of traffic is it? And the Durable Object classes. Invokes go past Hono,
 * whose router would cost each of them more than finding its API does.
 */
import { app } from "./app.ts";
import { invoke } from "./invoke/invoke.ts";
import { isInvoke } from "./invoke/locate.ts";
import type { Env } from "./settings.ts";

export { Control } from "./control.ts";
export { Account } from "./durable-objects/account.ts";
export { Connections } from "./durable-objects/connections.ts";
export { Counters } from "./durable-objects/counters.ts";
export { Quota } from "./durable-objects/quota.ts";
export { Throttle } from "./durable-objects/throttle.ts";
export { FunctionChannels } from "./functions/function-channels.ts";

export default {
  fetch(request, env, context) {
    if (isInvoke(request)) return invoke(request, env, (work) => context.waitUntil(work));
    return app.fetch(request, env, context);
  },
} satisfies ExportedHandler<Env>;
