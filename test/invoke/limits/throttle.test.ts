/**
 * Leased token buckets: never more than the limit, whatever happens, and nearly all of it when it is wanted.
 * Everything but the world (network, clocks, restarts) is what runs in the gateway.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { overload, randomOf } from "../../../scripts/limits/overload.ts";
import { VirtualThrottle } from "../../../scripts/limits/virtual-throttle.ts";
import { VirtualTime } from "../../../scripts/limits/virtual-time.ts";
import type { Limit } from "../../../src/definitions/limit.ts";
import { ThrottleLease } from "../../../src/invoke/limits/throttle-lease.ts";
import { type Ask, type Mark, ThrottleLedger } from "../../../src/invoke/limits/throttle-ledger.ts";

/** Tokens: times are fractions of milliseconds since 1970, which a number holds to a quarter of a microsecond. */
const tolerance = 1e-2;

const limits = fc.record({
  rate: fc.oneof(
    fc.double({ min: 0.1, max: 20, noNaN: true }),
    fc.integer({ min: 1, max: 2000 }),
    fc.constant(0),
  ),
  burst: fc.oneof(
    fc.integer({ min: 0, max: 5 }),
    fc.double({ min: 0, max: 30, noNaN: true }),
    fc.integer({ min: 1, max: 1000 }),
  ),
});

/**
 * A hostile world: all isolates get their bursts at once, as soon as the bucket may be full again or a lease may have
 * ended; in between some are busy, some quiet; messages are slow, overtake one another and are lost.
 */
const worlds = fc.record({
  seed: fc.nat(),
  isolates: fc.integer({ min: 1, max: 12 }),
  /** Requests a second between the bursts, as a multiple of the rate. */
  demand: fc.double({ min: 0.02, max: 5, noNaN: true }),
  /** Milliseconds between bursts: the first as long as the bucket fills, and some more. */
  pause: fc.constantFrom(0, 20, 300, 1100, 3000),
  /** Milliseconds of a message, usually and at most. */
  delay: fc.constantFrom(0, 20, 200),
  longest: fc.constantFrom(0, 300, 3000),
  lost: fc.constantFrom(0, 0.02, 0.2),
  /** Milliseconds between restarts of the ledger, and of some isolate, on average. */
  restarts: fc.constantFrom(Number.POSITIVE_INFINITY, 20_000, 3000),
  /** The part of the requests that another limit refuses. */
  refused: fc.constantFrom(0, 0.3, 0.9),
});

test("no span of time sees more than its burst and its rate, whatever is delayed, lost, skewed or restarted", () => {
  fc.assert(
    fc.property(limits, worlds, (limit, world) => {
      const { rate, burst } = limit;
      const random = randomOf(world.seed);
      const about = (mean: number) => -Math.log(1 - random()) * mean;
      const time = new VirtualTime();
      const throttle = new VirtualThrottle(limit, time, {
        delay: () => (random() < 0.9 ? random() * world.delay : random() * world.longest),
        isLost: () => random() < world.lost,
        skew: () => (random() * 2 - 1) * 1000,
      });
      const again = (next: () => number, act: () => void) => {
        const after = next();
        if (after === Number.POSITIVE_INFINITY) return;
        time.after(after, () => {
          act();
          again(next, act);
        });
      };
      const isolates = Array.from({ length: world.isolates }, () => throttle.addIsolate());
      const some = () => Math.floor(random() * isolates.length);
      const request = () => isolates[some()]?.request(random() < world.refused);
      again(() => about(Math.max(2, 1000 / Math.max(0.2, rate * world.demand))), request);
      again(
        () => Math.min(8000, (burst / Math.max(0.01, rate)) * 1000 * random() * 1.2) + about(world.pause + 1),
        () => {
          for (let count = 0; count < Math.min(300, burst * 2); count++) request();
        },
      );
      again(
        () => about(world.restarts),
        () => {
          isolates[some()] = throttle.addIsolate();
        },
      );
      again(
        () => about(world.restarts),
        () => throttle.restart(),
      );
      time.runUntil(40_000);
      expect(throttle.excess).toBeLessThanOrEqual(tolerance);
    }),
    { numRuns: 300 },
  );
});

