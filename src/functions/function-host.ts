/**
 * The function host: a Worker in a workerd of its own beside the gateway's, reached over a local socket. A function
 * that never gives the processor back stops this process and no other; the start script then ends and restarts it.
 * At the edge there is no such process: the platform limits each isolate's CPU time.
 */

import type { FunctionCode, HostCall } from "./isolate-protocol.ts";
import { runInIsolate, streamFromIsolate } from "./load-isolate.ts";

/** Isolates that have been started, so that their code need not be sent again. */
const known = new Set<string>();

export default {
  async fetch(request, env) {
    if (request.method === "GET") return new Response("ok");
    const { definition, invocation, isStream, code }: HostCall = await request.json();
    if (!code && !known.has(definition.id)) return new Response(null, { status: 404 });
    known.add(definition.id);
    const loadCode = () => code ?? noCode(definition.id);
    if (isStream) return new Response(await streamFromIsolate(env.LOADER, definition, invocation, loadCode));
    return Response.json(await runInIsolate(env.LOADER, definition, invocation, loadCode));
  },
} satisfies ExportedHandler<{ LOADER: WorkerLoader }>;

/** The loader has dropped an isolate: the next call brings the code. */
function noCode(id: string): FunctionCode {
  known.delete(id);
  throw new Error("the isolate was dropped");
}
