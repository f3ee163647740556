/**
 * What a usage plan's own members may be. The texts for quotas and method throttles are AWS's as its users report them;
 * that for the offset of a day is known from Terraform's provider, those for throttles are guesses.
 */
import type { QuotaPeriod, QuotaSettings, ThrottleSettings, UsagePlan } from "../../definitions/api-key.ts";
import { compact } from "../openapi/json.ts";
import { badRequest, limitExceeded } from "../protocol/service-error.ts";

/** A plan whose members have not been checked, such as one that is being patched. */
export type UsagePlanDraft = Omit<UsagePlan, "quota" | "name"> & {
  name?: string | undefined;
  quota?: { [Name in keyof QuotaSettings]?: QuotaSettings[Name] | undefined } | undefined;
};

/** The guide's limits: "Usage plans per account per Region". */
const mostPlans = 300;
/** The guide's limits: "Method-level throttling settings for a stage in a usage plan". */
const mostMethodThrottles = 20;
const largestLimit = 2_147_483_647;
const lastOffset: Record<QuotaPeriod, number> = { DAY: 0, WEEK: 6, MONTH: 27 };
const offsetRule: Record<QuotaPeriod, string> = {
  DAY: "must be zero in the DAY period",
  WEEK: "must be between 0 and 6 inclusive in the WEEK period",
  MONTH: "must be between 0 and 27 inclusive in the MONTH period",
};

/** @throws ServiceError LimitExceededException when an account of `count` plans cannot have one more */
export function checkUsagePlanCount(count: number): void {
  if (count < mostPlans) return;
  throw limitExceeded(`Maximum number of Usage Plans for this account has been reached: ${mostPlans}`);
}

/**
 * Checks everything but whether the stages are there.
 * @throws ServiceError BadRequestException, LimitExceededException
 */
export function usagePlanOf(draft: UsagePlanDraft): UsagePlan {
  if (!draft.name?.trim()) throw badRequest("Usage Plan name cannot be empty");
  checkThrottle(draft.throttle);
  for (const { throttle } of draft.apiStages) {
    if (throttle) checkMethodThrottles(throttle, draft.throttle);
  }
  return compact({ ...draft, quota: draft.quota && quotaOf(draft.quota) } as UsagePlan);
}

function checkThrottle({ burstLimit = 0, rateLimit = 0 }: ThrottleSettings = {}): void {
  if (!(Number.isInteger(burstLimit) && isLimit(burstLimit))) throw outOfRange("throttle burst limit");
  if (!isLimit(rateLimit)) throw outOfRange("throttle rate limit");
}

function checkMethodThrottles(
  throttles: Record<string, ThrottleSettings>,
  throttleOfPlan: ThrottleSettings | undefined,
): void {
  const all = Object.values(throttles);
  if (all.length > 0 && !throttleOfPlan) {
    throw badRequest("Can not define fine grain throttling if usage plan throttle is not defined.");
  }
  if (all.length > mostMethodThrottles) {
    throw limitExceeded(
      `Maximum number of method throttles for an API Stage of a Usage Plan has been reached: ${mostMethodThrottles}`,
    );
  }
  for (const throttle of all) checkThrottle(throttle);
}

function quotaOf({ limit, offset = 0, period }: NonNullable<UsagePlanDraft["quota"]>): QuotaSettings {
  if (limit === undefined || !Number.isInteger(limit) || limit < 1 || limit > largestLimit) {
    throw badRequest("Usage Plan quota limit must be a non-negative numeric");
  }
  if (period === undefined || !Object.hasOwn(lastOffset, period)) {
    throw badRequest("Invalid Usage Plan quota period specified. Must be one of [DAY, WEEK, MONTH]");
  }
  if (!(Number.isInteger(offset) && offset >= 0 && offset <= lastOffset[period])) {
    throw badRequest(`Usage Plan quota offset ${offsetRule[period]}`);
  }
  return { limit, offset, period };
}

const isLimit = (value: number) => value >= 0 && value <= largestLimit;

const outOfRange = (what: string) =>
  badRequest(`Usage Plan ${what} must be between zero and ${largestLimit} inclusive`);
