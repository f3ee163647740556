/**
 * A WebSocket client that sends the octets that it is given, whether they are frames or not, keeps what it receives, and
 * holds the server to RFC 6455.
 */
import { isUtf8 } from "node:buffer";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect, isIP, type Socket } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import { connect as connectTls } from "node:tls";
import { fin, frameOf, opcodes, readFrame, type ServerFrame } from "./frames.ts";
import { MessageDeflate } from "./message-deflate.ts";

/** A message, or a control frame other than a close; a pause is noted by who makes it. */
export interface Seen {
  kind: "text" | "binary" | "ping" | "pong" | "pause";
  payload: Buffer;
}

/** Milliseconds for an opening. */
const patience = 10_000;
/** Octets of what a server answers an opening with. */
const largestHead = 65_536;
const endOfHead = "\r\n\r\n";

/** @param reason its octets need be no UTF-8 @returns a close frame's payload */
export function closePayload(code: number, reason: string | Buffer = ""): Buffer {
  return Buffer.concat([Buffer.from([code >> 8, code & 0xff]), Buffer.from(reason as string)]);
}

export class RawClient {
  /** What has come, in order. */
  readonly seen: Seen[] = [];
  /** When the server has agreed to compress. */
  readonly deflate: MessageDeflate | undefined;
  /** Which end has sent a close frame first, or ended the connection without one. */
  closedBy: "client" | "server" | undefined;
  /** The server's close frame. */
  closeFrame: { code: number | undefined; reason: string } | undefined;
  /** Whether TCP has ended, by whomever. */
  isEnded = false;
  /** What the server has done that it must not, with the section that says so. */
  violation: string | undefined;
  readonly #tcp: Socket;
  #unread: Buffer = Buffer.alloc(0);
  #fragments: ServerFrame[] = [];
  #wake: () => void = () => undefined;

