/**
 * The function host: a Worker in a workerd of its own beside the gateway's, reached over a local socket. A function
 * that never gives the processor back stops this process and no other; the start script then ends and restarts it.
 * At the edge there is no such process: the platform limits each isolate's CPU time.
 */

import {
  type FunctionCode,
  type HostedIsolate,
  hostHeaders,
  hostUrl,
  type IsolateDefinition,
} from "./isolate-protocol.ts";
import { openChannel, streamFromIsolate } from "./load-isolate.ts";

/** Isolates by their URL, so that neither their environment nor their code need be sent again. */
const definitions = new Map<string, IsolateDefinition>();
/** Code that has come for an isolate that is to be loaded. */
const arrived = new Map<string, FunctionCode>();

export default {
  async fetch(request, env) {
    const { method, url, headers } = request;
    if (method === "GET" && !headers.has("upgrade")) return new Response("ok");
    if (method === "PUT") {
      const { definition, code }: HostedIsolate = await request.json();
      definitions.set(hostUrl(definition.id), definition);
      arrived.set(definition.id, code);
      return new Response(null, { status: 204 });
    }
    const definition = definitions.get(url);
    if (!definition) return unknownIsolate();
    let isDropped = false;
    const loadCode = () => {
      const code = arrived.get(definition.id);
      arrived.delete(definition.id);
      if (code) return code;
      // The loader has dropped the isolate, and the function has not run.
      isDropped = true;
      definitions.delete(url);
      throw new Error("the isolate was dropped");
    };
    try {
      const answer =
        method === "POST"
          ? new Response(
              await streamFromIsolate(
                env.LOADER,
                definition,
                {
                  ...JSON.parse(headers.get(hostHeaders.invocation) as string),
                  event: await request.text(),
                },
                loadCode,
              ),
            )
          : await openChannel(env.LOADER, definition, loadCode, request);
      if (isDropped) return unknownIsolate();
      // Two first calls have both brought it.
      arrived.delete(definition.id);
      return answer;
    } catch (error) {
      if (isDropped) return unknownIsolate();
      throw error;
    }
  },
} satisfies ExportedHandler<{ LOADER: WorkerLoader }>;

const unknownIsolate = () => new Response(null, { status: 404 });
