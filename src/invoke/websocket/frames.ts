/** What a client may send, and be sent. Sources: the guide's limits, websocket-api-develop-binary-media-types. */
import { Buffer } from "node:buffer";
import type { Closing } from "./connection-record.ts";

/** Octets of a message from a client, of a route's answer, and of what `@connections` posts: 128 KB. */
export const largestMessage = 131_072;

/** Whether a text cannot be sent to a client. No character takes more than three octets. */
export const isTooLarge = (text: string): boolean =>
  text.length > largestMessage / 3 && Buffer.byteLength(text) > largestMessage;

const noBinary: Closing = { code: 1003, reason: "" };
const tooLarge: Closing = { code: 1009, reason: "" };

/**
 * The runtime puts frames together: a message is all that is seen of them, so a frame of more than 32 KB, which AWS does
 * not take, passes within a message that it would take.
 * @returns a message of text; or how the connection ends for what it was sent
 */
export function readFrame(data: string | ArrayBuffer): { text: string; octets: number } | Closing {
  if (typeof data !== "string") return noBinary;
  const octets = Buffer.byteLength(data);
  return octets > largestMessage ? tooLarge : { text: data, octets };
}

/** What a close frame without a code comes as. */
export const noCode = 1005;
/** Octets that a close frame has for its reason (RFC 6455, 5.5). */
const longestReason = 123;

/**
 * How a client's close frame is answered: with what it says, or, when none may say that, with what is wrong (RFC 6455, 7.4
 * and 8.1). The runtime has put U+FFFD in place of octets that are no UTF-8. A client that means that character gets another
 * code for it, and its connection ends all the same.
 */
export function closeAnswer(said: Closing): Closing {
  const { code, reason } = said;
  if (code !== noCode && !mayBeSent(code)) return { code: 1002, reason: "" };
  if (reason.includes("\ufffd")) return { code: 1007, reason: "" };
  if (Buffer.byteLength(reason) > longestReason) return { code: 1002, reason: "" };
  return said;
}

const mayBeSent = (code: number) =>
  (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);

/** The reasons that users have seen in events of `$disconnect`, where the one that closes gives none. */
const reasons: Readonly<Record<number, string>> = {
  1000: "Connection Closed Normally",
  1001: "Going away",
  1005: "Client-side close frame status not set",
  1006: "Connection closed abnormally",
};

export function closingOf(code: number, reason: string): Closing {
  // The runtime's own words for what is no reason of the client's.
  return { code, reason: (code === 1006 ? "" : reason) || (reasons[code] ?? "") };
}
