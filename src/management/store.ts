/** Where working copies are kept, as handlers see it; the Account object implements it over SQLite. */

/** Documents of one kind, by id, in the order in which they were first put. */
export interface Collection<T> {
  get(id: string): T | undefined;
  has(id: string): boolean;
  /** Stores `value` whole (as JSON), keeping the document's place in the order if it was there. */
  put(id: string, value: T): void;
  /** @returns whether it was there. */
  delete(id: string): boolean;
  list(): T[];
  count(): number;
}

export interface Store {
  /** The collection at `path`, such as `restapis` or `restapis/{id}/resources`. */
  collection<T>(path: string): Collection<T>;
  /** Deletes every collection whose path is `path` or below it. */
  deleteTree(path: string): void;
}

/** What goes to KV once the transaction has committed, in this order. */
export interface Publisher {
  /** @param value stored as JSON text. */
  put(key: string, value: unknown): void;
  delete(key: string): void;
}
