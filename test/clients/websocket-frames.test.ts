/** Frames as octets, which no WebSocket library would send so: what RFC 6455 owes to them. */
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import {
  type Case,
  chopped,
  fragments,
  frame,
  pingFrame,
  textFrame,
} from "../../scripts/conformance/cases.ts";
import { closes } from "../../scripts/conformance/close.ts";
import { type EchoBackend, startEchoBackend } from "../../scripts/conformance/echo-backend.ts";
import { fragmentation } from "../../scripts/conformance/fragmentation.ts";
import { opcodes } from "../../scripts/conformance/frames.ts";
import { framing } from "../../scripts/conformance/framing.ts";
import { closePayload, RawClient } from "../../scripts/conformance/raw-client.ts";
import { runCase } from "../../scripts/conformance/run-case.ts";
import { utf8 } from "../../scripts/conformance/utf8.ts";
import { apiGatewayV2Client } from "./clients.ts";
import { TestWebSocketApi } from "./websocket-api.ts";

const origin = inject("origin");
let backend: EchoBackend;
let url: string;

beforeAll(async () => {
  backend = await startEchoBackend();
  const api = await TestWebSocketApi.create(apiGatewayV2Client(origin));
  await api.route("$default", backend.route);
  await api.deploy();
  url = api.url(origin);
});
afterAll(() => backend.stop());

/** Milliseconds. */
const patience = 5_000;

const see = (client: RawClient, events: number) =>
  client.until(() => client.seen.length === events || client.isEnded, patience);

async function using<T>(act: (client: RawClient) => Promise<T>): Promise<T> {
  const client = await RawClient.open(url);
  try {
    return await act(client);
  } finally {
    client.destroy();
  }
}

test("a ping between fragments is answered before their message, and with its own octets", () =>
  using(async (client) => {
    const [first, second] = fragments("one ", "message") as [Buffer, Buffer];
    const octets = Buffer.alloc(125, 0xfe);
    await client.send(Buffer.concat([first, pingFrame(octets)]));
    await see(client, 1);
    expect(client.seen).toEqual([{ kind: "pong", payload: octets }]);
    await client.send(second);
    await see(client, 2);
    expect(client.seen[1]).toEqual({ kind: "text", payload: Buffer.from("one message") });
  }));

test("frames may come octet by octet", () =>
  using(async (client) => {
    const { octets, chop } = chopped(1, textFrame("chopped"), pingFrame("small"));
    await client.send(octets as Buffer, chop);
    await see(client, 2);
    expect(client.seen).toContainEqual({ kind: "text", payload: Buffer.from("chopped") });
    expect(client.seen).toContainEqual({ kind: "pong", payload: Buffer.from("small") });
  }));

describe("a close frame", () => {
  const noUtf8 = Buffer.from("caf\xe9", "latin1");
  const answers: [string, Buffer, number | undefined, string][] = [
    ["with 1000", closePayload(1000, "bye"), 1000, "bye"],
    ["with 3000", closePayload(3000), 3000, ""],
    ["with 4999 and the longest reason", closePayload(4999, "x".repeat(123)), 4999, "x".repeat(123)],
    ["without a code", Buffer.alloc(0), undefined, ""],
    ["with 1005, which stands for none", closePayload(1005), undefined, ""],
    ["with 1006, which may not be sent", closePayload(1006), 1002, ""],
    ["with 999", closePayload(999), 1002, ""],
    ["with 2999", closePayload(2999), 1002, ""],
    ["with 5000", closePayload(5000), 1002, ""],
    ["with a reason that is too long", closePayload(1000, "x".repeat(124)), 1002, ""],
    ["with a reason that is no UTF-8", closePayload(1000, noUtf8), 1007, ""],
    ["with a long reason that is no UTF-8", closePayload(1000, Buffer.alloc(123, 0xff)), 1007, ""],
  ];
  test.each(answers)("%s is answered, and TCP ends", (_, payload, code, reason) =>
    using(async (client) => {
      client.closing();
      await client.send(frame(opcodes.close, payload));
      await client.until(() => client.isEnded, patience);
      expect(client.closeFrame).toEqual({ code, reason });
      expect(client.isEnded).toBe(true);
      expect(client.violation).toBeUndefined();
    }),
  );
});

// The runtime would keep it until the object sleeps, which is in ten seconds of silence at the soonest, or never.
test("a client that hangs up without a close frame has its TCP connection ended at once", () =>
  using(async (client) => {
    await client.send(textFrame("last words"));
    await see(client, 1);
    client.hangUp();
    expect(await client.until(() => client.isEnded, patience)).toBe(true);
  }));

describe("a case of the Autobahn test-suite", () => {
  const owed = ["1.1.1", "1.1.8", "5.8", "5.20", "6.1.2", "6.2.3", "6.11.3", "7.1.2", "7.1.4", "7.1.5"];
  const cases = [...framing, ...fragmentation, ...utf8, ...closes].filter(({ number }) =>
    owed.includes(number),
  );
  test.each(cases.map((one): [string, string, Case] => [one.number, one.title, one]))(
    "%s: %s",
    async (_number, _title, one) => {
      expect(await runCase(url, one)).toMatchObject({ behaviour: "OK", closing: "OK" });
    },
  );
  test("that are picked are all there", () => {
    expect(cases.map(({ number }) => number)).toEqual(owed);
  });
});
