/**
 * Every kind of backend, and every way in which one can fail: what the caller is told. AWS's answers for endpoints are
 * known (docs/decisions.md, "Unreachable backends"); AWS Lambda itself cannot be told apart from a function that is not
 * there: 500. A body that has begun to stream ends with the client's connection.
 */
import type { Kind } from "./faulty-api.ts";
import { type FaultName, healthyBody, oversize } from "./faulty-backend.ts";
import type { FunctionFaultName } from "./faulty-functions.ts";

/** Status and message or body of a call, or a pattern of them. */
export type Outcome = string | RegExp;

export const timedOut = "504 Endpoint request timed out";
const network = "504 Network error communicating with endpoint";
const error500 = "500 Internal server error";
const error502 = "502 Internal server error";
const broken = "200, broken off";
const healthy = `200 ${healthyBody}`;
const tooLarge =
  '200 {"errorType":"Function.ResponseSizeTooLarge","errorMessage":"Response payload size exceeded maximum allowed payload size (6291556 bytes)."}';
const cutOff = "cut off while sending";
/**
 * An answer that may come while the client is still sending: workerd takes 64 KB more and closes the connection, and
 * some clients then do not look for an answer. Integrations that map have taken the whole request before they call.
 */
const whileSending = (outcome: string) => new RegExp(`^(${outcome.replace(/[{}]/g, "\\$&")}|${cutOff})$`);
const octets = (length: number) => `200, ${length} octets`;

/** Those that map, proxies, proxies that stream, functions at AWS Lambda. */
type Row = [mapped: Outcome, proxied: Outcome, streamed: Outcome, lambda: Outcome];
const column: Record<Kind, number> = {
  HTTP: 0,
  "AWS service": 0,
  HTTP_PROXY: 1,
  "VPC link": 1,
  "HTTP_PROXY, streamed": 2,
  "Lambda, AWS": 3,
  "Lambda, AWS_PROXY": 3,
};

const backendRows: Record<FaultName, Row> = {
  healthy: [healthy, healthy, healthy, healthy],
  "healthy, chunked": [healthy, healthy, healthy, healthy],
  "healthy, until it closes": [healthy, healthy, healthy, healthy],
  "slow head": [timedOut, timedOut, timedOut, timedOut],
  "slow small body": [timedOut, timedOut, broken, timedOut],
  "slow large body": [timedOut, broken, broken, timedOut],
  "slow chunked body": [timedOut, timedOut, broken, timedOut],
  "closed without an answer": [network, network, network, error500],
  "reset without an answer": [network, network, network, error500],
  "reset in a small body": [network, network, broken, error500],
  "reset in a large body": [network, broken, broken, error500],
  "reset in a chunked body": [network, network, broken, error500],
  "too large": [error500, error500, octets(oversize), tooLarge],
  "too large, chunked": [error500, broken, octets(oversize), tooLarge],
  compressed: [healthy, healthy, healthy, healthy],
  "compressed, large": [octets(200_002), octets(200_002), octets(200_002), octets(200_002)],
  "compressed, too large": [error500, octets(50_000_000), octets(50_000_000), tooLarge],
  "no HTTP": [network, network, network, error500],
  "no header": [network, network, network, error500],
  "status 999": [network, network, network, error500],
  "endless head": [network, network, network, error500],
  "100 first": [healthy, healthy, healthy, healthy],
  "103 first": [healthy, healthy, healthy, healthy],
  "101 unasked": [network, network, network, error500],
  redirect: ["302 moved", "302 moved", "302 moved", error500],
  "204 with a body": ["200 ", "204 ", "204 ", error500],
  "205 with a body": ["200 ", "205 ", "205 ", error500],
  "304 with a body": ["200 ", "304 ", "304 ", error500],
  "longer than declared": ["200 {}", "200 {}", "200 {}", "200 {}"],
  "shorter than declared": [network, network, broken, error500],
  "two lengths": [network, network, network, error500],
  "length that is no number": [network, network, network, error500],
  "chunk that is none": [network, network, broken, error500],
  "never reads": [timedOut, whileSending(timedOut), whileSending(timedOut), timedOut],
  "answers and never reads": [healthy, whileSending(healthy), whileSending(healthy), healthy],
};

