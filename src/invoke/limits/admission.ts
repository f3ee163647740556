/**
 * Whether a request is within its limits. In this order: the usage plan's for the method, the plan's for the key, the
 * stage's for the method, the account's, then the plan's quota; a request that one refuses takes nothing from the
 * others. Source: the guide's api-gateway-request-throttling, "How throttling limit settings are applied".
 */
import { apiStageKey } from "../../definitions/api-key.ts";
import type { Limit } from "../../definitions/limit.ts";
import type { Method, MethodSetting, Resource } from "../../definitions/rest-api.ts";
import { countRefusedRequest, type RefusingLimit } from "../../observability/refusals.ts";
import type { ApiKeyAccess } from "../access/api-key.ts";
import type { CompiledStage } from "../rest/compiled-api.ts";
import type { RestContext } from "../rest/context.ts";
import { GatewayError } from "../rest/gateway-error.ts";
import type { Limiter } from "./limiter.ts";
import { quotaLimiter, throttleLimiter } from "./limiters.ts";

interface NamedLimit {
  kind: RefusingLimit;
  /** Undefined for a limit that lets nothing pass. */
  limiter: Limiter | undefined;
}

/** @returns the check; it throws GatewayError 429 */
export function compileAdmission(
  resource: Resource,
  { httpMethod }: Method,
): (context: RestContext) => void | Promise<void> {
  const methodKey = `${resource.path}/${httpMethod}`;
  const ofStage = new WeakMap<CompiledStage, NamedLimit[]>();
  const ofKey = new WeakMap<ApiKeyAccess, { stage: CompiledStage; limits: NamedLimit[] }>();

  const stageLimitsOf = (context: RestContext): NamedLimit[] => {
    let limits = ofStage.get(context.stage);
    if (!limits) {
      limits = stageLimits(context, methodKey);
      ofStage.set(context.stage, limits);
    }
    return limits;
  };
  const limitsOf = (context: RestContext): NamedLimit[] => {
    const { stage, apiKey } = context;
    if (!apiKey) return stageLimitsOf(context);
    const known = ofKey.get(apiKey);
    if (known?.stage === stage) return known.limits;
    const limits = [
      ...planThrottles(context, apiKey, methodKey),
      ...stageLimitsOf(context),
      quotaOf(context, apiKey),
    ];
    ofKey.set(apiKey, { stage, limits });
    return limits;
  };
  return (context) => {
    if (context.isMetered) return admit(limitsOf(context), context);
  };
}

function admit(limits: NamedLimit[], context: RestContext): void | Promise<void> {
  for (let index = 0; index < limits.length; index++) {
    const passes = limits[index]?.limiter?.admit(context.waitUntil) ?? false;
    if (passes === true) continue;
    if (passes === false) refuse(limits, index, context);
    return admitLater(passes as Promise<boolean>, limits, index, context);
  }
}

async function admitLater(
  answer: Promise<boolean>,
  limits: NamedLimit[],
  index: number,
  context: RestContext,
): Promise<void> {
  if (!(await answer)) refuse(limits, index, context);
  for (let next = index + 1; next < limits.length; next++) {
    if (!(await limits[next]?.limiter?.admit(context.waitUntil))) refuse(limits, next, context);
  }
}

function refuse(limits: NamedLimit[], index: number, context: RestContext): never {
  for (const { limiter } of limits.slice(0, index)) limiter?.giveBack();
  const { kind } = limits[index] as NamedLimit;
  countRefusedRequest(kind, context);
  throw kind === "quota"
    ? new GatewayError("QUOTA_EXCEEDED", "Limit Exceeded")
    : new GatewayError("THROTTLED", "Too Many Requests");
}

function planThrottles({ env, located }: RestContext, { keyId, plan }: ApiKeyAccess, methodKey: string) {
  const stage = apiStageKey(located.apiId, located.stageName);
  const ofMethods = plan.apiStages[stage]?.throttle ?? {};
  const limits: NamedLimit[] = [];
  const name = `plan/${plan.id}/${keyId}`;
  const add = (kind: RefusingLimit, name: string, limit: { rateLimit: number; burstLimit: number }) => {
    limits.push(
      named(kind, limitOf(limit), (limit) => throttleLimiter(env, name, limit, plan.version, true)),
    );
  };
  if (Object.hasOwn(ofMethods, methodKey)) {
    add(
      "plan_method",
      `${name}/${stage}${methodKey}`,
      ofMethods[methodKey] as { rateLimit: number; burstLimit: number },
    );
  }
  if (plan.throttle) add("plan", name, plan.throttle);
  return limits;
}

const quotaOf = ({ env }: RestContext, { keyId, plan }: ApiKeyAccess): NamedLimit => ({
  kind: "quota",
  limiter: quotaLimiter(env, plan.id, keyId, plan.quota, plan.version),
});

function stageLimits({ env, stage, located, settings }: RestContext, methodKey: string): NamedLimit[] {
  const account = settings.accountThrottle;
  const limits: NamedLimit[] = [];
  const { methodSettings } = stage.stage;
  const setting = settingOf(methodSettings, methodKey);
  // Where the stage allows what the account does, the account's limit says it all.
  if (setting && !(account && isWithin(account, setting))) {
    const name = `stage/${located.apiId}/${located.stageName}${methodKey}`;
    limits.push(
      named("stage_method", setting, (limit) => throttleLimiter(env, name, limit, stage.version, false)),
    );
  }
  if (account) {
    limits.push(named("account", account, (limit) => throttleLimiter(env, "account", limit, 1, false)));
  }
  return limits;
}

/** The method's own settings, or those of all methods; -1 is no limit. */
function settingOf(settings: Record<string, MethodSetting>, methodKey: string): Limit | undefined {
  const slash = methodKey.lastIndexOf("/");
  const resource = methodKey.slice(0, slash).replaceAll("~", "~0").replaceAll("/", "~1");
  const own = resource + methodKey.slice(slash);
  const setting = Object.hasOwn(settings, own) ? settings[own] : settings["*/*"];
  if (!setting || setting.throttlingRateLimit < 0 || setting.throttlingBurstLimit < 0) return undefined;
  return { rate: setting.throttlingRateLimit, burst: setting.throttlingBurstLimit };
}

const isWithin = (inner: Limit, outer: Limit): boolean =>
  inner.rate <= outer.rate && inner.burst <= outer.burst;

const limitOf = ({ rateLimit, burstLimit }: { rateLimit: number; burstLimit: number }): Limit => ({
  rate: rateLimit,
  burst: burstLimit,
});

/** A rate of nothing, and a burst below one request, let nothing pass. */
const named = (kind: RefusingLimit, limit: Limit, make: (limit: Limit) => Limiter): NamedLimit => ({
  kind,
  limiter: limit.rate > 0 && limit.burst >= 1 ? make(limit) : undefined,
});
