/**
 * Counters, collected in this isolate and carried to the one object that knows all of them, once a second at most and
 * after the request that counted.
 */
import type { Env } from "../settings.ts";

export type CounterName = keyof typeof counters;

/** What Prometheus is told of each. */
export const counters = {
  sallyport_requests_throttled_total:
    "Requests refused with 429 by a throttle of a plan, a stage or the account.",
  sallyport_requests_over_quota_total: "Requests refused with 429 because the plan's quota was used up.",
  sallyport_requests_key_refused_total: "Requests refused with 403 because of their API key.",
} as const;

/** Milliseconds. */
const carriedEvery = 1000;

/** By `name{labels}`, as Prometheus writes it. */
let pending = new Map<string, number>();
/** Unix time, milliseconds: a request that the platform ends takes what it was to carry with it. */
let carriedUntil = 0;

interface Context {
  env: Env;
  waitUntil(work: Promise<unknown>): void;
}

export function count(name: CounterName, labels: Record<string, string>, { env, waitUntil }: Context): void {
  const series = `${name}{${Object.entries(labels)
    .map(([label, value]) => `${label}="${value.replace(/[\\"\n]/g, "_")}"`)
    .join(",")}}`;
  pending.set(series, (pending.get(series) ?? 0) + 1);
  if (Date.now() < carriedUntil) return;
  carriedUntil = Date.now() + 2 * carriedEvery;
  waitUntil(carry(env));
}

/** What cannot be carried is counted again the next time. */
async function carry(env: Env): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, carriedEvery));
  carriedUntil = 0;
  const carried = pending;
  pending = new Map();
  try {
    await counterObject(env).add(Array.from(carried));
  } catch (error) {
    console.error(`Counters cannot be carried: ${error instanceof Error ? error.message : error}`);
    for (const [series, value] of carried) pending.set(series, (pending.get(series) ?? 0) + value);
  }
}

export const counterObject = (env: Env) => env.COUNTERS.get(env.COUNTERS.idFromName("counters"));
