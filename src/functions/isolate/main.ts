/**
 * The main module of a function's isolate: what Lambda's Node runtime does around a handler. It is bundled to
 * isolate.generated.json (scripts/generate-isolate.ts) and given to the worker loader with the function's own modules.
 */

import { WorkerEntrypoint } from "cloudflare:workers";
import { AsyncLocalStorage } from "node:async_hooks";
import { format } from "node:util";
import type { IsolateInvocation, IsolateResult } from "../isolate-protocol.ts";
import { invocationContext } from "./invocation-context.ts";
import { loadHandler } from "./load-handler.ts";
import { installStreaming, isStreaming, ResponseStream } from "./response-stream.ts";
import { errorResponse, RuntimeError } from "./runtime-error.ts";

interface Log {
  requestId: string;
  text: string;
}

/** Characters of an invoke's log; Lambda's tail is its last 4 KB. */
const longestLog = 64_000;
/** Bytes of a synchronous invoke's result (lambda quotas). */
const longestResult = 6_291_556;

const logs = new AsyncLocalStorage<Log>();
captureConsole();
installStreaming();

export class Handler extends WorkerEntrypoint {
  async invoke(invocation: IsolateInvocation): Promise<IsolateResult> {
    const log: Log = { requestId: invocation.requestId, text: "" };
    const outcome = await logs.run(log, () => outcomeOf(invocation));
    return { ...outcome, log: log.text };
  }

  /** What the handler writes, as it does; the result of a handler that does not stream. Breaks off with its error. */
  stream(invocation: IsolateInvocation): ReadableStream<Uint8Array> {
    const { readable, writable } = new IdentityTransformStream();
    const log: Log = { requestId: invocation.requestId, text: "" };
    this.ctx.waitUntil(logs.run(log, () => streamTo(writable, invocation)));
    return readable;
  }
}

export default Handler;

async function streamTo(target: WritableStream<Uint8Array>, invocation: IsolateInvocation): Promise<void> {
  const stream = new ResponseStream(target);
  // Whoever waits is told by the stream itself.
  stream.on("error", () => undefined);
  try {
    const result = await callHandler(invocation, stream);
    if (!isStreaming(await loadHandler(invocation.handler))) stream.end(serialize(result));
  } catch (error) {
    stream.destroy(error instanceof Error ? error : new Error(String(error)));
  }
}

type Outcome = Omit<IsolateResult, "log">;

async function outcomeOf(invocation: IsolateInvocation): Promise<Outcome> {
  try {
    const payload = isStreaming(await loadHandler(invocation.handler))
      ? await collect(invocation)
      : serialize(await callHandler(invocation));
    if (new TextEncoder().encode(payload).byteLength > longestResult) {
      throw new RuntimeError(
        "Function.ResponseSizeTooLarge",
        `Response payload size exceeded maximum allowed payload size (${longestResult} bytes).`,
      );
    }
    return { payload };
  } catch (error) {
    const response = errorResponse(error);
    console.error(`Invoke Error\t${JSON.stringify({ ...response, stack: response.trace })}`);
    return { payload: JSON.stringify(response), functionError: "Unhandled" };
  }
}

/** All that a streaming handler writes, for a caller that waits for it. */
async function collect(invocation: IsolateInvocation): Promise<string> {
  const { readable, writable } = new IdentityTransformStream();
  const text = new Response(readable).text();
  text.catch(() => undefined);
  const stream = new ResponseStream(writable);
  stream.on("error", () => undefined);
  try {
    await callHandler(invocation, stream);
  } catch (error) {
    stream.destroy(error instanceof Error ? error : undefined);
    throw error;
  }
  return text;
}

function serialize(result: unknown): string {
  try {
    return JSON.stringify(result === undefined ? null : result) ?? "null";
  } catch {
    throw new Error("Unable to stringify response body");
  }
}

/**
 * The first of promise, callback and `context.done` counts; none of them within the timeout is a timeout.
 * @param stream what a streaming handler writes to: it is done when that has ended
 */
async function callHandler(invocation: IsolateInvocation, stream?: ResponseStream): Promise<unknown> {
  const handler = await loadHandler(invocation.handler);
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    return await new Promise<unknown>((resolve, reject) => {
      timer = setTimeout(() => {
        const seconds = (invocation.timeoutMillis / 1000).toFixed(2);
        reject(
          new RuntimeError(
            "Sandbox.Timedout",
            `RequestId: ${invocation.requestId} Error: Task timed out after ${seconds} seconds`,
          ),
        );
      }, invocation.timeoutMillis);
      const callback = (error: unknown, result?: unknown) => {
        if (error !== undefined && error !== null) reject(error);
        else resolve(result);
      };
      const context = invocationContext(invocation, callback);
      if (stream && isStreaming(handler)) {
        stream.on("finish", resolve);
        stream.on("error", reject);
        Promise.resolve(handler(JSON.parse(invocation.event), stream, context)).catch(reject);
        return;
      }
      const returned = handler(JSON.parse(invocation.event), context, callback);
      if (isThenable(returned)) Promise.resolve(returned).then(resolve, reject);
      // A handler that neither takes a callback nor promises anything is done when it returns.
      else if (handler.length < 3 && !context.isAwaited()) resolve(null);
    });
  } finally {
    clearTimeout(timer);
  }
}

const isThenable = (value: unknown): value is Promise<unknown> =>
  typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";

/** Each line as Lambda writes it: time, request id, level, message. */
function captureConsole(): void {
  const levels = {
    log: "INFO",
    info: "INFO",
    debug: "DEBUG",
    trace: "TRACE",
    warn: "WARN",
    error: "ERROR",
  } as const;
  for (const [method, level] of Object.entries(levels)) {
    console[method as keyof typeof levels] = (...values: unknown[]) => {
      const log = logs.getStore();
      if (!log || log.text.length > longestLog) return;
      log.text += `${new Date().toISOString()}\t${log.requestId}\t${level}\t${format(...values)}\n`;
    };
  }
}
