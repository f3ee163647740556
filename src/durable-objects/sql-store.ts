/** The store of working copies over a Durable Object's SQLite: one table of JSON documents. */
import { badRequest } from "../management/protocol/service-error.ts";
import type { Collection, Store } from "../management/store.ts";

/** Bytes of a document: a row of a Durable Object's SQLite may have 2 MB, its other columns included. */
const LARGEST_DOCUMENT = 1_990_000;

/** @throws ServiceError BadRequestException when the document does not fit in a row */
function serialize(value: unknown): string {
  const text = JSON.stringify(value);
  // A UTF-16 unit takes at most three bytes as UTF-8.
  if (text.length * 3 > LARGEST_DOCUMENT) {
    const bytes = new TextEncoder().encode(text).byteLength;
    if (bytes > LARGEST_DOCUMENT) {
      throw badRequest(`Too large to be stored: ${bytes} bytes, where ${LARGEST_DOCUMENT} are allowed`);
    }
  }
  return text;
}

export class SqlStore implements Store {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(`CREATE TABLE IF NOT EXISTS document (
      seq INTEGER PRIMARY KEY AUTOINCREMENT,
      path TEXT NOT NULL,
      id TEXT NOT NULL,
      value TEXT NOT NULL,
      UNIQUE (path, id)
    )`);
  }

  collection<T>(path: string): Collection<T> {
    const sql = this.#sql;
    const read = (row: { value: SqlStorageValue }) => JSON.parse(row.value as string) as T;
    return {
      get(id) {
        const row = sql.exec("SELECT value FROM document WHERE path = ? AND id = ?", path, id).toArray()[0];
        return row && read(row as { value: SqlStorageValue });
      },
      has(id) {
        return sql.exec("SELECT 1 FROM document WHERE path = ? AND id = ?", path, id).toArray().length > 0;
      },
      put(id, value) {
        sql.exec(
          `INSERT INTO document (path, id, value) VALUES (?, ?, ?)
           ON CONFLICT (path, id) DO UPDATE SET value = excluded.value`,
          path,
          id,
          serialize(value),
        );
      },
      delete(id) {
        return sql.exec("DELETE FROM document WHERE path = ? AND id = ?", path, id).rowsWritten > 0;
      },
      list() {
        const rows = sql.exec("SELECT value FROM document WHERE path = ? ORDER BY seq", path);
        return Array.from(rows, (row) => read(row as { value: SqlStorageValue }));
      },
      count() {
        return sql.exec("SELECT COUNT(*) AS n FROM document WHERE path = ?", path).one().n as number;
      },
    };
  }

  deleteTree(path: string): void {
    // "0" follows "/" in ASCII: the range holds every path that starts with `path/`.
    this.#sql.exec(
      "DELETE FROM document WHERE path = ? OR (path >= ? AND path < ?)",
      path,
      `${path}/`,
      `${path}0`,
    );
  }
}
