/**
 * Limits that a request meets one after the other: a request that one refuses takes nothing from the others,
 * unless it had to wait for that answer: what was taken before may have filled up meanwhile, and is not put back.
 */
import type { Limit } from "../../definitions/limit.ts";
import {
  countRefusedRequest,
  type RefusedRequest,
  type RefusingLimit,
} from "../../observability/refusals.ts";
import { type Env, type Settings, settingsOf } from "../../settings.ts";
import type { ApiKeyAccess } from "../access/api-key.ts";
import { GatewayError } from "../rest/gateway-error.ts";
import type { Limiter } from "./limiter.ts";
import { quotaLimiter, throttleLimiter } from "./limiters.ts";

export interface NamedLimit {
  kind: RefusingLimit;
  /** Undefined for a limit that lets nothing pass. */
  limiter: Limiter | undefined;
}

/** @param planId of the request's key @throws GatewayError 429 */
export function admit(
  limits: NamedLimit[],
  planId: string | undefined,
  request: RefusedRequest,
): void | Promise<void> {
  for (let index = 0; index < limits.length; index++) {
    const passes = limits[index]?.limiter?.admit(request.waitUntil) ?? false;
    if (passes === true) continue;
    if (passes === false) {
      for (let passed = 0; passed < index; passed++) limits[passed]?.limiter?.giveBack();
      refuse(limits, index, planId, request);
    }
    return admitLater(passes as Promise<boolean>, limits, index, planId, request);
  }
}

async function admitLater(
  answer: Promise<boolean>,
  limits: NamedLimit[],
  index: number,
  planId: string | undefined,
  request: RefusedRequest,
): Promise<void> {
  if (!(await answer)) refuse(limits, index, planId, request);
  for (let next = index + 1; next < limits.length; next++) {
    if (!(await limits[next]?.limiter?.admit(request.waitUntil))) refuse(limits, next, planId, request);
  }
}

function refuse(
  limits: NamedLimit[],
  index: number,
  planId: string | undefined,
  request: RefusedRequest,
): never {
  const { kind } = limits[index] as NamedLimit;
  countRefusedRequest(kind, planId, request);
  throw kind === "quota"
    ? new GatewayError("QUOTA_EXCEEDED", "Limit Exceeded")
    : new GatewayError("THROTTLED", "Too Many Requests");
}

/** A rate of nothing, and a burst below one request, let nothing pass. */
export const named = (kind: RefusingLimit, limit: Limit, make: (limit: Limit) => Limiter): NamedLimit => ({
  kind,
  limiter: limit.rate > 0 && limit.burst >= 1 ? make(limit) : undefined,
});

/**
 * Puts limits together once for a stage, and once for a key on it.
 * @param ofStage the stage's and the account's limits @param ofPlan the throttles of the key's plan
 * @returns the limits that a request meets, in their order
 */
export function limitsByStage<Request extends { env: Env; stage: object }>(
  ofStage: (request: Request) => NamedLimit[],
  ofPlan: (request: Request, access: ApiKeyAccess) => NamedLimit[],
): (request: Request, access: ApiKeyAccess | undefined) => NamedLimit[] {
  const stages = new WeakMap<object, NamedLimit[]>();
  const keys = new WeakMap<ApiKeyAccess, { stage: object; limits: NamedLimit[] }>();
  const stageLimits = (request: Request): NamedLimit[] => {
    let limits = stages.get(request.stage);
    if (!limits) {
      limits = ofStage(request);
      stages.set(request.stage, limits);
    }
    return limits;
  };
  return (request, access) => {
    if (!access) return stageLimits(request);
    const { env, stage } = request;
    const known = keys.get(access);
    if (known?.stage === stage) return known.limits;
    const limits = [...ofPlan(request, access), ...stageLimits(request), quotaOf(env, access)];
    keys.set(access, { stage, limits });
    return limits;
  };
}

/** Of the plan, for its key; none when the plan has none. */
export function planThrottle(env: Env, { keyId, plan }: Pick<ApiKeyAccess, "keyId" | "plan">): NamedLimit[] {
  if (!plan.throttle) return [];
  const { rateLimit: rate, burstLimit: burst } = plan.throttle;
  const name = `plan/${plan.id}/${keyId}`;
  return [named("plan", { rate, burst }, (limit) => throttleLimiter(env, name, limit, plan.version, true))];
}

const quotaOf = (env: Env, { keyId, plan }: Pick<ApiKeyAccess, "keyId" | "plan">): NamedLimit => ({
  kind: "quota",
  limiter: quotaLimiter(env, plan.id, keyId, plan.quota, plan.version),
});

/** @param setting undefined for no limit. Where the stage allows what the account does, the account's says it all */
export function stageThrottle(
  kind: RefusingLimit,
  name: string,
  setting: Limit | undefined,
  version: number,
  env: Env,
): NamedLimit[] {
  const account = settingsOf(env).accountThrottle;
  if (!setting || (account && isWithin(account, setting))) return [];
  return [named(kind, setting, (limit) => throttleLimiter(env, name, limit, version, false))];
}

const isWithin = (inner: Limit, outer: Limit): boolean =>
  inner.rate <= outer.rate && inner.burst <= outer.burst;

/** Of all APIs together. */
export const accountThrottle = (env: Env, { accountThrottle }: Pick<Settings, "accountThrottle">) =>
  accountThrottle
    ? [named("account", accountThrottle, (limit) => throttleLimiter(env, "account", limit, 1, false))]
    : [];

/** Of all WebSocket APIs together. */
export const connectThrottle = (env: Env, { accountConnects }: Pick<Settings, "accountConnects">) =>
  accountConnects
    ? [
        named("account_connects", accountConnects, (limit) =>
          throttleLimiter(env, "account/connects", limit, 1, false),
        ),
      ]
    : [];
