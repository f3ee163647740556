/** The extension permessage-deflate (RFC 7692), as a client has agreed on it with a server. */
import { constants, deflateRawSync, inflateRawSync } from "node:zlib";

/** What a deflate stream has at each flush; messages are sent without it (section 7.2.1). */
const tail = Buffer.from([0x00, 0x00, 0xff, 0xff]);

export class MessageDeflate {
  readonly #sent: History;
  readonly #received: History;

  /** @param agreed the server's `Sec-WebSocket-Extensions` @throws Error when it is another extension */
  constructor(agreed: string) {
    const [name, ...parameters] = agreed.split(";").map((part) => part.trim());
    if (name !== "permessage-deflate") throw new Error(`the extension ${name} was not offered (4.1)`);
    const bitsOf = (parameter: string) => {
      const given = parameters.find((one) => one.startsWith(`${parameter}=`));
      return given ? Number(given.slice(parameter.length + 1).replaceAll('"', "")) : 15;
    };
    this.#sent = new History(
      bitsOf("client_max_window_bits"),
      parameters.includes("client_no_context_takeover"),
    );
    this.#received = new History(
      bitsOf("server_max_window_bits"),
      parameters.includes("server_no_context_takeover"),
    );
  }

  compress(message: Buffer): Buffer {
    const { dictionary, windowBits } = this.#sent;
    // zlib takes no window of 256 octets for raw streams; what it makes with one of 512 may point too far back.
    const compressed = deflateRawSync(message, {
      dictionary,
      windowBits,
      finishFlush: constants.Z_SYNC_FLUSH,
    });
    this.#sent.add(message);
    return compressed.subarray(0, -tail.length);
  }

  /** @throws Error when it is no deflate stream */
  decompress(payload: Buffer): Buffer {
    const { dictionary, windowBits } = this.#received;
    const message = inflateRawSync(Buffer.concat([payload, tail]), {
      dictionary,
      windowBits,
      finishFlush: constants.Z_SYNC_FLUSH,
    });
    this.#received.add(message);
    return message;
  }
}

/** What a message may refer to of those before it, on one of both ways. */
class History {
  readonly windowBits: number;
  readonly #isKept: boolean;
  #octets = Buffer.alloc(0);

  constructor(windowBits: number, hasNoTakeover: boolean) {
    this.windowBits = windowBits;
    this.#isKept = !hasNoTakeover;
  }

  get dictionary(): Buffer | undefined {
    return this.#octets.length > 0 ? this.#octets : undefined;
  }

  add(message: Buffer): void {
    if (this.#isKept) this.#octets = Buffer.concat([this.#octets, message]).subarray(-(2 ** this.windowBits));
  }
}
