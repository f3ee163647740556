/** The connections of a shard, on disk: what outlives a crash, so that each of them gets its `$disconnect`. */
import type { Closing, ConnectionRecord } from "../invoke/websocket/connection-record.ts";

/** To run the `$disconnect` of a connection. */
export interface Attempt {
  record: ConnectionRecord;
  closing: Closing;
  /** With this one. */
  attempts: number;
}

export interface FoundConnection {
  record: ConnectionRecord;
  isClosed: boolean;
}

/** Rows that are kept in memory while the object is there: reading one costs more than all else that a message needs. */
const mostKnown = 2_000;

/** Of connections that are open, and of those whose `$disconnect` is still to be run. */
export class ConnectionTable {
  readonly #sql: SqlStorage;
  /** In the order in which they were read. */
  readonly #known = new Map<string, FoundConnection>();

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(`CREATE TABLE IF NOT EXISTS connection (
      id TEXT PRIMARY KEY,
      record TEXT NOT NULL,
      closing TEXT,
      attempts INTEGER NOT NULL DEFAULT 0
    ) WITHOUT ROWID`);
    sql.exec(
      "CREATE TABLE IF NOT EXISTS isolate (only INTEGER PRIMARY KEY CHECK (only = 1), id TEXT NOT NULL)",
    );
  }

  add(record: ConnectionRecord): void {
    const id = record.connectionId;
    this.#sql.exec("INSERT INTO connection (id, record) VALUES (?, ?)", id, JSON.stringify(record));
    this.#keep(id, { record, isClosed: false });
  }

  /** One that is open, or whose `$disconnect` has not been run. */
  find(id: string): Readonly<FoundConnection> | undefined {
    const known = this.#known.get(id);
    if (known) return known;
    const [row] = this.#sql
      .exec<{ record: string; isClosed: number }>(
        "SELECT record, closing IS NOT NULL AS isClosed FROM connection WHERE id = ?",
        id,
      )
      .toArray();
    if (!row) return undefined;
    const found = { record: JSON.parse(row.record) as ConnectionRecord, isClosed: row.isClosed === 1 };
    this.#keep(id, found);
    return found;
  }

  /** @returns whether it was open until now */
  close(id: string, closing: Closing): boolean {
    const known = this.#known.get(id);
    if (known) known.isClosed = true;
    return (
      this.#sql.exec(
        "UPDATE connection SET closing = ? WHERE id = ? AND closing IS NULL",
        JSON.stringify(closing),
        id,
      ).rowsWritten > 0
    );
  }

  /** One that has closed, for one more attempt to run its `$disconnect`. */
  attempt(id: string): Attempt | undefined {
    const [row] = this.#sql
      .exec<{ record: string; closing: string; attempts: number }>(
        `UPDATE connection SET attempts = attempts + 1 WHERE id = ? AND closing IS NOT NULL
         RETURNING record, closing, attempts`,
        id,
      )
      .toArray();
    return (
      row && { record: JSON.parse(row.record), closing: JSON.parse(row.closing), attempts: row.attempts }
    );
  }

  remove(id: string): void {
    this.#known.delete(id);
    this.#sql.exec("DELETE FROM connection WHERE id = ?", id);
  }

  all(): { id: string; isClosed: boolean; connectedAt: number }[] {
    return this.#sql
      .exec<{ id: string; isClosed: number; connectedAt: number }>(
        "SELECT id, closing IS NOT NULL AS isClosed, record ->> 'connectedAt' AS connectedAt FROM connection",
      )
      .toArray()
      .map(({ id, isClosed, connectedAt }) => ({ id, connectedAt, isClosed: isClosed === 1 }));
  }

  isEmpty(): boolean {
    return this.#sql.exec("SELECT 1 FROM connection LIMIT 1").toArray().length === 0;
  }

  #keep(id: string, found: FoundConnection): void {
    for (const oldest of this.#known.keys()) {
      if (this.#known.size < mostKnown) break;
      this.#known.delete(oldest);
    }
    this.#known.set(id, found);
  }

  /** Whether the isolate is another than the last time that it was asked. */
  isNewIsolate(isolateId: string): boolean {
    const [last] = this.#sql.exec<{ id: string }>("SELECT id FROM isolate").toArray();
    if (last?.id === isolateId) return false;
    this.#sql.exec("INSERT OR REPLACE INTO isolate VALUES (1, ?)", isolateId);
    return true;
  }
}
