/**
 * A transactional outbox: what a transaction publishes is written beside the working copies, so that both are
 * durable or neither is, and is carried to KV afterwards, in order, as often as it takes.
 */
import { badRequest } from "../management/protocol/service-error.ts";
import type { Publisher } from "../management/store.ts";

/** A SQLite value may have 2 MB; a UTF-16 unit takes at most three bytes as UTF-8. */
const PART_LENGTH = 500_000;
/** A value in KV may have 25 MiB; kept well below, since text beyond ASCII has more bytes than units. */
const LARGEST_VALUE = 12_000_000;
/** Milliseconds until an alarm tries again what KV refused. */
const RETRY_AFTER = 5_000;

export class Outbox implements Publisher {
  readonly #storage: DurableObjectStorage;
  readonly #kv: KVNamespace;
  #last: Promise<unknown> = Promise.resolve();

  constructor(storage: DurableObjectStorage, kv: KVNamespace) {
    this.#storage = storage;
    this.#kv = kv;
    // `value` is null for a deletion; a long value has a row a part, under one `change`.
    storage.sql.exec(`CREATE TABLE IF NOT EXISTS outbox (
      change INTEGER NOT NULL,
      part INTEGER NOT NULL,
      key TEXT NOT NULL,
      value TEXT,
      PRIMARY KEY (change, part)
    )`);
  }

  put(key: string, value: unknown): void {
    const text = JSON.stringify(value);
    if (text.length > LARGEST_VALUE) throw badRequest("The API is too large to be deployed");
    const change = this.#nextChange();
    for (let part = 0; part === 0 || part * PART_LENGTH < text.length; part++) {
      const piece = text.slice(part * PART_LENGTH, (part + 1) * PART_LENGTH);
      this.#insert(change, part, key, piece);
    }
  }

  delete(key: string): void {
    this.#insert(this.#nextChange(), 0, key, null);
  }

  /**
   * Carries everything in the outbox to KV; calls queue up, so that KV sees changes in their order.
   * @returns the keys that changed.
   */
  flush(): Promise<string[]> {
    const flushed = this.#last.then(() => this.#flush());
    this.#last = flushed.catch(() => {});
    return flushed;
  }

  async #flush(): Promise<string[]> {
    const sql = this.#storage.sql;
    const changes = sql
      .exec<{ change: number; key: string }>("SELECT change, key FROM outbox WHERE part = 0 ORDER BY change")
      .toArray();
    try {
      for (const { change, key } of changes) {
        const parts = sql
          .exec<{ value: string | null }>("SELECT value FROM outbox WHERE change = ? ORDER BY part", change)
          .toArray();
        if (parts[0]?.value === null) await this.#kv.delete(key);
        else await this.#kv.put(key, parts.map((part) => part.value).join(""));
        sql.exec("DELETE FROM outbox WHERE change = ?", change);
      }
    } catch (error) {
      await this.#storage.setAlarm(Date.now() + RETRY_AFTER);
      throw error;
    }
    return changes.map(({ key }) => key);
  }

  #nextChange(): number {
    const { last } = this.#storage.sql
      .exec<{ last: number }>("SELECT COALESCE(MAX(change), 0) AS last FROM outbox")
      .one();
    return last + 1;
  }

  #insert(change: number, part: number, key: string, value: string | null): void {
    this.#storage.sql.exec("INSERT INTO outbox VALUES (?, ?, ?, ?)", change, part, key, value);
  }
}
