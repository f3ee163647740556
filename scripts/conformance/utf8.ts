/** Group 6: text is UTF-8, whatever its fragments are (5.6, 8.1). The sequences are Markus Kuhn's. */
import {
  type Case,
  fragments,
  invalidPayload,
  normalClose,
  pause,
  paused,
  text,
  textFrame,
  together,
  type Write,
} from "./cases.ts";

const hex = (octets: string) => Buffer.from(octets.replaceAll(" ", ""), "hex");

function valid(number: string, title: string, write: Write, payload: Buffer): Case {
  return { number, title, section: "5.6", steps: [write], expected: [text(payload)], close: normalClose };
}

function invalid(number: string, title: string, write: Write): Case {
  return {
    number,
    title,
    section: "8.1",
    steps: [write],
    expected: [],
    close: invalidPayload,
    isAboutClose: "end",
  };
}

const whole = (payload: Buffer) => together(textFrame(payload));
const octetsOf = (payload: Buffer) => Array.from(payload, (octet) => Buffer.from([octet]));
const octetwise = (payload: Buffer) => together(...fragments(...octetsOf(payload)));

const middle = Buffer.from("middle frame payload");
const hello = Buffer.from("Hello-µ@ßöäüàá-UTF-8!!");
const kosme = hex("ce ba e1 bd b9 cf 83 ce bc ce b5");
const edited = Buffer.from("edited");
/** Wrong from the second octet after the Greek word. */
const surrogate = Buffer.concat([kosme, hex("ed a0 80"), edited]);
const beyond = Buffer.concat([kosme, hex("f4 90 80 80"), edited]);

/** What is wrong comes in the second of three parts: better it is refused at once than when all is there. */
function failingFast(number: string, title: string, [first, second, third]: [Write, Write, Write]): Case {
  return {
    ...invalid(number, title, first),
    steps: [first, pause("A"), second, pause("B"), third],
    expected: [paused("A")],
    nonStrict: [paused("A"), paused("B")],
  };
}

const parts = (...ends: [number, number]) =>
  [beyond.subarray(0, ends[0]), beyond.subarray(...ends), beyond.subarray(ends[1])] as const;
/** Before the wrong sequence and after it; before the octet that is wrong in it and after that. */
const sequence = parts(11, 15);
const octet = parts(12, 13);

const inFrames = (pieces: readonly Buffer[]) =>
  fragments(...pieces).map((one) => together(one)) as [Write, Write, Write];

/** One frame, written in pieces. */
function inPieces(pieces: readonly Buffer[]): [Write, Write, Write] {
  const octets = textFrame(Buffer.concat(pieces));
  let start = 0;
  let end = octets.length - beyond.length;
  return pieces.map((piece) => {
    end += piece.length;
    const written = { octets: octets.subarray(start, end) };
    start = end;
    return written;
  }) as [Write, Write, Write];
}

const run = (from: number, to: number, between = "") =>
  Array.from({ length: to - from }, (_, index) => (from + index).toString(16) + between).join("");

const lastMissing = [
  "c0",
  "e080",
  "f08080",
  "f8808080",
  "fc80808080",
  "df",
  "efbf",
  "f7bfbf",
  "fbbfbfbf",
  "fdbfbfbfbf",
];

/** Noncharacters at the end of each plane's first, second, third and fourth quarter, as Autobahn picks them. */
const noncharacters = ["f0", "f1", "f2", "f3", "f4"].flatMap((lead) =>
  ["8f", "9f", "af", "bf"]
    .filter((next) => (lead === "f4" ? next === "8f" : lead !== "f0" || next !== "8f"))
    .flatMap((next) => ["be", "bf"].map((last) => `${lead}${next}bf${last}`)),
);

