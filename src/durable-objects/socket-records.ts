/**
 * What sockets have with them while their object sleeps: when something last happened, and the record of a connection
 * that is owed no `$disconnect`. Nothing of such a one has to outlive its socket, and a row for each would be what a
 * connection costs most: it is written to disk before the client hears that it is connected.
 */
import type { ConnectionRecord } from "../invoke/websocket/connection-record.ts";

export interface CarriedRecord {
  record: ConnectionRecord;
  json: string;
}

/** Characters, all ASCII, of a record that a socket can have with it: the runtime bounds what it keeps for each. */
export const largestCarried = 2_000;

/** A time alone, or with a record's JSON. */
type Attachment = number | [activeAt: number, json: string];

export class SocketRecords {
  /** Read from attachments once in each waking; null: without a record. */
  readonly #known = new WeakMap<WebSocket, CarriedRecord | null>();

  /** @param json of the record; undefined when it is kept elsewhere */
  begin(socket: WebSocket, record: ConnectionRecord, json: string | undefined): void {
    this.#known.set(socket, json === undefined ? null : { record, json });
    this.touch(socket);
  }

  /** Something has happened. */
  touch(socket: WebSocket): void {
    const carried = this.of(socket);
    const attachment: Attachment = carried ? [Date.now(), carried.json] : Date.now();
    socket.serializeAttachment(attachment);
  }

  /** Undefined when it is kept elsewhere, or the connection has ended. */
  of(socket: WebSocket): CarriedRecord | undefined {
    const known = this.#known.get(socket);
    if (known !== undefined) return known ?? undefined;
    const attachment = socket.deserializeAttachment() as Attachment;
    const carried = typeof attachment === "number" ? null : carriedIn(attachment[1]);
    this.#known.set(socket, carried);
    return carried ?? undefined;
  }

  /** @returns the record that the socket has had with it until now */
  end(socket: WebSocket): ConnectionRecord | undefined {
    const carried = this.of(socket);
    if (!carried) return undefined;
    socket.serializeAttachment(this.activeAt(socket));
    this.#known.set(socket, null);
    return carried.record;
  }

  /** Unix time, milliseconds. */
  activeAt(socket: WebSocket): number {
    const attachment = socket.deserializeAttachment() as Attachment;
    return typeof attachment === "number" ? attachment : attachment[0];
  }
}

const carriedIn = (json: string): CarriedRecord => ({
  record: JSON.parse(json) as ConnectionRecord,
  json,
});
