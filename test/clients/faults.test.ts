/**
 * Every kind of backend, and every way in which one can fail: what the caller is told. AWS's answers for endpoints are
 * known (docs/decisions.md, "Unreachable backends"); AWS Lambda itself cannot be told apart from a function that is not
 * there: 500. A body that has begun to stream ends with the client's connection.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deployFaultyApi, type Kind, kinds, settingsFor } from "../../scripts/soak/faulty-api.ts";
import {
  type FaultName,
  type FaultyBackend,
  healthyBody,
  oversize,
  startFaultyBackend,
} from "../../scripts/soak/faulty-backend.ts";
import { createFaultyFunctions, type FunctionFaultName } from "../../scripts/soak/faulty-functions.ts";
import { credentials, type Gateway, startGateway } from "../gateway.ts";

const timedOut = "504 Endpoint request timed out";
const network = "504 Network error communicating with endpoint";
const error500 = "500 Internal server error";
const error502 = "502 Internal server error";
const broken = "200, broken off";
const healthy = `200 ${healthyBody}`;
const tooLarge =
  '200 {"errorType":"Function.ResponseSizeTooLarge","errorMessage":"Response payload size exceeded maximum allowed payload size (6291556 bytes)."}';

/** Those that map, proxies, proxies that stream, functions at AWS Lambda. */
type Row = [mapped: string, proxied: string, streamed: string, lambda: string];
const column: Record<Kind, number> = {
  HTTP: 0,
  "AWS service": 0,
  HTTP_PROXY: 1,
  "VPC link": 1,
  "HTTP_PROXY, streamed": 2,
  "Lambda, AWS": 3,
  "Lambda, AWS_PROXY": 3,
};

const table: Record<FaultName, Row> = {
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
  "too large": [error500, error500, `200, ${oversize} octets`, tooLarge],
  "too large, chunked": [error500, broken, `200, ${oversize} octets`, tooLarge],
  compressed: [healthy, healthy, healthy, healthy],
  "compressed, large": [
    "200, 200002 octets",
    "200, 200002 octets",
    "200, 200002 octets",
    "200, 200002 octets",
  ],
  "compressed, too large": [error500, "200, 50000000 octets", "200, 50000000 octets", tooLarge],
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
  "never reads": [timedOut, timedOut, timedOut, timedOut],
  "answers and never reads": [healthy, healthy, healthy, healthy],
};

/** What a proxy makes of what Lambda answers. */
const proxyResponses: Record<string, string> = {
  [healthy]: "200 healthy",
  [tooLarge]: error502,
  "200 {}": "200 ",
  "200, 200002 octets": error502,
};

const expected = (kind: Kind, row: Row): string => {
  const outcome = row[column[kind]] as string;
  return kind === "Lambda, AWS_PROXY" ? (proxyResponses[outcome] ?? outcome) : outcome;
};

/** Milliseconds: AWS's shortest timeout where it passes, else its longest, which no test waits for. */
const timeoutsOf = (rows: Record<string, string[]>) =>
  Object.fromEntries(
    Object.entries(rows).map(([fault, row]) => [fault, row.includes(timedOut) ? 50 : 29_000]),
  );

/** Milliseconds within which any call has ended. */
const patience = 15_000;

async function outcomeOf(url: string, body = "{}"): Promise<string> {
  const response = await fetch(url, {
    method: "POST",
    body,
    headers: { "Content-Type": "application/json" },
    redirect: "manual",
    signal: AbortSignal.timeout(patience),
  });
  const { status } = response;
  try {
    const text = await response.text();
    if (status >= 500) return `${status} ${JSON.parse(text).message}`;
    return text.length > 1_000 ? `${status}, ${text.length} octets` : `${status} ${text}`;
  } catch (error) {
    if ((error as Error).name === "TimeoutError") throw error;
    return `${status}, broken off`;
  }
}

/** Longer than what sockets buffer, and no longer than Lambda takes. */
const unread = JSON.stringify("x".repeat(6_000_000));

