/** The entry point: the Hono app, and the Durable Object classes. */
import { app } from "./app.ts";

export { Account } from "./durable-objects/account.ts";
export default app;
