/** Calls an HTTP endpoint, on the internet or behind a VPC link, within the integration's timeout. */
import { readBounded } from "../../bounded-body.ts";
import { maximumPayload } from "../limits/payload.ts";
import type { ExecutionLog } from "../rest/execution-log.ts";
import { GatewayError } from "../rest/gateway-error.ts";

/**
 * Waits for the head of the answer.
 * @param deadline the integration's timeout; it goes on counting for the body
 * @param service who is asked; undefined for whoever the URL names
 * @throws GatewayError 504 for an endpoint that cannot be reached, talks no HTTP or is too slow, 500 for a name that
 *   leads nowhere
 */
export async function callEndpoint(
  request: Request,
  deadline: AbortSignal,
  service?: Fetcher,
): Promise<Response> {
  try {
    return await (service ? service.fetch(request) : fetch(request));
  } catch (error) {
    throw endpointError(error, deadline);
  }
}

const utf8 = new TextDecoder();
const textOf = (body: string | Uint8Array): string => (typeof body === "string" ? body : utf8.decode(body));

/**
 * Calls it for an integration that maps, which needs the whole answer.
 * @param payload what the request has for a body, for the log
 * @throws GatewayError as `callEndpoint`; 502 for an answer that is too large, 504 for one that breaks off or is too slow
 */
export async function exchange(
  request: Request,
  payload: string | Uint8Array,
  deadline: AbortSignal,
  log: ExecutionLog | undefined,
  service?: Fetcher,
): Promise<{ status: number; headers: Headers; body: Uint8Array }> {
  const startedAt = Date.now();
  log?.endpointRequest(request.url, request.headers, textOf(payload));
  const { status, headers, body: stream } = await callEndpoint(request, deadline, service);
  let body: Uint8Array | undefined;
  try {
    body = await readBounded(stream, maximumPayload);
  } catch (error) {
    throw endpointError(error, deadline);
  }
  if (!body) throw new GatewayError("DEFAULT_5XX", "Internal server error", 502);
  log?.endpointResponse(status, Date.now() - startedAt, headers, textOf(body));
  return { status, headers, body };
}

/** What the client is told when an endpoint's answer has not come, or not all of it. */
export function endpointError(error: unknown, deadline: AbortSignal): GatewayError {
  if (deadline.aborted) {
    return new GatewayError("INTEGRATION_TIMEOUT", "Endpoint request timed out").because(
      "Execution failed due to a timeout error",
    );
  }
  // The client's body was too large.
  if (error instanceof GatewayError) return error;
  // workerd says no more of a name that cannot be resolved.
  if (/internal error|DNS/.test(String(error))) {
    return new GatewayError("API_CONFIGURATION_ERROR", "Internal server error").because(
      "Execution failed due to configuration error: Invalid endpoint address",
    );
  }
  return new GatewayError("INTEGRATION_FAILURE", "Network error communicating with endpoint", 504).because(
    "Execution failed due to a network error communicating with endpoint",
  );
}

/** Bytes of a body that is taken whole before the client is answered. */
const smallBody = 65_536;

/**
 * The answer for the client, with the deadline over its body too. A small body is awaited, so that one that stalls or
 * breaks off is told as AWS tells it. Any other streams, and ends with the client's connection when the deadline
 * passes before its end.
 * @throws GatewayError 504
 */
export async function guarded(answer: Response, deadline: AbortSignal): Promise<Response> {
  if (!answer.body) return new Response(null, answer);
  const length = answer.headers.get("content-length");
  if (length !== null && Number(length) <= smallBody) {
    try {
      return new Response(await answer.arrayBuffer(), answer);
    } catch (error) {
      throw endpointError(error, deadline);
    }
  }
  const { readable, writable } =
    length === null ? new IdentityTransformStream() : new FixedLengthStream(Number(length));
  answer.body.pipeTo(writable, { signal: deadline }).catch(() => undefined);
  return new Response(readable, answer);
}

/** Milliseconds in which a stream must go on (the guide's response-transfer-mode). */
export const idleTimeout = (isEdge: boolean): number => (isEdge ? 30_000 : 300_000);

/**
 * The answer for the client of an integration that streams: every piece as it comes, without a bound on their length.
 * The stream ends, and the client's connection with it, when the deadline passes or nothing has come for `idle`.
 * @param idle milliseconds
 */
export function streamed(answer: Response, deadline: AbortSignal, idle: number): Response {
  const response = new Response(answer.body && streamedBody(answer.body, deadline, idle), answer);
  // What is longer or shorter than it was declared ends like any other stream.
  response.headers.delete("content-length");
  return response;
}

/** @param first what has been read of it already */
export function streamedBody(
  source: ReadableStream<Uint8Array>,
  deadline: AbortSignal,
  idle: number,
  first?: Uint8Array,
): ReadableStream<Uint8Array> {
  const { readable, writable } = new IdentityTransformStream();
  pump(source, writable, deadline, idle, first);
  return readable;
}

async function pump(
  source: ReadableStream<Uint8Array>,
  target: WritableStream<Uint8Array>,
  deadline: AbortSignal,
  idle: number,
  first: Uint8Array | undefined,
): Promise<void> {
  const reader = source.getReader();
  const writer = target.getWriter();
  const end = (reason: unknown) => {
    reader.cancel(reason).catch(() => undefined);
    writer.abort(reason).catch(() => undefined);
  };
  const onDeadline = () => end(deadline.reason);
  deadline.addEventListener("abort", onDeadline);
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    if (first && first.byteLength > 0) await writer.write(first);
    for (;;) {
      timer = setTimeout(end, idle, new Error("the stream was idle"));
      const { done, value } = await reader.read();
      clearTimeout(timer);
      if (done) break;
      await writer.write(value);
    }
    await writer.close();
  } catch (error) {
    end(error);
  } finally {
    clearTimeout(timer);
    deadline.removeEventListener("abort", onDeadline);
  }
}
