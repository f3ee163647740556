/** Limits whose object fails, hangs or is slow: what happens to requests then, for how long, and afterwards. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Limit } from "../../../src/definitions/limit.ts";
import { Limiter, type OnFailure } from "../../../src/invoke/limits/limiter.ts";
import { QuotaLease } from "../../../src/invoke/limits/quota-lease.ts";
import { QuotaLedger } from "../../../src/invoke/limits/quota-ledger.ts";
import { ThrottleLease } from "../../../src/invoke/limits/throttle-lease.ts";
import { ThrottleLedger } from "../../../src/invoke/limits/throttle-ledger.ts";
import { VirtualClock } from "./virtual-clock.ts";

type Network = "works" | "fails" | "hangs" | { delay: number };

let clock: VirtualClock;
let network: Network;
let asks: number;
beforeEach(() => {
  clock = new VirtualClock(Date.UTC(2026, 10, 27, 12));
  // What a limiter says of a limit that it cannot reach.
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  network = "works";
  asks = 0;
});
afterEach(() => clock.restore());

async function travel(): Promise<void> {
  asks++;
  if (network === "fails") throw new Error("out of reach");
  if (network === "hangs") await new Promise(() => undefined);
  await new Promise<void>((resolve) => setTimeout(resolve, typeof network === "object" ? network.delay : 5));
}

function throttle(limit: Limit, onFailure: OnFailure) {
  const ledger = new ThrottleLedger(undefined, () => undefined, Date.now());
  return requests(
    new Limiter(
      new ThrottleLease("lease", limit, 1),
      async (ask) => {
        await travel();
        return ledger.ask(ask, Date.now());
      },
      onFailure,
    ) as Limiter,
  );
}

function quota(limit: number, onFailure: OnFailure = "closed") {
  const ledger = new QuotaLedger({ version: 0, days: new Map() }, () => undefined);
  return requests(
    new Limiter(
      new QuotaLease({ limit, period: "DAY", offset: 0 }, 1),
      async (ask) => {
        await travel();
        return ledger.ask(ask, Date.now());
      },
      onFailure,
    ) as Limiter,
  );
}

/** Lets requests come, and tells what became of them. */
function requests(limiter: Limiter) {
  const outcome = { passed: 0, refused: 0, longest: 0 };
  const send = async () => {
    const began = Date.now();
    const passes = await limiter.admit(() => undefined);
    outcome.longest = Math.max(outcome.longest, Date.now() - began);
    if (passes) outcome.passed++;
    else outcome.refused++;
  };
  /** @param duration milliseconds @returns what became of them, and of those before that were still waiting */
  return async (each: number, duration: number) => {
    Object.assign(outcome, { passed: 0, refused: 0, longest: 0 });
    for (let passed = 0; passed < duration; passed += 1000 / each) {
      send();
      await clock.pass(1000 / each);
    }
    return { ...outcome };
  };
}

describe.each<Network>(["fails", "hangs", { delay: 5000 }])("while the limit's object %s", (how) => {
  test("a throttle of a plan goes on with what it holds, and is closed then", async () => {
    const send = throttle({ rate: 100, burst: 100 }, "closed");
    expect(await send(20, 10_000)).toMatchObject({ refused: 0 });
    network = how;
    expect((await send(20, 500)).passed).toBeGreaterThan(0);
    await send(20, 60_000);
    expect(await send(20, 10_000)).toMatchObject({ passed: 0 });
  });

  test("a throttle of a stage or the account is open", async () => {
    const send = throttle({ rate: 100, burst: 100 }, "open");
    await send(20, 10_000);
    network = how;
    expect(await send(20, 80_000)).toMatchObject({ refused: 0 });
  });

  test("a quota goes on with what it holds, and is closed then", async () => {
    const send = quota(100_000);
    expect(await send(100, 5000)).toMatchObject({ refused: 0 });
    network = how;
    const { passed } = await send(100, 5000);
    expect(passed).toBeGreaterThan(0);
    // A second of its demand, and what was left when it asked.
    expect(passed).toBeLessThanOrEqual(150);
    expect(await send(100, 5000)).toMatchObject({ passed: 0 });
  });

  test("a quota that the operator leaves open is open", async () => {
    network = how;
    expect(await quota(10, "open")(100, 5000)).toMatchObject({ refused: 0 });
  });

  test("no request is held longer than a second where it is closed, a quarter where it is open", async () => {
    network = how;
    expect((await throttle({ rate: 10, burst: 10 }, "closed")(20, 10_000)).longest).toBeLessThanOrEqual(1000);
    expect((await quota(10)(20, 10_000)).longest).toBeLessThanOrEqual(1000);
    expect((await throttle({ rate: 10, burst: 10 }, "open")(20, 10_000)).longest).toBeLessThanOrEqual(250);
  });

  test("it is asked once in a second or two, whatever comes", async () => {
    network = how;
    await throttle({ rate: 10, burst: 10 }, "closed")(100, 10_000);
    expect(asks).toBeLessThanOrEqual(11);
  });

  test("and works again, requests pass within two seconds", async () => {
    const sends = [throttle({ rate: 100, burst: 100 }, "closed"), quota(100_000)];
    for (const send of sends) {
      network = how;
      await send(20, 5000);
      network = "works";
      await send(20, 2000);
      expect(await send(20, 5000)).toMatchObject({ refused: 0 });
    }
  });
});

test("a request that the platform ends takes nobody with it who comes later", async () => {
  for (const send of [throttle({ rate: 100, burst: 100 }, "closed"), quota(100_000)]) {
    network = "hangs";
    await send(20, 100);
    // Its timers go with it.
    const { now } = clock;
    clock.restore();
    clock = new VirtualClock(now + 2000);
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    network = "works";
    await send(20, 2000);
    expect(await send(20, 2000)).toMatchObject({ refused: 0, passed: 40 });
  }
});

test("answers that are slow, but not too slow, are waited for", async () => {
  network = { delay: 900 };
  expect(await throttle({ rate: 100, burst: 100 }, "closed")(1, 3000)).toMatchObject({ refused: 0 });
  expect(await quota(100)(1, 3000)).toMatchObject({ refused: 0 });
});

test("requests that came after the asking wait for two answers at most", async () => {
  network = { delay: 900 };
  const { longest } = await quota(1000)(50, 20_000);
  expect(longest).toBeLessThanOrEqual(1800);
});

test("tokens of an answer that comes too late are not spent", async () => {
  const send = throttle({ rate: 0.1, burst: 5 }, "closed");
  network = { delay: 1500 };
  expect(await send(1, 1000)).toMatchObject({ passed: 0, refused: 1 });
  network = "fails";
  // The answer has come by now.
  await clock.pass(2000);
  expect(await send(1, 1000)).toMatchObject({ passed: 0, refused: 1 });
});

test("a request that an open limit let pass without a token brings none back", async () => {
  network = "fails";
  const lease = new ThrottleLease("lease", { rate: 10, burst: 10 }, 1);
  lease.ask(0, false, Date.now());
  lease.answered(
    {
      ledger: "ledger",
      lease: 1,
      share: { rate: 1, burst: 5 },
      tokens: 0,
      lasts: 10_000,
      renewAfter: 7500,
      askAfter: 0,
      isAwaited: false,
    },
    Date.now(),
  );
  const limiter = new Limiter(lease, travel as () => Promise<never>, "open") as Limiter;
  expect(await limiter.admit(() => undefined)).toBe(true);
  limiter.giveBack();
  expect(lease.take(Date.now())).toBe(false);
});
