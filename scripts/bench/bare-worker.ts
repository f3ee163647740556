/** What the gateway is measured against: a Hono worker that answers a static text, and one that passes on a fetch. */
import { Hono } from "hono";

const app = new Hono<{ Bindings: { BACKEND_URL: string } }>();

app.get("/static", (c) => c.json({ message: "Hello from the bench" }));
app.get("/proxy", (c) => fetch(c.env.BACKEND_URL, c.req.raw));

export default app;
