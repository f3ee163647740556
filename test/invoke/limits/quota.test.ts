/**
 * Leased quotas: never more in a period than the quota, every admitted request counted, and nothing else counted once
 * the traffic is over. Everything but the world (network, time, crashes) is what runs in the gateway.
 */
import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import { randomOf } from "../../../scripts/limits/overload.ts";
import type { QuotaSettings } from "../../../src/definitions/api-key.ts";
import { QuotaLease } from "../../../src/invoke/limits/quota-lease.ts";
import { type Network, QuotaWorld } from "./quota-world.ts";
import { VirtualClock } from "./virtual-clock.ts";

let clock: VirtualClock;
afterEach(() => clock.restore());

/** @param start Unix time, milliseconds */
function startClock(start: number): void {
  clock = new VirtualClock(start);
  // What a limiter says of a quota that it cannot reach.
  vi.spyOn(console, "error").mockImplementation(() => undefined);
}

const quick: Network = { delay: () => 5, fate: () => "arrives" };
const noon = Date.UTC(2026, 10, 27, 12);
const aDay = (limit: number): QuotaSettings => ({ limit, period: "DAY", offset: 0 });

/** So many requests a second at each isolate, evenly. @param duration milliseconds */
async function traffic(world: QuotaWorld, each: number, duration: number): Promise<void> {
  for (let passed = 0; passed < duration; passed += 1000 / each) {
    for (const isolate of world.isolates) isolate.request();
    await clock.pass(1000 / each);
  }
}

const quotas = fc.record({
  limit: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 100, max: 3000 })),
  setting: fc.constantFrom<[QuotaSettings["period"], number, string]>(
    // The last day of a period of each kind: the run goes over its midnight.
    ["DAY", 0, "2026-11-27"],
    ["WEEK", 0, "2026-11-28"],
    ["WEEK", 5, "2026-12-31"],
    ["MONTH", 0, "2028-02-29"],
    ["MONTH", 0, "2026-12-31"],
    ["MONTH", 27, "2026-02-27"],
    ["MONTH", 14, "2026-04-14"],
    // A midnight in the middle of a period.
    ["WEEK", 0, "2028-02-28"],
    ["MONTH", 27, "2028-02-29"],
  ),
});

const worlds = fc.record({
  seed: fc.nat(),
  isolates: fc.integer({ min: 1, max: 8 }),
  /** Requests a second, of all isolates. */
  demand: fc.constantFrom(1, 5, 30, 80),
  /** Milliseconds of a message, usually and at most. */
  delay: fc.constantFrom(0, 20, 200),
  longest: fc.constantFrom(0, 300, 3000),
  lost: fc.constantFrom(0, 0.05, 0.3),
  /** Milliseconds between crashes of the ledger, and of some isolate, on average. */
  crashes: fc.constantFrom(Number.POSITIVE_INFINITY, 5000, 1000),
  /** Milliseconds between changes of the quota and extensions, on average. */
  changes: fc.constantFrom(Number.POSITIVE_INFINITY, 5000),
  /** Milliseconds. */
  skew: fc.integer({ min: -1000, max: 1000 }),
});

