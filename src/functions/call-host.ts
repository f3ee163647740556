/** Speaks with the function host: brings it the isolates that it does not know, and waits while it is restarted. */
import {
  type FunctionCode,
  type HostedIsolate,
  hostUrl,
  type IsolateDefinition,
} from "./isolate-protocol.ts";

/** Milliseconds for which a host that is being restarted is waited for, and between two attempts. */
const hostRestart = 3_000;
const hostRetry = 100;
/** Isolates that the host may drop while they are being sent, before it is given up. */
const mostSent = 3;

/**
 * @param loadCode is asked for the code when the host does not know the isolate
 * @param request what the isolate is asked
 * @throws Error when the host ends meanwhile, or cannot be reached
 */
export async function callHost(
  host: Fetcher,
  definition: IsolateDefinition,
  loadCode: () => Promise<FunctionCode>,
  request: RequestInit,
): Promise<Response> {
  const deadline = Date.now() + hostRestart;
  const url = hostUrl(definition.id);
  for (let sent = 0; ; ) {
    try {
      const response = await host.fetch(url, request);
      if (response.status !== 404) return response;
      if (sent++ === mostSent) throw new Error("the function host drops the isolate over and over");
      const hosted: HostedIsolate = { definition, code: await loadCode() };
      await host.fetch(url, { method: "PUT", body: JSON.stringify(hosted) });
    } catch (error) {
      // What could not connect has not run. workerd calls that an internal error, and "Network connection lost" what
      // was ended on its way.
      const neverRan = /internal error|refused/i.test(String(error));
      if (!neverRan || Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, hostRetry));
    }
  }
}
