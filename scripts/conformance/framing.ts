/** Group 1: frames of text and of octets, of lengths in each of the three forms (5.2). */
import { binary, type Case, chopped, frame, normalClose, text, together } from "./cases.ts";
import { opcodes } from "./frames.ts";

const lengths = [0, 125, 126, 127, 128, 65_535, 65_536];

function group(number: string, name: string, opcode: number, see: typeof text, octet: number): Case[] {
  const one = (index: number, length: number, chop?: number): Case => {
    const payload = Buffer.alloc(length, octet);
    return {
      number: `${number}.${index + 1}`,
      title: `${name} of ${length} octets${chop ? `, in chops of ${chop}` : ""}`,
      section: "5.2, 5.6",
      steps: [chop ? chopped(chop, frame(opcode, payload)) : together(frame(opcode, payload))],
      expected: [see(payload)],
      close: normalClose,
    };
  };
  return [...lengths.map((length, index) => one(index, length)), one(lengths.length, 65_536, 997)];
}

export const framing: Case[] = [
  ...group("1.1", "text", opcodes.text, text, 0x2a),
  ...group("1.2", "binary", opcodes.binary, binary, 0xfe),
];
