/** Carries a case out, and judges what came of it as Autobahn does. */
import { isDeepStrictEqual } from "node:util";
import type { Case } from "./cases.ts";
import type { MessageDeflate } from "./message-deflate.ts";
import { RawClient, type Seen } from "./raw-client.ts";

/** UNIMPLEMENTED: the server does not agree to the extension. */
export type Behaviour = "OK" | "NON-STRICT" | "INFORMATIONAL" | "UNIMPLEMENTED" | "FAILED";
/**
 * FAILED: the wrong end has closed. UNCLEAN: a close frame is missing, or the server has left TCP open. FAILED BY CLIENT:
 * the server has left TCP open where nothing but that is wrong.
 */
type Closing = "OK" | "WRONG CODE" | "UNCLEAN" | "FAILED BY CLIENT" | "INFORMATIONAL" | "FAILED";

export interface Result {
  behaviour: Behaviour;
  closing: Closing;
  /** What happened, in words. */
  happened: string;
}

/** Milliseconds of a pause. */
const pauseLength = 1_000;
/** Milliseconds that the server has for what it owes, and again for the end of TCP. */
const patience = 2_000;

/** @param url of a server that sends back what it is sent @throws Error when it does not open the connection */
export async function runCase(url: string, one: Case): Promise<Result> {
  const client = await RawClient.open(url, one.offer);
  try {
    if (one.offer !== undefined && !client.deflate) {
      return { behaviour: "UNIMPLEMENTED", closing: "INFORMATIONAL", happened: "" };
    }
    await play(client, one);
    await client.until(() => client.isEnded, patience);
    return judge(client, one);
  } finally {
    client.destroy();
  }
}

/** Sends what the case says, waits for what is owed, and closes if that is the client's part or the server has not. */
async function play(client: RawClient, one: Case): Promise<void> {
  const isClosed = () => client.closedBy !== undefined;
  for (const step of one.steps) {
    if ("pause" in step) {
      if (await client.until(isClosed, pauseLength)) return;
      client.seen.push({ kind: "pause", payload: Buffer.from(step.pause) });
    } else {
      const { octets, chop, after = 0, isClose } = step;
      if (!(await client.until(() => isClosed() || client.seen.length >= after, patience))) break;
      if (isClose) client.closing();
      const written = typeof octets === "function" ? octets(client.deflate as MessageDeflate) : octets;
      await client.send(written, chop);
    }
  }
  const { expected, close } = one;
  const hasAll = () =>
    close.by === "client" &&
    client.seen.length === expected.length &&
    isDeepStrictEqual(client.seen, expected);
  await client.until(() => isClosed() || hasAll(), patience);
  client.close(close.by === "client" ? 1000 : 1001);
}

function judge(client: RawClient, one: Case): Result {
  const happened = describe(client);
  const { violation, seen } = client;
  if (violation !== undefined) return { behaviour: "FAILED", closing: "FAILED", happened };
  if (one.isInformational) return { behaviour: "INFORMATIONAL", closing: "INFORMATIONAL", happened };
  const closing = closingOf(client, one);
  const isWrongClose =
    (one.isAboutClose === "end" && closing === "FAILED") ||
    (one.isAboutClose === "code" && closing === "WRONG CODE");
  const behaviour = isWrongClose
    ? "FAILED"
    : isDeepStrictEqual(seen, one.expected)
      ? "OK"
      : one.nonStrict && isDeepStrictEqual(seen, one.nonStrict)
        ? "NON-STRICT"
        : "FAILED";
  return { behaviour, closing, happened };
}

function closingOf({ closedBy, closeFrame, isEnded }: RawClient, { close }: Case): Closing {
  if (closedBy !== close.by) return "FAILED";
  if (close.isClean && !(closeFrame && isEnded)) return "UNCLEAN";
  if (closeFrame?.code !== undefined && !close.codes.includes(closeFrame.code)) return "WRONG CODE";
  return isEnded ? "OK" : "FAILED BY CLIENT";
}

/** Of more than so many events, the number is told. */
const mostTold = 4;

function describe({ seen, closedBy, closeFrame, isEnded, violation }: RawClient): string {
  const told = seen.length > mostTold ? [`${seen.length} events`] : seen.map(describeSeen);
  const frame = closeFrame
    ? `${closeFrame.code ?? "no code"}${closeFrame.reason ? ` “${closeFrame.reason}”` : ""}`
    : "no close frame";
  return [
    ...told,
    ...(violation === undefined ? [] : [violation]),
    `closed by the ${closedBy}: ${frame}`,
    ...(isEnded ? [] : ["TCP left open"]),
  ].join(", ");
}

const describeSeen = ({ kind, payload }: Seen) =>
  payload.length > 24 ? `${kind} of ${payload.length} octets` : `${kind} ${JSON.stringify(String(payload))}`;
