/**
 * What the gateway is measured against: a Hono worker that answers a static text, one that reads and writes JSON, one
 * that passes on a fetch, one that calls a loaded worker, and objects with sockets.
 */
import { Hono } from "hono";
import type { EchoSockets } from "./bare-sockets.ts";
import { loadedFunction } from "./loaded-function.ts";
import { functionSource } from "./stored-function.ts";

export { EchoSockets, FunctionSockets } from "./bare-sockets.ts";

interface Bindings {
  BACKEND_URL: string;
  LOADER: WorkerLoader;
  ECHO: DurableObjectNamespace<EchoSockets>;
  FUNCTION: DurableObjectNamespace<EchoSockets>;
}

const app = new Hono<{ Bindings: Bindings }>();

app.get("/static", (c) => c.json({ message: "Hello from the bench" }));
app.post("/json", async (c) => c.json(await c.req.json()));
app.get("/proxy", (c) => fetch(c.env.BACKEND_URL, c.req.raw));
app.get("/large", (c) => fetch(`${c.env.BACKEND_URL}large`, c.req.raw));
app.get("/function", async (c) => {
  const loaded = loadedFunction(c.env.LOADER, "function", functionSource);
  const headers = Object.fromEntries(c.req.raw.headers);
  const event = JSON.stringify({ httpMethod: c.req.method, path: c.req.path, headers });
  const { statusCode, body } = await loaded.invoke(event);
  return new Response(body, { status: statusCode, headers: { "Content-Type": "application/json" } });
});

const objectOf = (namespace: DurableObjectNamespace<EchoSockets>, shard: string) =>
  namespace.get(namespace.idFromName(shard));

app.get("/sockets/:shard/:id", (c) => objectOf(c.env.ECHO, c.req.param("shard")).fetch(c.req.raw));
app.get("/functions/:shard/:id", (c) => objectOf(c.env.FUNCTION, c.req.param("shard")).fetch(c.req.raw));
app.post("/push/:shard/:id", async (c) => {
  const { shard, id } = c.req.param();
  const isSent = await objectOf(c.env.ECHO, shard).push(id, await c.req.text());
  return c.body(null, isSent ? 200 : 410);
});

export default app;