  private constructor(tcp: Socket, head: string, rest: Buffer) {
    this.#tcp = tcp;
    const agreed = headerOf(head, "sec-websocket-extensions");
    this.deflate = agreed ? new MessageDeflate(agreed) : undefined;
    tcp.on("data", (octets) => this.#take(octets));
    tcp.on("close", () => {
      this.isEnded = true;
      this.closedBy ??= "server";
      this.#wake();
    });
    if (rest.length > 0) this.#take(rest);
  }

  /**
   * @param url `ws:`, `wss:`, `http:` or `https:`; @param extensions that are offered
   * @throws Error when the server does not open the connection, or does so wrongly
   */
  static async open(url: string, extensions?: string): Promise<RawClient> {
    const { protocol, hostname, port, host, pathname, search } = new URL(url);
    const address = hostname.replace(/^\[|\]$/g, "");
    const isSecure = protocol === "wss:" || protocol === "https:";
    const tcp = isSecure
      ? connectTls({ host: address, port: Number(port || 443), servername: isIP(address) ? "" : address })
      : connect(Number(port || 80), address);
    tcp.setNoDelay(true);
    tcp.on("error", () => undefined);
    const key = randomBytes(16).toString("base64");
    const lines = [
      `GET ${pathname}${search} HTTP/1.1`,
      `Host: ${host}`,
      "Upgrade: websocket",
      "Connection: Upgrade",
      "Sec-WebSocket-Version: 13",
      `Sec-WebSocket-Key: ${key}`,
      ...(extensions === undefined ? [] : [`Sec-WebSocket-Extensions: ${extensions}`]),
    ];
    tcp.write(`${lines.join("\r\n")}${endOfHead}`);
    try {
      const { head, rest } = await readHead(tcp);
      const [status] = head.split("\r\n", 1);
      if (!/^HTTP\/1\.1 101\b/.test(status ?? "")) throw new Error(`the upgrade was answered with ${status}`);
      const accept = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
      if (headerOf(head, "sec-websocket-accept") !== accept)
        throw new Error("a wrong Sec-WebSocket-Accept (4.1)");
      return new RawClient(tcp, head, rest);
    } catch (error) {
      tcp.destroy();
      throw error;
    }
  }

  /** @param chop octets of each write; all in one if absent */
  async send(octets: Buffer, chop = octets.length): Promise<void> {
    for (let start = 0; start < octets.length && !this.isEnded; start += chop) {
      this.#tcp.write(octets.subarray(start, start + chop));
      await turn();
    }
  }

  /** Sends a close frame, unless one has been sent or the connection has ended. */
  close(code: number): void {
    if (this.closedBy) return;
    this.closing();
    this.#tcp.write(frameOf(fin | opcodes.close, closePayload(code)));
  }

  /** Says that what is sent next is a close frame. */
  closing(): void {
    this.closedBy ??= "client";
  }

  /** Waits for something to come about. @returns whether it has within so many milliseconds */
  async until(holds: () => boolean, milliseconds: number): Promise<boolean> {
    const deadline = performance.now() + milliseconds;
    while (!holds()) {
      const left = deadline - performance.now();
      if (left <= 0) return false;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return true;
  }

  /** Ends this side of TCP, without a close frame; what the server sends is read still. */
  hangUp(): void {
    this.closing();
    this.#tcp.end();
  }

  destroy(): void {
    this.#tcp.destroy();
  }

  #take(octets: Buffer): void {
    this.#unread = this.#unread.length === 0 ? octets : Buffer.concat([this.#unread, octets]);
    try {
      for (let frame = readFrame(this.#unread); frame; frame = readFrame(this.#unread)) {
        this.#unread = this.#unread.subarray(frame.size);
        if (this.closeFrame) throw new Error("a frame after the close frame (5.5.1)");
        this.#read(frame);
      }
    } catch (error) {
      this.violation ??= (error as Error).message;
      this.#tcp.destroy();
    }
    this.#wake();
  }

  #read(frame: ServerFrame): void {
    const { opcode, payload, isFinal, reserved } = frame;
    if (opcode < opcodes.close) {
      this.#readData(frame);
      return;
    }
    if (!isFinal || payload.length > 125)
      throw new Error("a control frame that is fragmented or too long (5.5)");
    if (reserved !== 0) throw new Error("a control frame with reserved bits (5.2)");
    if (opcode === opcodes.close) this.#readClose(payload);
    else if (opcode === opcodes.ping) {
      this.seen.push({ kind: "ping", payload });
      this.#tcp.write(frameOf(fin | opcodes.pong, payload));
    } else if (opcode === opcodes.pong) this.seen.push({ kind: "pong", payload });
    else throw new Error(`a frame with opcode ${opcode} (5.2)`);
  }

  #readData(frame: ServerFrame): void {
    const { opcode, isFinal, reserved } = frame;
    const isFirst = this.#fragments.length === 0;
    if (opcode > opcodes.binary) throw new Error(`a frame with opcode ${opcode} (5.2)`);
    if (isFirst === (opcode === opcodes.continuation)) throw new Error("fragments out of order (5.4)");
    const isCompressed = isFirst && reserved === 4 && this.deflate !== undefined;
    if (reserved !== 0 && !isCompressed) throw new Error("a data frame with reserved bits (5.2)");
    this.#fragments.push(frame);
    if (!isFinal) return;
    const [first] = this.#fragments as [ServerFrame];
    const whole = Buffer.concat(this.#fragments.map(({ payload }) => payload));
    this.#fragments = [];
    const payload = first.reserved === 4 ? (this.deflate as MessageDeflate).decompress(whole) : whole;
    const kind = first.opcode === opcodes.text ? "text" : "binary";
    if (kind === "text" && !isUtf8(payload)) throw new Error("text that is no UTF-8 (5.6)");
    this.seen.push({ kind, payload });
  }

  #readClose(payload: Buffer): void {
    const reason = payload.subarray(2);
    const code = payload.length === 0 ? undefined : payload.readUInt16BE(0);
    if (code !== undefined && !mayBeSent(code)) throw new Error(`a close frame with code ${code} (7.4)`);
    if (!isUtf8(reason)) throw new Error("a close reason that is no UTF-8 (5.5.1)");
    this.closeFrame = { code, reason: String(reason) };
    if (this.closedBy) return;
    this.closedBy = "server";
    this.#tcp.write(frameOf(fin | opcodes.close, payload.subarray(0, 2)));
  }
}

/** 7.4.1, 7.4.2 and the registry of codes. */
const mayBeSent = (code: number) =>
  (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);

/** What comes before the frames, and what has come of them. @throws Error when it does not come */
async function readHead(tcp: Socket): Promise<{ head: string; rest: Buffer }> {
  const signal = AbortSignal.timeout(patience);
  const over = once(tcp, "close", { signal }).then(() => {
    throw new Error("the connection ended before it was open");
  });
  over.catch(() => undefined);
  let octets: Buffer = Buffer.alloc(0);
  while (octets.length < largestHead) {
    const [more] = (await Promise.race([once(tcp, "data", { signal }), over])) as [Buffer];
    octets = Buffer.concat([octets, more]);
    const end = octets.indexOf(endOfHead);
    if (end >= 0) {
      return { head: octets.toString("latin1", 0, end), rest: octets.subarray(end + endOfHead.length) };
    }
  }
  throw new Error("the upgrade's answer has no end");
}

/** @param name in small letters */
function headerOf(head: string, name: string): string | undefined {
  const line = head.split("\r\n").find((one) => one.toLowerCase().startsWith(`${name}:`));
  return line?.slice(name.length + 1).trim();
}
