/** What the gateway is measured against: a Hono worker that answers a static text, one that reads and writes JSON, and one that passes on a fetch. */
import { Hono } from "hono";

const app = new Hono<{ Bindings: { BACKEND_URL: string } }>();

app.get("/static", (c) => c.json({ message: "Hello from the bench" }));
app.post("/json", async (c) => c.json(await c.req.json()));
app.get("/proxy", (c) => fetch(c.env.BACKEND_URL, c.req.raw));

export default app;