describe("a backend that misbehaves", () => {
  let backend: FaultyBackend;
  let gateway: Gateway;
  let urlOf: Awaited<ReturnType<typeof deployFaultyApi>>;
  beforeAll(async () => {
    backend = await startFaultyBackend();
    const { origin } = backend;
    gateway = await startGateway({ env: settingsFor(origin) });
    const timeouts = timeoutsOf(table);
    urlOf = await deployFaultyApi({ gateway: gateway.origin, credentials, origin, kinds, timeouts });
  });
  afterAll(async () => {
    await gateway.stop();
    backend.stop();
  });

  describe.each(kinds)("%s", (kind) => {
    test.each(Object.entries(table))("%s, and the next call is served", async (fault, row) => {
      const body = fault.includes("never reads") ? unread : "{}";
      expect(await outcomeOf(urlOf(kind, fault), body)).toBe(expected(kind, row));
      expect(await outcomeOf(urlOf(kind, "healthy"))).toBe(expected(kind, table.healthy));
    });
  });

  test("the gateway has no error that it did not foresee", () => {
    expect(gateway.output()).not.toMatch(/Uncaught|Error:/);
  });
});

describe.each<[string, string, Row]>([
  ["refuses connections", "http://127.0.0.1:9", [network, network, network, error500]],
  ["has a name that leads nowhere", "http://no-such-host.invalid", [error500, error500, error500, error500]],
])("a backend that %s", (_, origin, row) => {
  test("for each kind", async () => {
    const gateway = await startGateway({ env: settingsFor(origin) });
    try {
      const timeouts = { any: 29_000 };
      const urlOf = await deployFaultyApi({ gateway: gateway.origin, credentials, origin, kinds, timeouts });
      for (const kind of kinds) {
        expect([kind, await outcomeOf(urlOf(kind, "any"))]).toEqual([kind, expected(kind, row)]);
      }
      expect(gateway.output()).not.toMatch(/Uncaught|Error:/);
    } finally {
      await gateway.stop();
    }
  });
});

describe("a stored function that misbehaves", () => {
  const failed = (text: string) => expect.stringMatching(new RegExp(`^200 \\{.*${text}`));
  const functions: Record<FunctionFaultName, [proxy: string, custom: unknown]> = {
    "healthy function": ["200 healthy", healthy],
    "function that throws": [error502, failed('"errorMessage":"no luck"')],
    "function that throws at its start": [error502, failed('"errorMessage":"no start"')],
    "function that cannot be parsed": [error502, failed("Runtime.UserCodeSyntaxError")],
    "function that never ends": [timedOut, timedOut],
    "function whose result is too large": [error502, failed("Function.ResponseSizeTooLarge")],
    "function whose result is no JSON": [error502, failed("Unable to stringify response body")],
    "function whose result is no response": [error502, '200 "some text"'],
    "function that exits": [error502, failed("Runtime.ExitError")],
  };
  let gateway: Gateway;
  let urlOf: Awaited<ReturnType<typeof deployFaultyApi>>;
  beforeAll(async () => {
    gateway = await startGateway();
    await createFaultyFunctions(gateway.origin, credentials);
    urlOf = await deployFaultyApi({
      gateway: gateway.origin,
      credentials,
      origin: "http://127.0.0.1:9",
      kinds: ["Lambda, AWS_PROXY", "Lambda, AWS"],
      timeouts: timeoutsOf(functions as Record<string, string[]>),
    });
  });
  afterAll(() => gateway.stop());

  test.each(Object.entries(functions))("%s, and the next call is served", async (fault, [proxy, custom]) => {
    expect(await outcomeOf(urlOf("Lambda, AWS_PROXY", fault))).toBe(proxy);
    expect(await outcomeOf(urlOf("Lambda, AWS", fault))).toEqual(custom);
    expect(await outcomeOf(urlOf("Lambda, AWS_PROXY", "healthy function"))).toBe("200 healthy");
  });

  test("the gateway and the function host have no error that they did not foresee", () => {
    expect(gateway.output()).not.toMatch(/Uncaught|is started again/);
  });
});
