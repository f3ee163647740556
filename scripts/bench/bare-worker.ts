/**
 * What the gateway is measured against: a Hono worker that answers a static text, one that reads and writes JSON, one
 * that passes on a fetch, and one that calls a loaded worker.
 */
import { Hono } from "hono";
import { functionSource } from "./stored-function.ts";

interface Bindings {
  BACKEND_URL: string;
  LOADER: WorkerLoader;
}

interface LoadedFunction {
  invoke(event: string): Promise<{ statusCode: number; body: string }>;
}

const app = new Hono<{ Bindings: Bindings }>();

app.get("/static", (c) => c.json({ message: "Hello from the bench" }));
app.post("/json", async (c) => c.json(await c.req.json()));
app.get("/proxy", (c) => fetch(c.env.BACKEND_URL, c.req.raw));
app.get("/large", (c) => fetch(`${c.env.BACKEND_URL}large`, c.req.raw));
app.get("/function", async (c) => {
  const stub = c.env.LOADER.get("function", () => ({
    compatibilityDate: "2026-11-01",
    mainModule: "main.js",
    modules: {
      "main.js": `
        import { WorkerEntrypoint } from "cloudflare:workers";
        import { handler } from "./index.mjs";
        export class Loaded extends WorkerEntrypoint {
          invoke(event) { return handler(JSON.parse(event)); }
        }`,
      "index.mjs": { js: functionSource },
    },
  }));
  const loaded = stub.getEntrypoint("Loaded") as unknown as LoadedFunction;
  const headers = Object.fromEntries(c.req.raw.headers);
  const event = JSON.stringify({ httpMethod: c.req.method, path: c.req.path, headers });
  const { statusCode, body } = await loaded.invoke(event);
  return new Response(body, { status: statusCode, headers: { "Content-Type": "application/json" } });
});

export default app;
