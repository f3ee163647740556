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
/** Milliseconds until an alarm tries again what KV refused, or goes on with what was left. */
const RETRY_AFTER = 5_000;
/** Changes that one invocation carries: at the edge it may ask KV a thousand times. */
const MOST_CHANGES = 900;
/** Changes that travel together, and their characters. */
const BATCH_CHANGES = 300;
const BATCH_LENGTH = 1_000_000;

export interface Flushed {
  /** The keys that changed. */
  published: string[];
  /** Whether there is nothing left. */
  isPublished: boolean;
}

interface Change {
  change: number;
  key: string;
  /** Characters of all parts. */
  size: number;
}

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
   * Carries what is in the outbox to KV, as much as one invocation may; calls queue up, so that KV sees changes in
   * their order. An alarm goes on with the rest, unless it is called again before.
   */
  flush(): Promise<Flushed> {
    const flushed = this.#last.then(() => this.#flush());
    this.#last = flushed.catch(() => {});
    return flushed;
  }

  async #flush(): Promise<Flushed> {
    const sql = this.#storage.sql;
    const changes = sql
      .exec<Change & Record<string, SqlStorageValue>>(
        `SELECT change, MIN(key) AS key, SUM(COALESCE(LENGTH(value), 0)) AS size
         FROM outbox GROUP BY change ORDER BY change LIMIT ?`,
        MOST_CHANGES + 1,
      )
      .toArray();
    const carried = changes.slice(0, MOST_CHANGES);
    try {
      for (const batch of batches(carried)) {
        // All have ended before anything is tried again: a late write must not undo a newer one.
        const ended = await Promise.allSettled(batch.map((change) => this.#carry(change)));
        const failed = ended.find((outcome) => outcome.status === "rejected");
        if (failed) throw failed.reason;
        sql.exec("DELETE FROM outbox WHERE change <= ?", batch.at(-1)?.change ?? 0);
      }
    } catch (error) {
      await this.#storage.setAlarm(Date.now() + RETRY_AFTER);
      throw error;
    }
    const isPublished = carried.length === changes.length;
    if (!isPublished) await this.#storage.setAlarm(Date.now() + RETRY_AFTER);
    return { published: carried.map(({ key }) => key), isPublished };
  }

  async #carry({ change, key }: Change): Promise<void> {
    const parts = this.#storage.sql
      .exec<{ value: string | null }>("SELECT value FROM outbox WHERE change = ? ORDER BY part", change)
      .toArray();
    if (parts[0]?.value === null) await this.#kv.delete(key);
    else await this.#kv.put(key, parts.map((part) => part.value).join(""));
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

/**
 * Neighbours of one kind (`api-key/…`), each key once, travel together, since none of them names another; a stage
 * must not be seen before its snapshot.
 */
function batches(changes: Change[]): Change[][] {
  const all: Change[][] = [];
  let keys = new Set<string>();
  let length = 0;
  for (const change of changes) {
    const batch = all.at(-1);
    const joins =
      batch !== undefined &&
      batch.length < BATCH_CHANGES &&
      length + change.size <= BATCH_LENGTH &&
      kindOf(change.key) === kindOf(batch[0]?.key ?? "") &&
      !keys.has(change.key);
    if (joins) {
      batch.push(change);
    } else {
      all.push([change]);
      keys = new Set();
      length = 0;
    }
    keys.add(change.key);
    length += change.size;
  }
  return all;
}

const kindOf = (key: string): string => key.slice(0, key.indexOf("/") + 1);
