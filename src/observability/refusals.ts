/** Requests that keys and limits have refused, counted by API, stage and plan: what `/_sallyport/metrics` shows. */
import type { RestContext } from "../invoke/rest/context.ts";
import { count } from "./counters.ts";

export type RefusingLimit = "plan_method" | "plan" | "stage_method" | "account" | "quota";
export type KeyRefusal = "missing" | "unknown" | "disabled" | "without_plan";

export function countRefusedRequest(limit: RefusingLimit, context: RestContext): void {
  const labels = { ...stageOf(context), plan: context.apiKey?.plan.id ?? "" };
  if (limit === "quota") count("sallyport_requests_over_quota_total", labels, context);
  else count("sallyport_requests_throttled_total", { ...labels, limit }, context);
}

export function countRefusedKey(reason: KeyRefusal, context: RestContext): void {
  count("sallyport_requests_key_refused_total", { ...stageOf(context), reason }, context);
}

const stageOf = ({ located: { apiId, stageName } }: RestContext) => ({ api: apiId, stage: stageName });