test("no period sees more than its quota, and every request is counted, whatever is lost, crashes or changes", async () => {
  await fc.assert(
    fc.asyncProperty(quotas, worlds, async ({ limit, setting: [period, offset, day] }, world) => {
      startClock(Date.parse(`${day}T23:59:52Z`));
      const random = randomOf(world.seed);
      const about = (mean: number) => -Math.log(1 - random()) * mean;
      const quota = new QuotaWorld(
        { limit, period, offset },
        {
          delay: () => (random() < 0.9 ? random() * world.delay : random() * world.longest),
          fate: () => (random() >= world.lost ? "arrives" : random() < 0.5 ? "fails" : "vanishes"),
        },
        world.skew,
      );
      for (let count = 0; count < world.isolates; count++) quota.addIsolate();
      const some = () => quota.isolates[Math.floor(random() * quota.isolates.length)];
      let isOver = false;
      const again = (mean: number, act: () => void) => {
        if (mean === Number.POSITIVE_INFINITY) return;
        const next = () => {
          if (isOver) return;
          act();
          setTimeout(next, about(mean));
        };
        setTimeout(next, about(mean));
      };
      again(1000 / world.demand, () => some()?.request());
      again(2000, () => {
        for (let count = 0; count < world.demand; count++) some()?.request();
      });
      again(world.crashes, () => quota.crash());
      again(world.crashes, () => quota.replace(some() as never));
      again(world.changes, () => quota.extend(Math.floor(random() * 50)));
      again(world.changes, () => quota.change({ limit: Math.floor(random() * 2 * limit), period, offset }));
      await clock.pass(8000);
      expect(quota.excess).toBe(0);
      await clock.pass(8000);
      expect(quota.excess).toBe(0);
      isOver = true;
      // Answers that are late by 6 seconds come as well, and what they bring goes back.
      await clock.pass(10_000);
      expect(quota.excess).toBe(0);
      if (world.lost === 0 && world.crashes === Number.POSITIVE_INFINITY) expect(quota.unused).toBe(0);
      clock.restore();
    }),
    { numRuns: 150 },
  );
});

describe("two seconds after the traffic the usage is exact", () => {
  test.each([
    { isolates: 1, each: 1 },
    { isolates: 1, each: 3 },
    { isolates: 1, each: 100 },
    { isolates: 5, each: 20 },
    { isolates: 20, each: 4 },
  ])("of $isolates isolates with $each requests a second each", async ({ isolates, each }) => {
    startClock(noon);
    const world = new QuotaWorld(aDay(1_000_000), quick);
    for (let count = 0; count < isolates; count++) world.addIsolate();
    for (const seconds of [1, 3, 25]) {
      await traffic(world, each, seconds * 1000);
      await clock.pass(2000 - 1000 / each);
      expect(world.unused).toBe(0);
    }
    expect(world.refused).toBe(0);
    expect(world.excess).toBe(0);
  });
});

test("a busy key asks about once a second", async () => {
  startClock(noon);
  const world = new QuotaWorld(aDay(1_000_000), quick);
  world.addIsolate();
  await traffic(world, 200, 60_000);
  expect(world.asks).toBeLessThan(120);
});

test("all of a quota can be used, whichever isolates it was leased to", async () => {
  startClock(noon);
  const world = new QuotaWorld(aDay(500), quick);
  for (let count = 0; count < 10; count++) world.addIsolate();
  await traffic(world, 10, 15_000);
  expect(world.admitted.get("2026-11-27")).toBe(500);
  expect(world.used("2026-11-27")).toBe(500);
});

test("a quota of one lets one pass, of nothing none", async () => {
  startClock(noon);
  for (const limit of [0, 1]) {
    const world = new QuotaWorld(aDay(limit), quick);
    world.addIsolate();
    world.addIsolate();
    await traffic(world, 5, 3000);
    expect(world.admitted.get("2026-11-27") ?? 0).toBe(limit);
  }
});

test("a used-up quota is there again at the beginning of the next period", async () => {
  startClock(Date.UTC(2026, 10, 27, 23, 59, 59));
  const world = new QuotaWorld(aDay(3), quick);
  const isolate = world.addIsolate();
  for (let count = 0; count < 5; count++) isolate.request();
  await clock.pass(500);
  isolate.request();
  await clock.pass(510);
  expect(world.admitted.get("2026-11-27")).toBe(3);
  expect(world.today).toBe("2026-11-28");
  isolate.request();
  await clock.pass(100);
  expect(world.admitted.get("2026-11-28")).toBe(1);
});

