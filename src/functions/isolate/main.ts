/**
 * The main module of a function's isolate: what Lambda's Node runtime does around a handler. It is bundled to
 * isolate.generated.json (scripts/generate-isolate.ts) and given to the worker loader with the function's own modules.
 */

import { WorkerEntrypoint } from "cloudflare:workers";
import { AsyncLocalStorage } from "node:async_hooks";
import { format } from "node:util";
import { type IsolateInvocation, type IsolateResult, readCall, writeAnswer } from "../isolate-protocol.ts";
import { TimeLimit } from "../time-limit.ts";
import { invocationContext } from "./invocation-context.ts";
import { loadHandler } from "./load-handler.ts";
import { installStreaming, isStreaming, ResponseStream } from "./response-stream.ts";
import { endsEnvironment, errorResponse, RuntimeError } from "./runtime-error.ts";

/** What runs. */
interface Invoke {
  requestId: string;
  log: string;
  /** Ends it. */
  fail?: (error: Error) => void;
}

/** Characters of an invoke's log; Lambda's tail is its last 4 KB. */
const longestLog = 64_000;
/** Bytes of a synchronous invoke's result (lambda quotas). */
const longestResult = 6_291_556;

const invokes = new AsyncLocalStorage<Invoke>();
captureConsole();
captureExit();
installStreaming();

export class Handler extends WorkerEntrypoint {
  /** Opens a channel: a WebSocket whose messages are calls, each of which is answered by a message. */
  override fetch(): Response {
    const { 0: client, 1: server } = new WebSocketPair();
    const limit = new TimeLimit();
    server.addEventListener("message", async ({ data }) => {
      const result = await this.invoke(readCall(data as string), limit);
      if (server.readyState === WebSocket.OPEN) server.send(writeAnswer(result));
    });
    server.addEventListener("close", () => server.close());
    server.accept();
    return new Response(null, { status: 101, webSocket: client });
  }

  async invoke(invocation: IsolateInvocation, limit = new TimeLimit()): Promise<IsolateResult> {
    const invoke: Invoke = { requestId: invocation.requestId, log: "" };
    const outcome = await invokes.run(invoke, () => outcomeOf(invocation, limit));
    return { ...outcome, log: invoke.log };
  }

  /** What the handler writes, as it does; the result of a handler that does not stream. Breaks off with its error. */
  stream(invocation: IsolateInvocation): ReadableStream<Uint8Array> {
    const { readable, writable } = new IdentityTransformStream();
    const invoke: Invoke = { requestId: invocation.requestId, log: "" };
    this.ctx.waitUntil(invokes.run(invoke, () => streamTo(writable, invocation)));
    return readable;
  }
}

export default Handler;

async function streamTo(target: WritableStream<Uint8Array>, invocation: IsolateInvocation): Promise<void> {
  const stream = new ResponseStream(target);
  // Whoever waits is told by the stream itself.
  stream.on("error", () => undefined);
  try {
    const result = await callHandler(invocation, new TimeLimit(), stream);
    if (!isStreaming(await loadHandler(invocation.handler))) stream.end(serialize(result));
  } catch (error) {
    stream.destroy(error instanceof Error ? error : new Error(String(error)));
  }
}

type Outcome = Omit<IsolateResult, "log">;

async function outcomeOf(invocation: IsolateInvocation, limit: TimeLimit): Promise<Outcome> {
  try {
    const payload = isStreaming(await loadHandler(invocation.handler))
      ? await collect(invocation, limit)
      : serialize(await callHandler(invocation, limit));
    return isTooLong(payload) ? failed(tooLong()) : { payload };
  } catch (error) {
    return failed(error);
  }
}

function failed(error: unknown): Outcome {
  const response = errorResponse(error);
  const payload = JSON.stringify(response);
  if (isTooLong(payload)) return failed(tooLong());
  console.error(`Invoke Error\t${JSON.stringify({ ...response, stack: response.trace })}`);
  const isLast = endsEnvironment(error);
  return { payload, functionError: "Unhandled", ...(isLast ? { isLast } : {}) };
}

const tooLong = () =>
  new RuntimeError(
    "Function.ResponseSizeTooLarge",
    `Response payload size exceeded maximum allowed payload size (${longestResult} bytes).`,
  );

/** A UTF-16 unit is one to three bytes. */
const isTooLong = (payload: string): boolean =>
  payload.length > longestResult ||
  (payload.length * 3 > longestResult && new TextEncoder().encode(payload).byteLength > longestResult);

/** All that a streaming handler writes, for a caller that waits for it. */
async function collect(invocation: IsolateInvocation, limit: TimeLimit): Promise<string> {
  const { readable, writable } = new IdentityTransformStream();
  const text = new Response(readable).text();
  text.catch(() => undefined);
  const stream = new ResponseStream(writable);
  stream.on("error", () => undefined);
  try {
    await callHandler(invocation, limit, stream);
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
async function callHandler(
  invocation: IsolateInvocation,
  limit: TimeLimit,
  stream?: ResponseStream,
): Promise<unknown> {
  const handler = await loadHandler(invocation.handler);
  try {
    return await new Promise<unknown>((resolve, reject) => {
      limit.start(invocation.timeoutMillis, () => {
        const seconds = (invocation.timeoutMillis / 1000).toFixed(2);
        reject(
          new RuntimeError(
            "Sandbox.Timedout",
            `RequestId: ${invocation.requestId} Error: Task timed out after ${seconds} seconds`,
          ),
        );
      });
      const callback = (error: unknown, result?: unknown) => {
        if (error !== undefined && error !== null) reject(error);
        else resolve(result);
      };
      const invoke = invokes.getStore();
      if (invoke) invoke.fail = reject;
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
    limit.stop();
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
      const invoke = invokes.getStore();
      if (!invoke || invoke.log.length >= longestLog) return;
      const line = `${new Date().toISOString()}\t${invoke.requestId}\t${level}\t${format(...values)}\n`;
      invoke.log += line.slice(0, longestLog - invoke.log.length);
    };
  }
}

/** A function that exits fails, with whatever status. What it was doing is ended with its channel. */
function captureExit(): void {
  process.exit = (code = process.exitCode ?? 0) => {
    const { requestId, fail } = invokes.getStore() ?? {};
    const reason = Number(code) === 0 ? "without providing a reason" : `with error: exit status ${code}`;
    const error = new RuntimeError(
      "Runtime.ExitError",
      `RequestId: ${requestId} Error: Runtime exited ${reason}`,
    );
    fail?.(error);
    throw error;
  };
}
