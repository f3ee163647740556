/** WebSocket frames as octets (RFC 6455 section 5.2): those of a client are made, also such as may not be; a server's are read. */
import { randomBytes } from "node:crypto";

export const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** Of a frame's first octet; RSV1 to RSV3 stand between them. */
export const fin = 0x80;

/**
 * A client's frame.
 * @param head first octet: FIN, reserved bits, opcode; @param declared octets of payload that it says it has, if others
 */
export function frameOf(head: number, payload: Buffer, declared = payload.length): Buffer {
  const key = randomBytes(4);
  const masked = payload.map((octet, index) => octet ^ (key[index % 4] as number));
  return Buffer.concat([Buffer.from([head]), lengthsOf(declared), key, masked]);
}

/** With the bit that says that there is a mask. */
function lengthsOf(length: number): Buffer {
  if (length < 126) return Buffer.from([0x80 | length]);
  const lengths = Buffer.alloc(length < 65_536 ? 3 : 9);
  if (length < 65_536) {
    lengths[0] = 0x80 | 126;
    lengths.writeUInt16BE(length, 1);
  } else {
    lengths[0] = 0x80 | 127;
    lengths.writeBigUInt64BE(BigInt(length), 1);
  }
  return lengths;
}

export interface ServerFrame {
  isFinal: boolean;
  /** RSV1, RSV2 and RSV3, as 4, 2 and 1. */
  reserved: number;
  opcode: number;
  payload: Buffer;
  /** Octets of the frame. */
  size: number;
}

/** @returns the frame at the beginning; undefined while it is not there as a whole @throws Error for a masked one */
export function readFrame(octets: Buffer): ServerFrame | undefined {
  const [head, lengths] = octets;
  if (head === undefined || lengths === undefined) return undefined;
  if (lengths & 0x80) throw new Error("a masked frame (5.1)");
  const start = lengths === 127 ? 10 : lengths === 126 ? 4 : 2;
  if (octets.length < start) return undefined;
  const length =
    lengths === 127 ? Number(octets.readBigUInt64BE(2)) : lengths === 126 ? octets.readUInt16BE(2) : lengths;
  const size = start + length;
  if (octets.length < size) return undefined;
  return {
    isFinal: (head & fin) !== 0,
    reserved: (head >> 4) & 7,
    opcode: head & 15,
    payload: octets.subarray(start, size),
    size,
  };
}
