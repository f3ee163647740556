/** The body of an endpoint's answer on its way to the client of a proxy integration, which nothing maps. */
import { isBodyless } from "../bodyless.ts";
import { maximumPayload } from "../limits/payload.ts";
import { answerTooLarge, endpointError } from "./call-endpoint.ts";

/** Bytes of a body that is taken whole before the client is answered. */
const smallBody = 65_536;

/**
 * The answer of an integration that buffers, with the deadline over its body too. AWS takes every body whole; here a
 * small one is, so that one that stalls or breaks off is told as AWS tells it. A larger one streams, and ends with the
 * client's connection when it breaks off, grows too large or is not there by the deadline.
 * @throws GatewayError 504; 500 for a length that is declared and too large
 */
export async function bufferedAnswer(answer: Response, deadline: AbortSignal): Promise<Response> {
  const { headers } = answer;
  const body = bodyOf(answer);
  const init = initOf(answer);
  if (!body) return new Response(null, init);
  const declared = headers.get("content-length");
  if (declared === null) return new Response(await measured(body, deadline), init);
  const length = Number(declared);
  if (length > maximumPayload) {
    body.cancel().catch(() => undefined);
    throw answerTooLarge(length);
  }
  if (length <= smallBody) {
    try {
      return new Response(await answer.arrayBuffer(), init);
    } catch (error) {
      throw endpointError(error, deadline);
    }
  }
  const { readable, writable } = new FixedLengthStream(length);
  body
    .pipeTo(writable, { signal: deadline, preventAbort: true })
    .catch(() => writable.abort(brokenOff()))
    .catch(() => undefined);
  return new Response(readable, init);
}

/** Milliseconds in which a stream must go on (the guide's response-transfer-mode). */
export const idleTimeout = (isEdge: boolean): number => (isEdge ? 30_000 : 300_000);

/**
 * The answer of an integration that streams: every piece as it comes, without a bound on their length. The stream ends,
 * and the client's connection with it, when the deadline passes or nothing has come for `idle`.
 * @param idle milliseconds
 */
export function streamedAnswer(answer: Response, deadline: AbortSignal, idle: number): Response {
  const body = bodyOf(answer);
  const response = new Response(body && streamedBody(body, { deadline, idle }), initOf(answer));
  // What is longer or shorter than it was declared ends like any other stream.
  response.headers.delete("content-length");
  return response;
}

function bodyOf({ status, body }: Response): ReadableStream<Uint8Array> | null {
  if (!isBodyless(status)) return body;
  body?.cancel().catch(() => undefined);
  return null;
}

/** What an endpoint has compressed passes as it is; else workerd would compress it again. */
function initOf(answer: Response): ResponseInit {
  const { status, statusText, headers } = answer;
  return headers.has("content-encoding") ? { status, statusText, headers, encodeBody: "manual" } : answer;
}

/** A body of unknown length: whole when it is small. @throws GatewayError 504 */
async function measured(
  body: ReadableStream<Uint8Array>,
  deadline: AbortSignal,
): Promise<Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>> {
  const reader = body.getReader({ mode: "byob" });
  const read = await reader.readAtLeast(smallBody + 1, new Uint8Array(smallBody + 1)).catch((error) => {
    throw endpointError(error, deadline);
  });
  reader.releaseLock();
  const first = read.value ?? new Uint8Array(0);
  if (first.byteLength <= smallBody) return first;
  return streamedBody(body, { deadline, first, limit: maximumPayload });
}

export interface StreamOptions {
  deadline: AbortSignal;
  /** Milliseconds in which it must go on. */
  idle?: number;
  /** What has been read of it already. */
  first?: Uint8Array;
  /** Bytes, of all of it. */
  limit?: number;
}

/** The stream, until it breaks one of the bounds: then it breaks off. */
export function streamedBody(
  source: ReadableStream<Uint8Array>,
  options: StreamOptions,
): ReadableStream<Uint8Array> {
  const { readable, writable } = new IdentityTransformStream();
  pump(source, writable, options);
  return readable;
}

async function pump(
  source: ReadableStream<Uint8Array>,
  target: WritableStream<Uint8Array>,
  { deadline, idle, first, limit = Number.POSITIVE_INFINITY }: StreamOptions,
): Promise<void> {
  const reader = source.getReader({ mode: "byob" });
  const writer = target.getWriter();
  const end = () => {
    const reason = brokenOff();
    reader.cancel(reason).catch(() => undefined);
    writer.abort(reason).catch(() => undefined);
  };
  deadline.addEventListener("abort", end);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let length = first?.byteLength ?? 0;
  let buffer = new ArrayBuffer(smallBody);
  try {
    if (first && length > 0) await writer.write(first);
    for (;;) {
      if (idle !== undefined) timer = setTimeout(end, idle);
      const { done, value } = await reader.read(new Uint8Array(buffer));
      clearTimeout(timer);
      if (done) break;
      length += value.byteLength;
      if (length > limit) throw brokenOff();
      await writer.write(value);
      buffer = value.buffer;
    }
    await writer.close();
  } catch {
    end();
  } finally {
    clearTimeout(timer);
    deadline.removeEventListener("abort", end);
  }
}

/** What is marked so is a lost connection to workerd, which reports any other error that ends a response. */
const brokenOff = () => Object.assign(new Error("the endpoint's answer broke off"), { retryable: true });