/** From 6.5 on: titles, and sequences that are valid or, behind an exclamation mark, not. */
const sequences: [title: string, octets: string[]][] = [
  [
    "valid sequences",
    [
      Buffer.from("hello$world").toString("hex"),
      Buffer.from("hello¢world").toString("hex"),
      Buffer.from("hello€world").toString("hex"),
      Buffer.from("hello\u{24b62}world").toString("hex"),
      kosme.toString("hex"),
    ],
  ],
  [
    "prefixes of a valid string",
    Array.from(kosme, (_, index) => {
      const prefix = kosme.subarray(0, index + 1);
      const isWhole = Buffer.from(String(prefix)).equals(prefix);
      return `${isWhole ? "" : "!"}${prefix.toString("hex")}`;
    }),
  ],
  ["first sequence of a length", ["00", "c280", "e0a080", "f0908080"]],
  ["first sequence of 5 and 6 octets", ["!f888808080", "!fc8480808080"]],
  ["last sequence of a length", ["7f", "dfbf", "efbfbf", "f48fbfbf"]],
  ["last sequence of 4, 5 and 6 octets", ["!f7bfbfbf", "!fbbfbfbfbf", "!fdbfbfbfbfbf"]],
  ["boundaries", ["ed9fbf", "ee8080", "efbfbd", "f48fbfbf", "!f4908080"]],
  [
    "unexpected continuation octets",
    ["80", "bf", "80bf", "80bf80", "80bf80bf", "80bf80bf80", "80bf80bf80bf", run(0x80, 0xbf)].map(
      (one) => `!${one}`,
    ),
  ],
  [
    "lonely start octets",
    [
      run(0xc0, 0xdf, "20"),
      run(0xe0, 0xef, "20"),
      run(0xf0, 0xf7, "20"),
      run(0xf8, 0xfb, "20"),
      run(0xfc, 0xfd, "20"),
    ].map((one) => `!${one}`),
  ],
  ["sequences without their last octet", lastMissing.map((one) => `!${one}`)],
  ["incomplete sequences in a row", [`!${lastMissing.join("")}`]],
  ["impossible octets", ["!fe", "!ff", "!fefeffff"]],
  ["overlong ASCII", ["!c0af", "!e080af", "!f08080af", "!f8808080af", "!fc80808080af"]],
  ["longest overlong sequences", ["!c1bf", "!e09fbf", "!f08fbfbf", "!f887bfbfbf", "!fc83bfbfbfbf"]],
  ["overlong NUL", ["!c080", "!e08080", "!f0808080", "!f880808080", "!fc8080808080"]],
  ["single surrogates", ["a080", "adbf", "ae80", "afbf", "b080", "be80", "bfbf"].map((one) => `!ed${one}`)],
  [
    "paired surrogates",
    ["a080", "adbf", "ae80", "afbf"].flatMap((high) => ["b080", "bfbf"].map((low) => `!ed${high}ed${low}`)),
  ],
  ["noncharacters", ["efbfbe", "efbfbf", ...noncharacters]],
  ["specials", ["efbfb9", "efbfba", "efbfbb", "efbfbc", "efbfbd", "efbfbe", "efbfbf"]],
];

export const utf8: Case[] = [
  valid("6.1.1", "empty text", whole(Buffer.alloc(0)), Buffer.alloc(0)),
  valid("6.1.2", "three empty fragments", together(...fragments("", "", "")), Buffer.alloc(0)),
  valid("6.1.3", "three fragments, the outer ones empty", together(...fragments("", middle, "")), middle),
  valid("6.2.1", "text in one frame", whole(hello), hello),
  valid(
    "6.2.2",
    "text in two fragments, between characters",
    together(...fragments("Hello-µ@ßöä", "üàá-UTF-8!!")),
    hello,
  ),
  valid("6.2.3", "text in fragments of an octet", octetwise(hello), hello),
  valid("6.2.4", "Greek text in fragments of an octet", octetwise(kosme), kosme),
  invalid("6.3.1", "a surrogate in one frame", whole(surrogate)),
  invalid("6.3.2", "a surrogate in fragments of an octet", octetwise(surrogate)),
  failingFast("6.4.1", "a code point beyond the last, in the second of three frames", inFrames(sequence)),
  failingFast("6.4.2", "its wrong octet in the second of three frames", inFrames(octet)),
  failingFast("6.4.3", "the same in the second of three pieces of a frame", inPieces(sequence)),
  failingFast("6.4.4", "its wrong octet in the second of three pieces of a frame", inPieces(octet)),
  ...sequences.flatMap(([title, all], group) =>
    all.map((one, index) => {
      const number = `6.${group + 5}.${index + 1}`;
      const payload = hex(one.replace("!", ""));
      const named = `${title}: ${one.replace("!", "").slice(0, 24)}${one.length > 25 ? "…" : ""}`;
      return one.startsWith("!")
        ? invalid(number, named, whole(payload))
        : valid(number, named, whole(payload), payload);
    }),
  ),
];
