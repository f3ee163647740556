/** Group 2: pings and pongs (5.5.2, 5.5.3). */
import {
  type Case,
  chopped,
  frame,
  normalClose,
  pingFrame,
  pong,
  protocolError,
  together,
  type Write,
} from "./cases.ts";
import { closing } from "./close.ts";
import { opcodes } from "./frames.ts";

const section = "5.5.2, 5.5.3";
const octets = Buffer.alloc(125, 0xfe);
const unsolicited = frame(opcodes.pong, "unsolicited pong payload");
const ten = Array.from({ length: 10 }, (_, index) => `payload-${index}`);

function answered(number: string, title: string, write: Write, ...payloads: (string | Buffer)[]): Case {
  return { number, title, section, steps: [write], expected: payloads.map(pong), close: normalClose };
}

function unanswered(number: string, title: string, unsolicitedPong: Buffer): Case {
  const steps = [together(unsolicitedPong), closing(1000)];
  return { number, title, section: "5.5.3", steps, expected: [], close: normalClose };
}

export const pings: Case[] = [
  answered("2.1", "ping without payload", together(pingFrame()), ""),
  answered("2.2", "ping with text", together(pingFrame("Hello, world!")), "Hello, world!"),
  ...[Buffer.from("00fffefdfcfb00ff", "hex")].map((payload) =>
    answered("2.3", "ping with octets that are no UTF-8", together(pingFrame(payload)), payload),
  ),
  answered("2.4", "ping with 125 octets", together(pingFrame(octets)), octets),
  {
    number: "2.5",
    title: "ping with 126 octets",
    section: "5.5",
    steps: [together(pingFrame(Buffer.alloc(126, 0xfe)))],
    expected: [],
    close: protocolError,
  },
  answered("2.6", "ping with 125 octets, octet by octet", chopped(1, pingFrame(octets)), octets),
  unanswered("2.7", "unsolicited pong without payload", frame(opcodes.pong)),
  unanswered("2.8", "unsolicited pong with payload", unsolicited),
  answered(
    "2.9",
    "unsolicited pong, then ping",
    together(unsolicited, pingFrame("ping payload")),
    "ping payload",
  ),
  answered("2.10", "ten pings", together(...ten.map(pingFrame)), ...ten),
  answered("2.11", "ten pings, octet by octet", chopped(1, ...ten.map(pingFrame)), ...ten),
];
