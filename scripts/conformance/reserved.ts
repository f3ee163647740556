/** Groups 3 and 4: what RFC 6455 reserves, bits of the first octet and opcodes (5.2). */
import {
  apart,
  type Case,
  chopped,
  frame,
  pingFrame,
  protocolError,
  text,
  textFrame,
  together,
} from "./cases.ts";
import { opcodes } from "./frames.ts";

const hello = "Hello, world!";
type Writing = "together" | "apart" | "octet by octet";

const steps = (writing: Writing, ...frames: Buffer[]) =>
  writing === "together"
    ? [together(...frames)]
    : writing === "apart"
      ? apart(...frames)
      : [chopped(1, ...frames)];

const alone = (number: string, title: string, octets: Buffer): Case => ({
  number,
  title,
  section: "5.2",
  steps: [together(octets)],
  expected: [],
  close: protocolError,
});

/** A message before, which is echoed (or not, when the server is quick to fail), and a ping behind, which is not answered. */
const between = (number: string, title: string, octets: Buffer, writing: Writing = "together"): Case => ({
  number,
  title: `text, ${title}, ping${writing === "together" ? "" : `; ${writing}`}`,
  section: "5.2",
  steps: steps(writing, textFrame(hello), octets, pingFrame()),
  expected: [text(hello)],
  nonStrict: [],
  close: protocolError,
});

export const reservedBits: Case[] = [
  alone("3.1", "text with RSV 1", frame(opcodes.text, hello, { rsv: 1 })),
  between("3.2", "text with RSV 2", frame(opcodes.text, hello, { rsv: 2 })),
  between("3.3", "text with RSV 3", frame(opcodes.text, hello, { rsv: 3 }), "apart"),
  between("3.4", "text with RSV 4", frame(opcodes.text, hello, { rsv: 4 }), "octet by octet"),
  alone(
    "3.5",
    "binary with RSV 5",
    frame(opcodes.binary, Buffer.from("00fffefdfcfb00ff", "hex"), { rsv: 5 }),
  ),
  alone("3.6", "ping with RSV 6", frame(opcodes.ping, hello, { rsv: 6 })),
  { ...alone("3.7", "close with RSV 7", frame(opcodes.close, "", { rsv: 7 })) },
];

export const reservedOpcodes: Case[] = [
  alone("4.1.1", "opcode 3 without payload", frame(3)),
  alone("4.1.2", "opcode 4 with payload", frame(4, "reserved opcode payload")),
  between("4.1.3", "opcode 5 without payload", frame(5)),
  between("4.1.4", "opcode 6 with payload", frame(6, hello)),
  between("4.1.5", "opcode 7 with payload", frame(7, hello), "octet by octet"),
  alone("4.2.1", "opcode 11 without payload", frame(11)),
  alone("4.2.2", "opcode 12 with payload", frame(12, "reserved opcode payload")),
  between("4.2.3", "opcode 13 without payload", frame(13)),
  between("4.2.4", "opcode 14 with payload", frame(14, hello)),
  between("4.2.5", "opcode 15 with payload", frame(15, hello), "octet by octet"),
];
