import fc from "fast-check";
import { expect, test } from "vitest";
import { Outbox } from "../../src/durable-objects/outbox.ts";
import { sqlStorage } from "../management/sqlite-store.ts";

/** An outbox, the KV that it fills, and what happened there. */
function outboxWithKv() {
  const kv = new Map<string, string>();
  /** `begin key` and `end key`, in their order. */
  const events: string[] = [];
  const alarms: number[] = [];
  /** How many of the next writes KV refuses. */
  const faults = { left: 0 };
  const write = async (key: string, apply: () => void) => {
    events.push(`begin ${key}`);
    // The later of two that travel together ends first.
    if (key.endsWith("/a")) await new Promise(setImmediate);
    if (faults.left > 0) {
      faults.left--;
      throw new Error("KV is away");
    }
    apply();
    events.push(`end ${key}`);
  };
  const storage = { sql: sqlStorage(), setAlarm: async (time: number) => void alarms.push(time) };
  const outbox = new Outbox(
    storage as unknown as DurableObjectStorage,
    {
      put: (key: string, value: string) => write(key, () => kv.set(key, value)),
      delete: (key: string) => write(key, () => kv.delete(key)),
    } as unknown as KVNamespace,
  );
  return { outbox, kv, events, alarms, faults };
}

test("a kind's changes travel together, another kind's after them", async () => {
  const { outbox, events } = outboxWithKv();
  for (const key of ["snapshot/a", "snapshot/b", "stage/a"]) outbox.put(key, 1);
  expect(await outbox.flush()).toEqual({
    published: ["snapshot/a", "snapshot/b", "stage/a"],
    isPublished: true,
  });
  expect(events).toEqual([
    "begin snapshot/a",
    "begin snapshot/b",
    "end snapshot/b",
    "end snapshot/a",
    "begin stage/a",
    "end stage/a",
  ]);
});

test("a key's changes arrive one after the other", async () => {
  const { outbox, kv, events } = outboxWithKv();
  outbox.put("api-key/a", 1);
  outbox.delete("api-key/a");
  outbox.put("api-key/a", 2);
  await outbox.flush();
  expect(kv.get("api-key/a")).toBe("2");
  expect(events).toHaveLength(6);
  expect(events.filter((_, index) => index % 2 === 0).every((event) => event.startsWith("begin"))).toBe(true);
});

test("a long value arrives whole", async () => {
  const { outbox, kv } = outboxWithKv();
  const long = "é".repeat(1_200_000);
  outbox.put("snapshot/a", long);
  outbox.put("snapshot/b", "short");
  await outbox.flush();
  expect(kv.get("snapshot/a")).toBe(JSON.stringify(long));
  expect(kv.get("snapshot/b")).toBe('"short"');
});

test("one invocation carries 900 changes; an alarm sees to the rest", async () => {
  const { outbox, kv, alarms } = outboxWithKv();
  for (let key = 0; key < 2_000; key++) outbox.put(`api-key/${key}`, key);
  const flushed = [await outbox.flush(), await outbox.flush(), await outbox.flush()];
  expect(flushed.map(({ published, isPublished }) => [published.length, isPublished])).toEqual([
    [900, false],
    [900, false],
    [200, true],
  ]);
  expect(kv.size).toBe(2_000);
  expect(alarms).toHaveLength(2);
});

test("what KV refuses stays, and an alarm tries again", async () => {
  const { outbox, kv, alarms, faults } = outboxWithKv();
  outbox.put("stage/a", 1);
  faults.left = 1;
  await expect(outbox.flush()).rejects.toThrow("KV is away");
  expect([kv.size, alarms.length]).toEqual([0, 1]);
  await outbox.flush();
  expect(kv.get("stage/a")).toBe("1");
});

test("a refused flush ends when all that it began has ended", async () => {
  const { outbox, events, faults } = outboxWithKv();
  for (const key of ["api-key/a", "api-key/b"]) outbox.put(key, 1);
  faults.left = 1;
  await expect(outbox.flush()).rejects.toThrow("KV is away");
  expect(events).toEqual(["begin api-key/a", "begin api-key/b", "end api-key/a"]);
});

test("KV ends with the last change of each key, however often it was away", async () => {
  const change = fc.record({
    key: fc.constantFrom("api-key/a", "api-key/b", "usage-plan/a", "stage/a", "vpc-links"),
    value: fc.option(fc.integer({ min: 0, max: 9 })),
  });
  const step = fc.oneof(
    { weight: 5, arbitrary: change },
    { weight: 1, arbitrary: fc.record({ faults: fc.integer({ min: 0, max: 3 }) }) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const { outbox, kv, faults } = outboxWithKv();
      const expected = new Map<string, string>();
      for (const given of steps) {
        if ("faults" in given) {
          faults.left = given.faults;
          await outbox.flush().catch(() => {});
        } else if (given.value === null) {
          outbox.delete(given.key);
          expected.delete(given.key);
        } else {
          outbox.put(given.key, given.value);
          expected.set(given.key, String(given.value));
        }
      }
      faults.left = 0;
      await outbox.flush();
      expect([...kv].sort()).toEqual([...expected].sort());
    }),
  );
});