describe("a steady demand above the limit gets nearly all of it", () => {
  test.each([
    { rate: 10, burst: 10, isolates: 1, each: 40 },
    { rate: 10, burst: 5, isolates: 10, each: 40 },
    { rate: 10, burst: 20, isolates: 1000, each: 1 },
    { rate: 100, burst: 100, isolates: 30, each: 40 },
    { rate: 1000, burst: 500, isolates: 1, each: 2000 },
    { rate: 1000, burst: 500, isolates: 30, each: 100 },
    { rate: 1000, burst: 1000, isolates: 1000, each: 10 },
  ])("$rate/s, burst $burst, $isolates isolates: 95 % and more", (scenario) => {
    const { used, excess } = overload({ ...scenario, roundTrip: 100, seconds: 60 });
    expect(used).toBeGreaterThanOrEqual(0.95);
    expect(excess).toBeLessThanOrEqual(tolerance);
  });

  test.each([
    { rate: 1, burst: 1, isolates: 10, each: 4 },
    { rate: 1, burst: 5, isolates: 1, each: 4 },
    { rate: 0.5, burst: 5, isolates: 4, each: 1 },
    { rate: 5, burst: 1, isolates: 10, each: 40 },
    { rate: 5, burst: 5, isolates: 10, each: 4 },
  ])("$rate/s, burst $burst, $isolates isolates: 80 % and more", (scenario) => {
    const { used, excess } = overload({ ...scenario, roundTrip: 50, seconds: 600 });
    expect(used).toBeGreaterThanOrEqual(0.8);
    expect(excess).toBeLessThanOrEqual(tolerance);
  });
});

describe("a demand below the limit is never refused", () => {
  test.each([
    { rate: 1000, burst: 1000, isolates: 10, each: 20 },
    { rate: 10_000, burst: 5000, isolates: 1, each: 2000 },
    { rate: 10_000, burst: 5000, isolates: 300, each: 10 },
    { rate: 10_000, burst: 5000, isolates: 300, each: 0.05 },
  ])("$rate/s, burst $burst, $isolates isolates with $each/s each", (scenario) => {
    const { refused } = overload({ ...scenario, roundTrip: 100, seconds: 60 });
    expect(refused).toBe(0);
  });
});

describe("a demand of six tenths of the limit is hardly refused where each isolate has little of it", () => {
  test.each([
    { rate: 1000, burst: 1000, isolates: 300, each: 2 },
    { rate: 1000, burst: 1000, isolates: 100, each: 6 },
    { rate: 1000, burst: 1000, isolates: 1000, each: 0.6 },
    { rate: 10_000, burst: 5000, isolates: 1000, each: 6 },
    { rate: 100, burst: 100, isolates: 30, each: 2 },
  ])("$rate/s, burst $burst, $isolates isolates with $each/s each", (scenario) => {
    const { requests, admitted } = overload({ ...scenario, roundTrip: 100, seconds: 60 });
    expect(admitted / requests).toBeGreaterThanOrEqual(0.95);
  });
});

describe("a limit of one a second with a burst of one is what a person expects", () => {
  const person = () => {
    const time = new VirtualTime();
    const throttle = new VirtualThrottle({ rate: 1, burst: 1 }, time, {
      delay: () => 5,
      isLost: () => false,
      skew: () => 0,
    });
    const isolates = [throttle.addIsolate(), throttle.addIsolate(), throttle.addIsolate()];
    /** Whether a request at that moment, wherever it lands, is admitted. @param at milliseconds */
    const request = (at: number, isolate: number) => {
      time.runUntil(at);
      const before = throttle.admitted;
      isolates[isolate]?.request();
      time.runUntil(at + 30);
      return throttle.admitted > before;
    };
    return request;
  };

  test("the first passes, one soon afterwards does not, the next second's does", () => {
    const request = person();
    expect([request(0, 0), request(300, 0), request(600, 1), request(1050, 0)]).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });

  test("one every 1.1 seconds passes, on whichever isolate it lands", () => {
    const request = person();
    const answers = Array.from({ length: 60 }, (_, index) => request(index * 1100, index % 3));
    expect(answers.every(Boolean)).toBe(true);
  });
});

test("a burst on one isolate is admitted at once, as far as it goes", () => {
  const time = new VirtualTime();
  const throttle = new VirtualThrottle({ rate: 1, burst: 100 }, time, {
    delay: () => 5,
    isLost: () => false,
    skew: () => 0,
  });
  const isolate = throttle.addIsolate();
  for (let count = 0; count < 150; count++) isolate.request();
  time.runUntil(200);
  expect(throttle.admitted).toBe(100);
});

