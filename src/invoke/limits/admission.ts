/**
 * Whether a request is within its limits. In this order: the usage plan's for the method, the plan's for the key, the
 * stage's for the method, the account's, then the plan's quota; a request that one refuses takes nothing from the
 * others. Source: the guide's api-gateway-request-throttling, "How throttling limit settings are applied".
 */
import { apiStageKey, type ThrottleSettings } from "../../definitions/api-key.ts";
import type { Limit } from "../../definitions/limit.ts";
import { allMethods, methodSettingKey } from "../../definitions/method-setting-key.ts";
import type { Method, MethodSetting, Resource } from "../../definitions/rest-api.ts";
import type { ApiKeyAccess } from "../access/api-key.ts";
import type { RestContext } from "../rest/context.ts";
import { throttleLimiter } from "./limiters.ts";
import {
  accountThrottle,
  admit,
  limitsByStage,
  type NamedLimit,
  named,
  planThrottle,
  stageThrottle,
} from "./named-limit.ts";

/** @returns the check; it throws GatewayError 429 */
export function compileAdmission(
  resource: Resource,
  { httpMethod }: Method,
): (context: RestContext) => void | Promise<void> {
  const methodKey = `${resource.path}/${httpMethod}`;
  const settingKey = methodSettingKey(resource.path, httpMethod);
  const limitsOf = limitsByStage(
    (context: RestContext) => stageLimits(context, methodKey, settingKey),
    (context, access) => planThrottles(context, access, methodKey),
  );
  return (context) => {
    if (context.isMetered) return admit(limitsOf(context, context.apiKey), context.apiKey?.plan.id, context);
  };
}

function planThrottles({ env, located }: RestContext, { keyId, plan }: ApiKeyAccess, methodKey: string) {
  const stage = apiStageKey(located.apiId, located.stageName);
  const ofMethods = plan.apiStages[stage]?.throttle ?? {};
  const limits = planThrottle(env, { keyId, plan });
  if (!Object.hasOwn(ofMethods, methodKey)) return limits;
  const { rateLimit, burstLimit } = ofMethods[methodKey] as Required<ThrottleSettings>;
  const name = `plan/${plan.id}/${keyId}/${stage}${methodKey}`;
  const limit = { rate: rateLimit, burst: burstLimit };
  return [
    named("plan_method", limit, (limit) => throttleLimiter(env, name, limit, plan.version, true)),
    ...limits,
  ];
}

function stageLimits(
  { env, stage, located, settings }: RestContext,
  methodKey: string,
  settingKey: string,
): NamedLimit[] {
  const name = `stage/${located.apiId}/${located.stageName}${methodKey}`;
  const setting = settingOf(stage.stage.methodSettings, settingKey);
  return [
    ...stageThrottle("stage_method", name, setting, stage.version, env),
    ...accountThrottle(env, settings),
  ];
}

/** The method's own settings, or those of all methods; -1 is no limit. */
function settingOf(settings: Record<string, MethodSetting>, key: string): Limit | undefined {
  const setting = Object.hasOwn(settings, key) ? settings[key] : settings[allMethods];
  if (!setting || setting.throttlingRateLimit < 0 || setting.throttlingBurstLimit < 0) return undefined;
  return { rate: setting.throttlingRateLimit, burst: setting.throttlingBurstLimit };
}
