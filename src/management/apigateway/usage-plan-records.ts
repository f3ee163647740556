/** Where usage plans are stored, and the records of them that the data plane reads. */
import { accountThrottle } from "../../definitions/account-throttle.ts";
import {
  apiStageKey,
  type PublishedUsagePlan,
  type ThrottleSettings,
  type UsagePlan,
  usagePlanRecordKey,
} from "../../definitions/api-key.ts";
import { compact } from "../openapi/json.ts";
import type { OperationContext } from "../operation.ts";
import { notFound } from "../protocol/service-error.ts";
import { keysOfPlan, plansOfKey, usagePlans } from "./collections.ts";

/** @throws ServiceError NotFoundException */
export function requireUsagePlan(id: string, { store }: OperationContext): UsagePlan {
  const plan = usagePlans(store).get(id);
  if (!plan) throw notFound("Invalid Usage Plan ID specified");
  return plan;
}

/** Stores the plan and lets the data plane see it. */
export function putUsagePlan(plan: UsagePlan, { store, publish }: OperationContext): void {
  usagePlans(store).put(plan.id, plan);
  publish.put(usagePlanRecordKey(plan.id), recordOf(plan));
}

/**
 * Its keys leave it. Their records, of which there may be 10,000, go on naming it until they are next published:
 * the name of a plan that is not there gives nothing.
 */
export function deleteUsagePlan({ id }: UsagePlan, { store, publish }: OperationContext): void {
  for (const key of keysOfPlan(store, id).list()) plansOfKey(store, key.id).delete(id);
  store.deleteTree(`usageplans/${id}`);
  usagePlans(store).delete(id);
  publish.delete(usagePlanRecordKey(id));
}

/** A stage that is deleted, or all stages of an API that is deleted, leave their plans. */
export function leaveUsagePlans(
  apiId: string,
  stageName: string | undefined,
  context: OperationContext,
): void {
  for (const plan of usagePlans(context.store).list()) {
    const apiStages = plan.apiStages.filter(
      (member) => member.apiId !== apiId || (stageName !== undefined && member.stage !== stageName),
    );
    if (apiStages.length < plan.apiStages.length) putUsagePlan({ ...plan, apiStages }, context);
  }
}

function recordOf({ id, name, throttle, quota, apiStages }: UsagePlan): PublishedUsagePlan {
  const stages = apiStages.map((member): [string, PublishedUsagePlan["apiStages"][string]] => [
    apiStageKey(member.apiId, member.stage),
    member.throttle ? { throttle: methodThrottles(member.throttle) } : {},
  ]);
  return compact({
    id,
    version: Date.now(),
    name,
    throttle: throttle && wholeThrottle(throttle),
    quota,
    apiStages: Object.fromEntries(stages),
  } as PublishedUsagePlan);
}

/** The root's methods are under `//GET`, whether they were given as that or as `/GET`. */
const methodThrottles = (throttles: Record<string, ThrottleSettings>) =>
  Object.fromEntries(
    Object.entries(throttles).map(([key, throttle]) => [
      key.lastIndexOf("/") === 0 ? `/${key}` : key,
      wholeThrottle(throttle),
    ]),
  );

/** What a throttle leaves open the account limits. */
const wholeThrottle = ({
  burstLimit = accountThrottle.burstLimit,
  rateLimit = accountThrottle.rateLimit,
}: ThrottleSettings) => ({ burstLimit, rateLimit });