test("a limiter that cannot be reached gives an isolate no more than it has", () => {
  const time = new VirtualTime();
  let isCut = false;
  const throttle = new VirtualThrottle({ rate: 100, burst: 100 }, time, {
    delay: () => 5,
    isLost: () => isCut,
    skew: () => 0,
  });
  const isolate = throttle.addIsolate();
  const request = () => {
    isolate.request();
    time.after(20, request);
  };
  request();
  time.runUntil(10_000);
  isCut = true;
  time.runUntil(80_000);
  const before = throttle.admitted;
  time.runUntil(120_000);
  expect(throttle.admitted).toBe(before);
});

describe("another limit counts from the next request on", () => {
  /** A second after the change, over ten. @param each requests a second */
  const admittedAfter = (before: Limit, after: Limit, each: number) => {
    const time = new VirtualTime();
    const throttle = new VirtualThrottle(before, time, {
      delay: () => 5,
      isLost: () => false,
      skew: () => 0,
    });
    const isolates = [throttle.addIsolate(), throttle.addIsolate()];
    const request = () => {
      for (const isolate of isolates) isolate.request();
      time.after(1000 / each, request);
    };
    request();
    time.runUntil(20_000);
    throttle.change(after);
    time.runUntil(21_000);
    const { admitted } = throttle;
    time.runUntil(31_000);
    return throttle.admitted - admitted;
  };

  test("when it is smaller", () => {
    const admitted = admittedAfter({ rate: 1000, burst: 1000 }, { rate: 1, burst: 1 }, 10);
    expect(admitted).toBeGreaterThanOrEqual(8);
    expect(admitted).toBeLessThanOrEqual(11);
  });

  test("when it is larger", () => {
    expect(admittedAfter({ rate: 0.1, burst: 1 }, { rate: 1000, burst: 1000 }, 10)).toBe(200);
  });
});

test("a restart of everything holds a busy limit back for seconds, though its first lease was a long one", () => {
  const time = new VirtualTime();
  const throttle = new VirtualThrottle({ rate: 100, burst: 150 }, time, {
    delay: () => 5,
    isLost: () => false,
    skew: () => 0,
  });
  let isolate = throttle.addIsolate();
  const request = () => {
    isolate.request();
    time.after(3, request);
  };
  request();
  time.runUntil(8000);
  throttle.restart();
  isolate = throttle.addIsolate();
  time.runUntil(14_000);
  const { admitted } = throttle;
  time.runUntil(24_000);
  expect(throttle.admitted - admitted).toBeGreaterThanOrEqual(950);
  expect(throttle.excess).toBeLessThanOrEqual(tolerance);
});

test.each([1, 3])(
  "a ledger that ends between any two renewals holds nothing back from %i isolates with little to do",
  (isolates) => {
    const time = new VirtualTime();
    const throttle = new VirtualThrottle({ rate: 10_000, burst: 5000 }, time, {
      delay: () => 5,
      isLost: () => false,
      skew: () => 0,
    });
    for (let number = 0; number < isolates; number++) {
      const isolate = throttle.addIsolate();
      const request = () => {
        isolate.request();
        time.after(50, request);
      };
      request();
    }
    const restart = () => {
      throttle.restart();
      time.after(11_000, restart);
    };
    time.after(11_000, restart);
    time.runUntil(600_000);
    expect(throttle.refused).toBe(0);
    expect(throttle.excess).toBeLessThanOrEqual(tolerance);
  },
);

