/**
 * What a case is: what the client sends, and what the server owes it. Numbers and expectations are those of the Autobahn
 * test-suite (crossbario/autobahn-testsuite), whose cases hold echo servers to RFC 6455.
 */
import { fin, frameOf, opcodes } from "./frames.ts";
import type { MessageDeflate } from "./message-deflate.ts";
import type { Seen } from "./raw-client.ts";

/** Octets that are written at once, or in chops of so many octets. */
export interface Write {
  octets: Buffer | ((deflate: MessageDeflate) => Buffer);
  chop?: number;
  /** How much must have been seen before. */
  after?: number;
  /** Whether a close frame is among them. */
  isClose?: boolean;
}

/** A second passes; what comes after it is sent, and the pause seen, when the connection is open still. */
export interface Pause {
  pause: string;
}

export interface Close {
  by: "client" | "server";
  /** Which the server's close frame may have; it may have none, too. */
  codes: readonly number[];
  /** Whether both close frames are owed; else an end of TCP is as good. */
  isClean: boolean;
}

export interface Case {
  /** Autobahn's. */
  number: string;
  /** What is sent. */
  title: string;
  /** Where the RFC says what is owed. */
  section: string;
  steps: readonly (Write | Pause)[];
  expected: readonly Seen[];
  /** What may be seen instead: the RFC leaves it open, and Autobahn prefers the other. */
  nonStrict?: readonly Seen[];
  close: Close;
  /** Whether the case is about the close: the wrong end or a wrong code fails it. */
  isAboutClose?: "end" | "code";
  /** The RFC owes nothing: what happens is told. */
  isInformational?: boolean;
  /** Extensions to offer. Without an agreement the case is not carried out. */
  offer?: string;
}

type Data = string | Buffer;

/** @param rsv RSV1, RSV2 and RSV3, as 4, 2 and 1 */
export const frame = (opcode: number, payload: Data = "", { isFinal = true, rsv = 0 } = {}): Buffer =>
  frameOf((isFinal ? fin : 0) | (rsv << 4) | opcode, Buffer.from(payload as string));

export const textFrame = (payload: Data): Buffer => frame(opcodes.text, payload);
export const pingFrame = (payload: Data = ""): Buffer => frame(opcodes.ping, payload);

/** @returns a message of text in so many frames */
export const fragments = (...payloads: Data[]): Buffer[] =>
  payloads.map((payload, index) =>
    frame(index === 0 ? opcodes.text : opcodes.continuation, payload, {
      isFinal: index === payloads.length - 1,
    }),
  );

/** Frames in one write. */
export const together = (...frames: Buffer[]): Write => ({ octets: Buffer.concat(frames) });
/** A write for each frame. */
export const apart = (...frames: Buffer[]): Write[] => frames.map((octets) => ({ octets }));
/** Writes of so many octets, wherever frames end. */
export const chopped = (chop: number, ...frames: Buffer[]): Write => ({
  octets: Buffer.concat(frames),
  chop,
});
export const pause = (name: string): Pause => ({ pause: name });

const seen =
  (kind: Seen["kind"]) =>
  (payload: Data): Seen => ({ kind, payload: Buffer.from(payload as string) });
export const text = seen("text");
export const binary = seen("binary");
export const pong = seen("pong");
export const paused = seen("pause");

/** When the client has seen what it expects, it closes, and the server answers. */
export const normalClose: Close = { by: "client", codes: [1000], isClean: true };
/** The server fails the connection (7.1.7). */
export const protocolError: Close = { by: "server", codes: [1002], isClean: false };
export const invalidPayload: Close = { by: "server", codes: [1007], isClean: false };
