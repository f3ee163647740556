/** Everything but invokes: pages and the control plane. */
import { Hono } from "hono";
import { management } from "./management/management.ts";
import { metricsPage } from "./observability/metrics-page.ts";
import type { Env } from "./settings.ts";

export const app = new Hono<{ Bindings: Env }>();

app.get("/_sallyport/health", (c) => c.json({ status: "ok" }));
app.get("/_sallyport/metrics", (c) => metricsPage(c.env));
app.all("*", (c) => management(c.req.raw, c.env, (work) => c.executionCtx.waitUntil(work)));
