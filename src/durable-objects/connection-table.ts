/** The connections of a shard, on disk: what outlives a crash, so that each of them gets its `$disconnect`. */
import type { Closing, ConnectionRecord } from "../invoke/websocket/connection-record.ts";

/** Of connections that are open, and of those whose `$disconnect` is still to be run. */
export class ConnectionTable {
  readonly #sql: SqlStorage;

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
    this.#sql.exec(
      "INSERT INTO connection (id, record) VALUES (?, ?)",
      record.connectionId,
      JSON.stringify(record),
    );
  }

  /** One that is open, or whose `$disconnect` has not been run. */
  find(id: string): { record: ConnectionRecord; isClosed: boolean } | undefined {
    const [row] = this.#sql
      .exec<{ record: string; isClosed: number }>(
        "SELECT record, closing IS NOT NULL AS isClosed FROM connection WHERE id = ?",
        id,
      )
      .toArray();
    return row && { record: JSON.parse(row.record), isClosed: row.isClosed === 1 };
  }

  /** @returns whether it was open until now */
  close(id: string, closing: Closing): boolean {
    return (
      this.#sql.exec(
        "UPDATE connection SET closing = ? WHERE id = ? AND closing IS NULL",
        JSON.stringify(closing),
        id,
      ).rowsWritten > 0
    );
  }

  /** One that has closed, for one more attempt to run its `$disconnect`. */
  attempt(id: string): { record: ConnectionRecord; closing: Closing; attempts: number } | undefined {
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

  /** Whether the isolate is another than the last time that it was asked. */
  isNewIsolate(isolateId: string): boolean {
    const [last] = this.#sql.exec<{ id: string }>("SELECT id FROM isolate").toArray();
    if (last?.id === isolateId) return false;
    this.#sql.exec("INSERT OR REPLACE INTO isolate VALUES (1, ?)", isolateId);
    return true;
  }
}
