/** What has been counted of plans and keys, as GetUsage and UpdateUsage need it. Nothing is counted yet. */
import type { UsagePlan } from "../../definitions/api-key.ts";
import type { Env } from "../../settings.ts";
import { ServiceError } from "../protocol/service-error.ts";

/** Requests of a day, and how many the period had left at its end; -1 where the plan has no quota. */
export type DailyUsage = [used: number, remaining: number];

type CountedPlan = Pick<UsagePlan, "id" | "quota">;

/**
 * @param keyIds of the plan, 500 at most
 * @param days `YYYY-MM-DD` in UTC, in order, 90 at most
 * @returns for each key, one entry a day
 */
export async function readUsage(
  _env: Env,
  { quota }: CountedPlan,
  keyIds: string[],
  days: string[],
): Promise<Record<string, DailyUsage[]>> {
  const unused = days.map((): DailyUsage => [0, quota?.limit ?? -1]);
  return Object.fromEntries(keyIds.map((keyId) => [keyId, unused]));
}

/**
 * Sets how many requests the key has left in the plan's current period.
 * @returns the day's usage with it
 */
export async function extendUsage(
  _env: Env,
  _plan: CountedPlan,
  _keyId: string,
  _remaining: number,
): Promise<DailyUsage> {
  throw new ServiceError("NotImplementedException", 501, "Sallyport does not count usage yet.");
}