describe("tokens on their way", () => {
  const limit = { rate: 100, burst: 10 };

  test("do not add to what has run in meanwhile, beyond what the part may hold", () => {
    const lease = new ThrottleLease("isolate", limit, 1);
    const grant = {
      ledger: "ledger",
      lease: 1,
      lasts: 10_000,
      renewAfter: 7500,
      askAfter: 0,
      isAwaited: true,
    };
    lease.ask(1, false, 0);
    lease.answered({ ...grant, share: { rate: 100, burst: 2 }, tokens: 0 }, 0);
    lease.ask(1, false, 1);
    // While the answer takes 100 ms, the bucket of two fills.
    lease.answered({ ...grant, share: { rate: 0, burst: 4.5 }, tokens: 4 }, 101);
    let taken = 0;
    while (lease.take(101)) taken++;
    expect(taken + lease.ask(0, false, 101).returned).toBeLessThanOrEqual(4.5);
  });

  test("come back with their own lease or not at all", () => {
    let now = 1_000_000;
    const ledger = new ThrottleLedger(undefined, () => undefined, now);
    const ask = (sequence: number, more: Partial<Ask>) =>
      ledger.ask(
        {
          limit: { rate: 0.001, burst: 10 },
          version: 1,
          lessee: "isolate",
          sequence,
          ledger: "",
          lease: 0,
          held: { rate: 0, burst: 0 },
          lasts: 0,
          tokens: 0,
          returned: 0,
          waiting: 0,
          demand: 0,
          isLeaving: false,
          ...more,
        },
        now,
      );
    const first = ask(1, { waiting: 5 });
    expect(first.tokens).toBe(5);
    now += 60_000;
    // The first lease has ended, and its burst is filled by others' tokens; a late ask begins another.
    const second = ask(2, { waiting: 3 });
    ask(3, { lease: first.lease, returned: 5 });
    const rest = ask(4, { lessee: "other", waiting: 100 } as Partial<Ask>).tokens;
    expect(second.tokens + rest).toBeLessThanOrEqual(5);
  });
});

describe("an isolate that ends and says so", () => {
  const limit = { rate: 0.001, burst: 20 };

  test("leaves what it has not spent to the one that comes after it, also over a restart of the ledger", () => {
    const now = 1_000_000;
    let mark: Mark | undefined;
    const ledger = () => new ThrottleLedger(mark, (saved) => (mark = saved), now);
    const first = ledger();
    const lease = new ThrottleLease("first", limit, 1);
    lease.answered(first.ask(lease.ask(10, false, now), now), now);
    for (let count = 0; count < 5; count++) expect(lease.take(now)).toBe(true);
    lease.answered(first.ask(lease.ask(0, true, now), now), now);
    expect(lease.take(now)).toBe(false);
    const next = new ThrottleLease("next", limit, 1);
    const grant = ledger().ask(next.ask(100, false, now), now);
    expect(Math.floor(grant.tokens)).toBe(15);
  });

  test("leaves nothing of what others hold", () => {
    const now = 1_000_000;
    let mark: Mark | undefined;
    const ledger = new ThrottleLedger(undefined, (saved) => (mark = saved), now);
    const [one, other] = [new ThrottleLease("one", limit, 1), new ThrottleLease("other", limit, 1)];
    ledger.ask(one.ask(8, false, now), now);
    other.answered(ledger.ask(other.ask(8, false, now), now), now);
    ledger.ask(other.ask(0, true, now), now);
    const next = new ThrottleLease("next", limit, 1);
    const { tokens } = new ThrottleLedger(mark, () => undefined, now).ask(next.ask(100, false, now), now);
    expect(tokens).toBeLessThanOrEqual(12);
  });
});

describe("a ledger that begins anew", () => {
  const limit = { rate: 0.001, burst: 20 };
  const now = 1_000_000;

  /** A lessee that holds ten tokens of a ledger that is no more, and the ledger that comes after it. */
  const begun = () => {
    let mark: Mark | undefined;
    const before = new ThrottleLedger(undefined, (saved) => (mark = saved), now);
    const lease = new ThrottleLease("isolate", limit, 1);
    lease.answered(before.ask(lease.ask(10, false, now), now), now);
    return { lease, ledger: new ThrottleLedger(mark, () => undefined, now) };
  };
  const tokensOf = (ledger: ThrottleLedger) =>
    ledger.ask(new ThrottleLease("other", limit, 1).ask(100, false, now), now).tokens;

  test("does not believe an ask of before, which may be an old one", () => {
    const { lease, ledger } = begun();
    const old = lease.ask(0, false, now);
    expect(ledger.ask(old, now)).toMatchObject({ share: old.held, tokens: 0, askAfter: 0 });
    // Nothing has come free by it, nor by another one of before that says less.
    ledger.ask({ ...old, sequence: old.sequence + 1, held: { rate: 0, burst: 1 }, returned: 9 }, now);
    expect(tokensOf(ledger)).toBe(0);
  });

  test("believes who has heard of it: what that one gives back is there for others", () => {
    const { lease, ledger } = begun();
    lease.answered(ledger.ask(lease.ask(0, false, now), now), now);
    expect(lease.take(now)).toBe(true);
    lease.answered(ledger.ask(lease.ask(0, false, now), now), now);
    lease.answered(ledger.ask(lease.ask(0, true, now), now), now);
    expect(tokensOf(ledger)).toBe(9);
  });
});
