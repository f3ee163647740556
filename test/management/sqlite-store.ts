/** The store of working copies over Node's own SQLite, in memory: for handlers, without an Account object. */
import { DatabaseSync } from "node:sqlite";
import { SqlStore } from "../../src/durable-objects/sql-store.ts";
import type { OperationContext } from "../../src/management/operation.ts";
import { type Env, settingsOf } from "../../src/settings.ts";

/** As much of a Durable Object's SqlStorage as the stores, the outbox and the table of connections use. */
export function sqlStorage(): SqlStorage {
  const database = new DatabaseSync(":memory:");
  const exec = (query: string, ...bindings: (string | number | null)[]) => {
    const statement = database.prepare(query);
    const hasRows = /^\s*SELECT|\bRETURNING\b/i.test(query);
    const rows = hasRows ? statement.all(...bindings) : [];
    const rowsWritten = hasRows ? 0 : Number(statement.run(...bindings).changes);
    return {
      rowsWritten,
      toArray: () => rows,
      one: () => rows[0],
      [Symbol.iterator]: () => rows[Symbol.iterator](),
    };
  };
  return { exec } as unknown as SqlStorage;
}

/**
 * What a handler gets, with an empty store; what it publishes goes nowhere.
 * @param env more settings
 */
export function operationContext(env: Partial<Env> = {}): OperationContext {
  return {
    store: new SqlStore(sqlStorage()),
    publish: { put() {}, delete() {} },
    settings: settingsOf({ AWS_ACCOUNT_ID: "123456789012", LOADER: {}, ...env } as unknown as Env),
    caller: { accountId: "123456789012", accessKeyId: "AKIA", arn: "arn", userId: "user" },
    origin: "http://127.0.0.1:8787",
    requestId: "request",
    now: 1_700_000_000,
  };
}
