/** Group 7: the closing handshake, its codes and its reasons (5.5.1, 7). */
import {
  type Case,
  type Close,
  fragments,
  frame,
  normalClose,
  pingFrame,
  text,
  textFrame,
  together,
  type Write,
} from "./cases.ts";
import { opcodes } from "./frames.ts";
import { closePayload, type Seen } from "./raw-client.ts";

/** A close frame, and what is written with it. */
const closingWith = (payload: string | Buffer, before: Buffer[] = [], after: Buffer[] = []): Write => ({
  ...together(...before, frame(opcodes.close, payload), ...after),
  isClose: true,
});

export const closing = (code: number, reason: string | Buffer = ""): Write =>
  closingWith(closePayload(code, reason));

const hello = "Hello World!";
const normal = closePayload(1000);

const owed = (
  number: string,
  title: string,
  section: string,
  write: Write,
  close: Close,
  ...expected: Seen[]
): Case => ({
  number,
  title,
  section,
  steps: [write],
  expected,
  close,
  isAboutClose: "code",
});
const clean = (number: string, title: string, section: string, write: Write, ...expected: Seen[]): Case =>
  owed(number, title, section, write, normalClose, ...expected);

/** The server answers with such a code, or none, or just hangs up. */
const refusedWith = (...codes: number[]): Close => ({ by: "client", codes, isClean: false });
const refused = (number: string, title: string, section: string, write: Write, ...codes: number[]): Case =>
  owed(number, title, section, write, refusedWith(...codes));

const [start, end] = fragments("fragment1", "fragment2") as [Buffer, Buffer];
const large = Buffer.from("BAsd7&jh23".repeat(26_215).slice(0, 262_144));
const noUtf8 = Buffer.from("cebae1bdb9cf83cebcceb5eda080656469746564", "hex");

const validCodes = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999];
const invalidCodes = [0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999];

export const closes: Case[] = [
  clean("7.1.1", "text, then a close", "7.1.2", together(textFrame(hello)), text(hello)),
  clean("7.1.2", "two close frames", "5.5.1", closingWith(normal, [], [frame(opcodes.close)])),
  clean("7.1.3", "a ping after the close", "5.5.1", closingWith(normal, [], [pingFrame()])),
  clean("7.1.4", "text after the close", "5.5.1", closingWith(normal, [], [textFrame(hello)])),
  clean("7.1.5", "a close between two fragments", "5.4, 5.5.1", closingWith(normal, [start], [end])),
  {
    ...clean(
      "7.1.6",
      "256 KB, text, a close and a ping at once",
      "5.5.1",
      closingWith(normal, [textFrame(large), textFrame(hello)], [pingFrame()]),
      text(large),
      text(hello),
    ),
    nonStrict: [],
    isInformational: true,
  },
  clean("7.3.1", "a close without code", "5.5.1, 7.1.5", closingWith("")),
  refused("7.3.2", "a close with one octet", "5.5.1", closingWith("a"), 1002),
  clean("7.3.3", "a close with a code", "5.5.1", closing(1000)),
  clean("7.3.4", "a close with a reason", "5.5.1", closing(1000, hello)),
  clean("7.3.5", "a close with a reason of 123 octets", "5.5, 5.5.1", closing(1000, "*".repeat(123))),
  refused("7.3.6", "a close with a reason of 124 octets", "5.5", closing(1000, "*".repeat(124)), 1002),
  refused("7.5.1", "a close whose reason is no UTF-8", "5.5.1, 8.1", closing(1000, noUtf8), 1002, 1007),
  ...validCodes.map((code, index) =>
    owed(`7.7.${index + 1}`, `a close with ${code}`, "7.4", closing(code), {
      ...normalClose,
      codes: [1000, code],
    }),
  ),
  ...invalidCodes.map((code, index) =>
    refused(`7.9.${index + 1}`, `a close with ${code}, which may not be`, "7.4", closing(code), 1002),
  ),
  ...[5000, 65_535].map((code, index) => ({
    ...refused(`7.13.${index + 1}`, `a close with ${code}`, "7.4.2", closing(code), 1000, 1002, code),
    isInformational: true,
  })),
];
