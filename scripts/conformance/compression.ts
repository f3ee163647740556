/**
 * Groups 12 and 13: messages compressed with permessage-deflate (RFC 7692), of various contents in 12, with various
 * parameters in 13. Contents are made here, and are fewer: ten messages a case where Autobahn sends a thousand, unless
 * CONFORMANCE_MESSAGES says otherwise.
 */
import { binary, type Case, frame, normalClose, text, type Write } from "./cases.ts";
import { opcodes } from "./frames.ts";

const messages = Number(process.env.CONFORMANCE_MESSAGES ?? 10);
/** Octets of each content, and by how much each message begins later in it than the one before. */
const contentLength = 524_288;
const stride = 10_007;

/** Octets of a message, and of the frames into which its compressed form is cut. */
const sizes: [length: number, frameLength?: number][] = [
  ...[16, 64, 256, 1024, 4096, 8192, 16_384, 32_768, 65_536, 131_072].map((length): [number] => [length]),
  ...[8192, 16_384, 32_768, 65_536, 131_072].map((length): [number, number] => [length, 256]),
  ...[1024, 4096, 32_768].map((frameLength): [number, number] => [131_072, frameLength]),
];

/** The same in each run: a linear congruential generator's. */
function scattered(length: number): Buffer {
  const octets = Buffer.alloc(length);
  for (let index = 0, state = 1; index < length; index++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    octets[index] = state >> 16;
  }
  return octets;
}

function repeated(line: (index: number) => string): Buffer {
  const lines: string[] = [];
  for (let index = 0, length = 0; length < contentLength; index++) {
    lines.push(line(index));
    length += lines[index]?.length ?? 0;
  }
  return Buffer.from(lines.join("")).subarray(0, contentLength);
}

const noise = scattered(contentLength);
const json = repeated(
  (index) => `{"id":${index},"name":"item ${noise[index]}","on":${(noise[index] ?? 0) > 99}},`,
);
const html = repeated((index) => `<tr class="row"><td>${index}</td><td>cell ${noise[index]}</td></tr>\n`);
const prose = repeated((index) => `${noise[index]} Habe nun, ach! Philosophie, Juristerei und Medizin, `);
const picture = Buffer.from(noise.map((octet, index) => ((index % 512) >> 1) ^ (octet & 3)));

const contents: [name: string, content: Buffer, isBinary: boolean][] = [
  ["JSON", json, false],
  ["a picture", picture, true],
  ["prose", prose, true],
  ["HTML", html, false],
  ["noise", noise, true],
];

function cut(compressed: Buffer, opcode: number, frameLength = Number.POSITIVE_INFINITY): Buffer {
  const frames: Buffer[] = [];
  for (let start = 0; start === 0 || start < compressed.length; start += frameLength) {
    const isFirst = start === 0;
    frames.push(
      frame(isFirst ? opcode : opcodes.continuation, compressed.subarray(start, start + frameLength), {
        isFinal: start + frameLength >= compressed.length,
        rsv: isFirst ? 4 : 0,
      }),
    );
  }
  return Buffer.concat(frames);
}

function group(number: string, name: string, content: Buffer, isBinary: boolean, offer: string): Case[] {
  return sizes.map(([length, frameLength], index) => {
    const payloads = Array.from({ length: messages }, (_, message) => {
      const start = (message * stride) % (contentLength - length);
      return content.subarray(start, start + length);
    });
    const opcode = isBinary ? opcodes.binary : opcodes.text;
    return {
      number: `${number}.${index + 1}`,
      title: `${name}: ${messages} messages of ${length} octets${frameLength ? ` in frames of ${frameLength}` : ""}`,
      section: "RFC 7692, 7.2",
      steps: payloads.map(
        (payload, after): Write => ({
          octets: (deflate) => cut(deflate.compress(payload), opcode, frameLength),
          after,
        }),
      ),
      expected: payloads.map(isBinary ? binary : text),
      close: normalClose,
      offer,
    };
  });
}

const standard = "permessage-deflate; client_no_context_takeover; client_max_window_bits";
const withoutTakeover = `${standard}; server_no_context_takeover`;

const offers: [name: string, offer: string][] = [
  ["defaults", standard],
  ["no takeover", withoutTakeover],
  ["window 9", `${standard}; server_max_window_bits=9`],
  ["window 15", `${standard}; server_max_window_bits=15`],
  ["no takeover, window 9", `${withoutTakeover}; server_max_window_bits=9`],
  ["no takeover, window 15", `${withoutTakeover}; server_max_window_bits=15`],
  [
    "a choice of three",
    [`${withoutTakeover}; server_max_window_bits=9`, withoutTakeover, standard].join(", "),
  ],
];

export const compressedContents: Case[] = contents.flatMap(([name, content, isBinary], index) =>
  group(`12.${index + 1}`, name, content, isBinary, standard),
);

export const compressionParameters: Case[] = offers.flatMap(([name, offer], index) =>
  group(`13.${index + 1}`, name, json, false, offer),
);
