/** Calls an HTTP endpoint, on the internet or behind a VPC link, within the integration's timeout. */
import { readBounded } from "../../bounded-body.ts";
import { maximumPayload } from "../limits/payload.ts";
import type { ExecutionLog } from "../rest/execution-log.ts";
import { configurationError, GatewayError } from "../rest/gateway-error.ts";
import { textOf } from "./endpoint-request.ts";
import { invalidEndpoint } from "./endpoint-uri.ts";

/**
 * Waits for the head of the answer.
 * @param deadline the integration's timeout; it goes on counting for the body
 * @param service who is asked; undefined for whoever the URL names
 * @param init what `fetch` alone looks at
 * @throws GatewayError 504 for an endpoint that cannot be reached, talks no HTTP or is too slow, 500 for a name that
 *   leads nowhere
 */
export async function callEndpoint(
  request: Request,
  deadline: AbortSignal,
  service?: Pick<Fetcher, "fetch">,
  init?: RequestInit,
): Promise<Response> {
  let answer: Response;
  try {
    answer = await (service ? service.fetch(request, init) : fetch(request, init));
  } catch (error) {
    throw endpointError(error, deadline);
  }
  // No response can have such a status. 101 is one, to a request that has not asked for another protocol.
  if (answer.status < 200 || answer.status > 599) {
    answer.body?.cancel().catch(() => undefined);
    throw networkError();
  }
  return answer;
}

/**
 * A deadline for work that ends with its answer. Its timer goes then: one that goes on keeps a Durable Object with
 * connections from hibernating.
 * @param millis until the signal aborts
 */
export async function withinDeadline<Result>(
  millis: number,
  work: (deadline: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), millis);
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Calls it for an integration that maps, which needs the whole answer.
 * @param payload what the request has for a body, for the log
 * @throws GatewayError as `callEndpoint`; 500 for an answer that is too large, 504 for one that breaks off or is too slow
 */
export async function exchange(
  request: Request,
  payload: string | Uint8Array,
  deadline: AbortSignal,
  log: ExecutionLog | undefined,
  service?: Pick<Fetcher, "fetch">,
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
  if (!body) throw answerTooLarge(Number(headers.get("content-length")));
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
    return invalidEndpoint();
  }
  return networkError();
}

const networkError = () =>
  new GatewayError("INTEGRATION_FAILURE", "Network error communicating with endpoint", 504).because(
    "Execution failed due to a network error communicating with endpoint",
  );

/**
 * The status and the log's text are as users report them.
 * @param declared bytes; 0 when the length was not declared
 */
export const answerTooLarge = (declared: number): GatewayError =>
  configurationError(
    `Integration response${declared > 0 ? ` of reported length ${declared}` : ""} is larger than allowed maximum of ${maximumPayload} bytes.`,
  );
