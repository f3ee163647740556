/** Which of the three kinds of traffic is it? */
import { Hono } from "hono";
import { invoke } from "./invoke/invoke.ts";
import { isInvokeHost } from "./invoke/locate.ts";
import { management } from "./management/management.ts";
import type { Env } from "./settings.ts";

export const app = new Hono<{ Bindings: Env }>();

app.use(async (c, next) => {
  if (isInvokeHost(c.req.raw)) return invoke(c.req.raw, c.env, c.executionCtx);
  return next();
});
app.all("/execute-api/*", (c) => invoke(c.req.raw, c.env, c.executionCtx));
app.get("/_sallyport/health", (c) => c.json({ status: "ok" }));
app.all("*", (c) => management(c.req.raw, c.env, (work) => c.executionCtx.waitUntil(work)));
