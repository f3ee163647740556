import { expect, test } from "vitest";
import { ConnectionTable } from "../../src/durable-objects/connection-table.ts";
import type { ConnectionRecord } from "../../src/invoke/websocket/connection-record.ts";
import { sqlStorage } from "../management/sqlite-store.ts";

const record = (connectionId: string): ConnectionRecord => ({
  connectionId,
  apiId: "api",
  stageName: "test",
  domainName: "api.execute-api.us-east-1.amazonaws.com",
  connectedAt: 1_700_000_000_000,
  sourceIp: "203.0.113.7",
  userAgent: null,
  identity: {},
});
const gone = { code: 1006, reason: "Connection closed abnormally" };
const bye = { code: 1000, reason: "bye" };

/** A table, another one on the same rows, as after a crash, and how often something was written. */
function tables() {
  const sql = sqlStorage();
  const table = new ConnectionTable(sql);
  const writes: string[] = [];
  const { exec } = sql;
  sql.exec = ((query: string, ...bindings: unknown[]) => {
    const [, verb] = /^\s*(INSERT|UPDATE|DELETE)/.exec(query) ?? [];
    if (verb) writes.push(verb);
    return exec.call(sql, query, ...bindings);
  }) as typeof exec;
  return { table, writes, afterCrash: () => new ConnectionTable(sql) };
}

test("a connection is written when it opens, and removed when its $disconnect has been run: nothing else", async () => {
  const { table, writes } = tables();
  await table.add(record("a"));
  expect(table.find("a")).toEqual(record("a"));
  await table.remove("a");
  expect(table.find("a")).toBeUndefined();
  expect(writes).toEqual(["INSERT", "DELETE"]);
});

test("those that come and go at the same time are written in one turn, and in their order", async () => {
  const { table, writes } = tables();
  await table.add(record("a"));
  const all = [table.add(record("b")), table.remove("a"), table.add(record("c")), table.remove("c")];
  expect(writes).toEqual(["INSERT"]);
  const turns = new Set<number>();
  let turn = 0;
  const timer = setInterval(() => turn++, 0);
  await Promise.all(all.map((written) => written.then(() => turns.add(turn))));
  clearInterval(timer);
  expect(turns.size).toBe(1);
  expect(table.all().map(({ id }) => id)).toEqual(["b"]);
});

test("one that is being removed is not found any more, before that is written", async () => {
  const { table } = tables();
  await table.add(record("a"));
  const removed = table.remove("a");
  expect(table.find("a")).toBeUndefined();
  expect(table.all()).toEqual([]);
  await removed;
});

test("one that a crash has ended is tried with how that ends connections, and each attempt counts", async () => {
  const { table, afterCrash } = tables();
  await table.add(record("a"));
  const next = afterCrash();
  expect(next.all()).toEqual([{ id: "a", isClosed: false, connectedAt: 1_700_000_000_000 }]);
  expect(next.attempt("a", gone)).toEqual({ record: record("a"), closing: gone, attempts: 1 });
  expect(afterCrash().attempt("a", gone)).toEqual({ record: record("a"), closing: gone, attempts: 2 });
  expect(next.attempt("unknown", gone)).toBeUndefined();
});

test("one whose $disconnect was not run is tried again with how it has ended, and is not open", async () => {
  const { table, afterCrash } = tables();
  await table.add(record("a"));
  // One that had no row until then is kept as well.
  for (const id of ["a", "b"]) table.keepAttempt({ record: record(id), closing: bye, attempts: 1 });
  for (const id of ["a", "b"]) {
    expect(table.find(id)).toBeUndefined();
    expect(afterCrash().attempt(id, gone)).toEqual({ record: record(id), closing: bye, attempts: 2 });
  }
  expect(table.all().map(({ isClosed }) => isClosed)).toEqual([true, true]);
});