test("what was leased on a day is of no use on the next, and goes back to its day", async () => {
  startClock(Date.UTC(2026, 10, 27, 23, 59, 50));
  const world = new QuotaWorld(aDay(10_000), quick);
  world.addIsolate();
  await traffic(world, 100, 20_000);
  await clock.pass(2000);
  expect([world.used("2026-11-27"), world.used("2026-11-28")]).toEqual([1000, 1000]);
  expect(world.unused).toBe(0);
});

test("an answer that comes after midnight to an ask before it leaves each day its own", () => {
  startClock(noon);
  const midnight = Date.UTC(2026, 10, 28);
  const lease = new QuotaLease(aDay(1000), 1);
  lease.ask(0, false, midnight - 500);
  lease.answered({ requests: 5, day: "2026-11-27", lasts: 495, askAfter: 0 }, midnight - 490);
  expect(lease.take(midnight - 20)).toBe(true);
  lease.ask(0, false, midnight - 10);
  lease.answered({ requests: 3, day: "2026-11-28", lasts: 86_399_995, askAfter: 0 }, midnight + 10);
  expect([1, 2, 3, 4].map(() => lease.take(midnight + 20))).toEqual([true, true, true, false]);
  expect(lease.ask(0, false, midnight + 30).returned).toEqual([["2026-11-27", 4]]);
});

test("whenever the traffic ends, nothing stays leased", async () => {
  for (let duration = 1000; duration < 5000; duration += 50) {
    startClock(noon);
    const world = new QuotaWorld(aDay(10_000), { delay: () => 300, fate: () => "arrives" });
    world.addIsolate();
    await traffic(world, 5, duration);
    await clock.pass(3000);
    expect(world.unused).toBe(0);
    clock.restore();
  }
});

test("a larger quota counts with the next request, though all was refused before", async () => {
  startClock(noon);
  const world = new QuotaWorld(aDay(2), quick);
  const isolate = world.addIsolate();
  await traffic(world, 10, 1000);
  world.change(aDay(5));
  await traffic(world, 10, 1000);
  expect(world.admitted.get("2026-11-27")).toBe(5);
  isolate.request();
  expect(world.excess).toBe(0);
});

test("a smaller quota counts what was used before", async () => {
  startClock(noon);
  const world = new QuotaWorld(aDay(100), quick);
  world.addIsolate();
  await traffic(world, 10, 3000);
  world.change(aDay(20));
  await clock.pass(2000);
  await traffic(world, 10, 3000);
  expect(world.admitted.get("2026-11-27")).toBe(30);
});

test("an extension is for its period, and in place of what was left", async () => {
  startClock(Date.UTC(2026, 10, 27, 23, 59, 40));
  const world = new QuotaWorld(aDay(2), quick);
  world.addIsolate();
  await traffic(world, 5, 1000);
  world.extend(3);
  await clock.pass(5000);
  await traffic(world, 5, 3000);
  expect(world.admitted.get("2026-11-27")).toBe(5);
  await clock.pass(20_000);
  await traffic(world, 5, 3000);
  expect(world.admitted.get("2026-11-28")).toBe(2);
});

test("an answer that comes too late goes back to the quota", async () => {
  startClock(noon);
  let delay = 1500;
  const world = new QuotaWorld(aDay(10), { delay: () => delay, fate: () => "arrives" });
  const isolate = world.addIsolate();
  isolate.request();
  await clock.pass(2000);
  expect([world.refused, world.used("2026-11-27")]).toEqual([1, 1]);
  delay = 5;
  await clock.pass(3000);
  expect(world.used("2026-11-27")).toBe(0);
});

test("what a crashed isolate had leased stays counted, and is one lease at most", async () => {
  startClock(noon);
  const world = new QuotaWorld(aDay(100_000), quick);
  const isolate = world.addIsolate();
  await traffic(world, 50, 10_000);
  world.replace(isolate);
  await clock.pass(5000);
  expect(world.unused).toBeGreaterThan(0);
  // A second of its demand, and what was left when it asked.
  expect(world.unused).toBeLessThanOrEqual(50 * 1.5);
});
