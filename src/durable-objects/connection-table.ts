/** The connections of a shard, on disk: what outlives a crash, so that each of them gets its `$disconnect`. */
import type { Closing, ConnectionRecord } from "../invoke/websocket/connection-record.ts";

/** To run the `$disconnect` of a connection. */
export interface Attempt {
  record: ConnectionRecord;
  closing: Closing;
  /** With this one. */
  attempts: number;
}

interface StoredConnection {
  id: string;
  /** Whether its `$disconnect` is to be tried again. */
  isClosed: boolean;
  connectedAt: number;
}

/** Rows that are kept in memory while the object is there: reading one costs more than all else that a message needs. */
const mostKnown = 2_000;

/**
 * Of connections that are open, and of those whose `$disconnect` is still to be run. What comes and goes at the same time is
 * written at once: on one machine nothing else happens while a write waits for the disk.
 */
export class ConnectionTable {
  readonly #sql: SqlStorage;
  /** In the order in which they were read. */
  readonly #known = new Map<string, ConnectionRecord>();
  #added: ConnectionRecord[] = [];
  #removed = new Set<string>();
  #writing: Promise<void> | undefined;

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

  /** @returns when it has been written: a moment later */
  add(record: ConnectionRecord): Promise<void> {
    this.#added.push(record);
    return this.#write();
  }

  /** @returns when it has been written; it is not found from now on */
  remove(id: string): Promise<void> {
    this.#known.delete(id);
    this.#removed.add(id);
    return this.#write();
  }

  /** One that is open, as far as is written. */
  find(id: string): ConnectionRecord | undefined {
    const known = this.#known.get(id);
    if (known) return known;
    if (this.#removed.has(id)) return undefined;
    const [row] = this.#sql
      .exec<{ record: string }>("SELECT record FROM connection WHERE id = ? AND closing IS NULL", id)
      .toArray();
    if (!row) return undefined;
    const record = JSON.parse(row.record) as ConnectionRecord;
    this.#keep(record);
    return record;
  }

  /**
   * One whose `$disconnect` a crash or a failure has kept from being run, for one more attempt.
   * @param closing where nobody has written how it has ended
   */
  attempt(id: string, closing: Closing): Attempt | undefined {
    const [row] = this.#sql
      .exec<{ record: string; closing: string; attempts: number }>(
        `UPDATE connection SET attempts = attempts + 1, closing = coalesce(closing, ?2) WHERE id = ?1
         RETURNING record, closing, attempts`,
        id,
        JSON.stringify(closing),
      )
      .toArray();
    return (
      row && { record: JSON.parse(row.record), closing: JSON.parse(row.closing), attempts: row.attempts }
    );
  }

  /** For one more attempt, later. */
  keepAttempt({ record, closing, attempts }: Attempt): void {
    this.#known.delete(record.connectionId);
    this.#sql.exec(
      "INSERT OR REPLACE INTO connection (id, record, closing, attempts) VALUES (?, ?, ?, ?)",
      record.connectionId,
      JSON.stringify(record),
      JSON.stringify(closing),
      attempts,
    );
  }

  all(): StoredConnection[] {
    return this.#sql
      .exec<{ id: string; isClosed: number; connectedAt: number }>(
        "SELECT id, closing IS NOT NULL AS isClosed, record ->> 'connectedAt' AS connectedAt FROM connection",
      )
      .toArray()
      .filter(({ id }) => !this.#removed.has(id))
      .map(({ id, isClosed, connectedAt }) => ({ id, connectedAt, isClosed: isClosed === 1 }));
  }

  isEmpty(): boolean {
    return this.#sql.exec("SELECT 1 FROM connection LIMIT 1").toArray().length === 0;
  }

  #write(): Promise<void> {
    this.#writing ??= new Promise((resolve) => setTimeout(resolve)).then(() => this.#writeAll());
    return this.#writing;
  }

  #writeAll(): void {
    const [added, removed] = [this.#added, this.#removed];
    this.#added = [];
    this.#removed = new Set();
    this.#writing = undefined;
    for (const record of added) {
      this.#sql.exec(
        "INSERT INTO connection (id, record) VALUES (?, ?)",
        record.connectionId,
        JSON.stringify(record),
      );
      this.#keep(record);
    }
    for (const id of removed) this.#sql.exec("DELETE FROM connection WHERE id = ?", id);
  }

  #keep(record: ConnectionRecord): void {
    for (const oldest of this.#known.keys()) {
      if (this.#known.size < mostKnown) break;
      this.#known.delete(oldest);
    }
    this.#known.set(record.connectionId, record);
  }

  /** Whether the isolate is another than the last time that it was asked. */
  isNewIsolate(isolateId: string): boolean {
    const [last] = this.#sql.exec<{ id: string }>("SELECT id FROM isolate").toArray();
    if (last?.id === isolateId) return false;
    this.#sql.exec("INSERT OR REPLACE INTO isolate VALUES (1, ?)", isolateId);
    return true;
  }
}
