/** What has been counted of plans and keys, as GetUsage and UpdateUsage need it: each key's count is an object of its own. */
import type { UsagePlan } from "../../definitions/api-key.ts";
import { quotaName } from "../../definitions/quota-name.ts";
import { dayOf } from "../../definitions/quota-period.ts";
import type { Env } from "../../settings.ts";

/** Requests of a day, and how many the period had left at its end; -1 where the plan has no quota. */
export type DailyUsage = [used: number, remaining: number];

type CountedPlan = Pick<UsagePlan, "id" | "quota">;

/** Objects that are asked at once. */
const askedAtOnce = 50;

/**
 * @param keyIds of the plan, 500 at most
 * @param days `YYYY-MM-DD` in UTC, in order, 90 at most
 * @returns for each key, one entry a day
 */
export async function readUsage(
  env: Env,
  plan: CountedPlan,
  keyIds: string[],
  days: string[],
): Promise<Record<string, DailyUsage[]>> {
  const usage: [keyId: string, days: DailyUsage[]][] = [];
  for (let first = 0; first < keyIds.length; first += askedAtOnce) {
    const some = keyIds.slice(first, first + askedAtOnce);
    usage.push(...(await Promise.all(some.map((keyId) => usageOf(env, plan, keyId, days)))));
  }
  return Object.fromEntries(usage);
}

/**
 * Sets how many requests the key has left in the plan's current period.
 * @returns the day's usage with it
 */
export async function extendUsage(
  env: Env,
  plan: Required<CountedPlan>,
  keyId: string,
  remaining: number,
): Promise<DailyUsage> {
  await countOf(env, plan, keyId).extend(remaining, plan.quota);
  const [, [today]] = await usageOf(env, plan, keyId, [dayOf(Date.now())]);
  return today as DailyUsage;
}

async function usageOf(
  env: Env,
  plan: CountedPlan,
  keyId: string,
  days: string[],
): Promise<[keyId: string, days: DailyUsage[]]> {
  const counted = await countOf(env, plan, keyId).usage(days, plan.quota);
  return [keyId, counted.map(({ used, remaining = -1 }): DailyUsage => [used, remaining])];
}

const countOf = (env: Env, plan: CountedPlan, keyId: string) =>
  env.QUOTA.get(env.QUOTA.idFromName(quotaName(plan.id, keyId)));
