import { expect, test } from "vitest";
import { quotaLimiter, throttleLimiter } from "../../../src/invoke/limits/limiters.ts";
import type { ThrottleLease } from "../../../src/invoke/limits/throttle-lease.ts";
import type { Env } from "../../../src/settings.ts";

/** Objects that are out of reach. */
const unreachable = {
  idFromName: () => "id",
  get: () => ({ ask: () => Promise.reject(new Error("out of reach")) }),
};
const envOf = (settings: Partial<Env> = {}) =>
  ({ THROTTLE: unreachable, QUOTA: unreachable, ...settings }) as unknown as Env;
const limit = { rate: 10, burst: 10 };
const name = () => `limit-${crypto.randomUUID()}`;

test.each([
  [undefined, { plan: false, quota: false, stage: true }],
  ["open", { plan: true, quota: true, stage: true }],
  ["closed", { plan: false, quota: false, stage: false }],
] as const)("out of reach, with LIMITS_ON_FAILURE %s", async (LIMITS_ON_FAILURE, expected) => {
  const env = envOf({ LIMITS_ON_FAILURE });
  const quota = { limit: 10, period: "DAY", offset: 0 } as const;
  const limiters = {
    plan: throttleLimiter(env, name(), limit, 1, true),
    quota: quotaLimiter(env, name(), "key", quota, 1),
    stage: throttleLimiter(env, name(), limit, 1, false),
  };
  for (const [kind, limiter] of Object.entries(limiters)) {
    expect(await limiter.admit(() => undefined)).toBe(expected[kind as keyof typeof expected]);
  }
});

test("a limiter is one for its name, and learns of a newer limit", () => {
  const env = envOf();
  const first = throttleLimiter(env, "one", limit, 2, true);
  expect(throttleLimiter(env, "one", { rate: 5, burst: 5 }, 3, true)).toBe(first);
  const lease = first.lease as unknown as ThrottleLease;
  expect(lease.limit.rate).toBe(5);
  throttleLimiter(env, "one", limit, 2, true);
  expect(lease.limit.rate).toBe(5);
});

test("one that was forgotten and the next of its name are two to the ledger", () => {
  const env = envOf();
  const first = throttleLimiter(env, "forgotten", limit, 1, true);
  for (let count = 0; count < 20_000; count++) throttleLimiter(env, `other-${count}`, limit, 1, true);
  const second = throttleLimiter(env, "forgotten", limit, 1, true);
  expect(second).not.toBe(first);
  const lesseeOf = ({ lease }: typeof first) =>
    (lease as unknown as ThrottleLease).ask(0, false, Date.now()).lessee;
  expect(lesseeOf(second)).not.toBe(lesseeOf(first));
});