/** Backends that cannot be reached at all. */
export const unreachable: Record<string, { origin: string; row: Row }> = {
  "refuses connections": { origin: "http://127.0.0.1:9", row: [network, network, network, error500] },
  "has a name that leads nowhere": {
    origin: "http://no-such-host.invalid",
    row: [error500, error500, error500, error500],
  },
};

/** What a proxy integration makes of what Lambda answers. */
const proxyResponses: Record<string, string> = {
  [healthy]: "200 healthy",
  [tooLarge]: error502,
  "200 {}": "200 ",
  [octets(200_002)]: error502,
};

export function expected(kind: Kind, row: Row): Outcome {
  const outcome = row[column[kind]] as Outcome;
  return kind === "Lambda, AWS_PROXY" ? (proxyResponses[`${outcome}`] ?? outcome) : outcome;
}

export const expectedOf = (kind: Kind, fault: FaultName): Outcome => expected(kind, backendRows[fault]);

/** Stored functions: what AWS_PROXY makes of them, and AWS. */
export const functionOutcomes: Record<FunctionFaultName, [proxy: string, custom: Outcome]> = {
  "healthy function": ["200 healthy", healthy],
  "function that throws": [error502, /^200 .*"errorMessage":"no luck"/],
  "function that throws at its start": [error502, /^200 .*"errorMessage":"no start"/],
  "function that cannot be parsed": [error502, /^200 .*Runtime.UserCodeSyntaxError/],
  "function that never ends": [timedOut, timedOut],
  "function whose result is too large": [error502, /^200 .*Function.ResponseSizeTooLarge/],
  "function whose result is no JSON": [error502, /^200 .*Unable to stringify response body/],
  "function whose result is no response": [error502, '200 "some text"'],
  "function that exits": [error502, /^200 .*Runtime.ExitError/],
};

const timeoutsOf = (rows: Record<string, Outcome[]>): Record<string, number> =>
  Object.fromEntries(Object.entries(rows).map(([fault, row]) => [fault, timeoutOf(row)]));

/**
 * Milliseconds: AWS's shortest timeout where it passes before anything has come, more where something must have; else
 * its longest, which no call comes near.
 */
function timeoutOf(row: Outcome[]): number {
  if (!row.includes(timedOut)) return 29_000;
  return row.includes(broken) ? 200 : 50;
}

export const backendTimeouts = timeoutsOf(backendRows);
export const functionTimeouts = timeoutsOf(functionOutcomes);

/** Longer than what sockets buffer, and no longer than Lambda takes. */
const unreadBody = JSON.stringify("x".repeat(6_000_000));

/**
 * Makes a call and says how it ended.
 * @param signal of a client that leaves
 * @throws what `fetch` does, when the client has left, or when there was no answer
 */
export async function outcomeOf(url: string, fault: string, signal: AbortSignal): Promise<string> {
  let response: Response;
  try {
    response = await fetch(url, {
      method: "POST",
      body: fault.endsWith("never reads") ? unreadBody : "{}",
      headers: { "Content-Type": "application/json" },
      redirect: "manual",
      signal,
    });
  } catch (error) {
    const { cause } = error as { cause?: { code?: string } };
    if (cause?.code === "EPIPE" || cause?.code === "ECONNRESET") return cutOff;
    throw error;
  }
  const { status } = response;
  try {
    const text = await response.text();
    if (status >= 500) return `${status} ${JSON.parse(text).message}`;
    return text.length > 1_000 ? `${status}, ${text.length} octets` : `${status} ${text}`;
  } catch (error) {
    if (signal.aborted) throw error;
    return `${status}, broken off`;
  }
}
