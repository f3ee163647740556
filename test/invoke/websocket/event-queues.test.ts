import { expect, test, vi } from "vitest";
import { EventQueues, mostWaiting } from "../../../src/invoke/websocket/event-queues.ts";

/** Work that ends when it is told to. */
function work(log: string[], name: string) {
  let end: () => void = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const run = async () => {
    log.push(`begin ${name}`);
    await ended;
    log.push(`end ${name}`);
  };
  return { run, end };
}

test("work of one connection is done in order, of another at once", async () => {
  const queues = new EventQueues();
  const log: string[] = [];
  const [first, second, other] = [work(log, "first"), work(log, "second"), work(log, "other")];
  queues.add("a", 1, first.run);
  const last = queues.add("a", 1, second.run);
  const apart = queues.add("b", 1, other.run);
  expect(log).toEqual(["begin first", "begin other"]);
  other.end();
  await apart;
  second.end();
  first.end();
  await last;
  expect(log).toEqual(["begin first", "begin other", "end other", "end first", "begin second", "end second"]);
});

test("a connection has bounds of messages and octets; another is not concerned", async () => {
  const queues = new EventQueues();
  const slow = work([], "slow");
  for (let count = 0; count < mostWaiting.messages; count++)
    expect(queues.add("a", 1, slow.run)).toBeDefined();
  expect(queues.add("a", 1, slow.run)).toBeUndefined();
  for (let count = 0; count < 32; count++) expect(queues.add("b", 131_072, slow.run)).toBeDefined();
  expect(queues.add("b", 1, slow.run)).toBeUndefined();
  const last = queues.addLast("a", async () => {});
  slow.end();
  await last;
  expect(queues.add("a", 1, async () => {})).toBeDefined();
});

test("work that fails is told to the operator, and what follows is done", async () => {
  const queues = new EventQueues();
  const log = vi.spyOn(console, "error").mockReturnValue();
  const failed = queues.add("a", 1, () => Promise.reject(new Error("broken")));
  let isDone = false;
  await queues.add("a", 1, async () => {
    isDone = true;
  });
  await failed;
  expect(isDone).toBe(true);
  expect(log.mock.calls.join()).toContain("a: Error: broken");
  log.mockRestore();
});

test("all connections together have a bound, and give back what they took", async () => {
  const queues = new EventQueues();
  const slow = work([], "slow");
  const taken: Promise<void>[] = [];
  for (let count = 0; count < 1000; count++) {
    const added = queues.add(`c${count}`, 131_072, slow.run);
    if (added) taken.push(added);
  }
  expect(taken).toHaveLength(255);
  slow.end();
  await Promise.all(taken);
  expect(queues.add("d", 4_194_304, async () => {})).toBeDefined();
});

test("empty messages take room as well", () => {
  const queues = new EventQueues();
  const slow = work([], "slow");
  let taken = 0;
  for (let count = 0; count < 100_000; count++) if (queues.add(`c${count}`, 0, slow.run)) taken++;
  expect(taken).toBe(65_536);
});
