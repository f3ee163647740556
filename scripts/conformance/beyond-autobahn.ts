/** What Autobahn does not ask: masks, lengths, and how large a message may become when it is decompressed. */
import { type Case, frame, normalClose, protocolError, text, textFrame, together } from "./cases.ts";
import { fin, frameOf, opcodes } from "./frames.ts";

const hello = Buffer.from("Hello, world!");
const largest = Buffer.alloc(131_072, "x");

const unmasked = Buffer.concat([Buffer.from([fin | opcodes.text, hello.length]), hello]);
/** The length as if it were of more than 125 octets. */
const masked = textFrame(hello);
const longLength = Buffer.concat([
  masked.subarray(0, 1),
  Buffer.from([0x80 | 126, 0, hello.length]),
  masked.subarray(2),
]);

export const beyondAutobahn: Case[] = [
  {
    number: "S.1",
    title: "text without a mask",
    section: "5.1",
    steps: [together(unmasked)],
    expected: [],
    close: protocolError,
  },
  {
    number: "S.2",
    title: "a length of 2^63",
    section: "5.2",
    steps: [together(frameOf(fin | opcodes.text, hello, 2 ** 63))],
    expected: [],
    close: { ...protocolError, codes: [1002, 1009] },
  },
  {
    number: "S.3",
    title: "a length that is not written in the shortest way",
    section: "5.2",
    steps: [together(longLength)],
    expected: [text(hello)],
    close: normalClose,
    isInformational: true,
  },
  {
    number: "S.4",
    title: "text of 131,072 octets, the most that API Gateway takes",
    section: "5.2",
    steps: [together(textFrame(largest))],
    expected: [text(largest)],
    close: normalClose,
  },
  {
    number: "S.5",
    title: "text of 30 MB, compressed to 30 KB",
    section: "RFC 7692, 8",
    steps: [
      {
        octets: (deflate) => frame(opcodes.text, deflate.compress(Buffer.alloc(31_457_280, "x")), { rsv: 4 }),
      },
    ],
    expected: [],
    close: { by: "server", codes: [1009], isClean: false },
    isInformational: true,
    offer: "permessage-deflate",
  },
];
