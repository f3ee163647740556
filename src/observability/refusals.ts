/** Requests that keys and limits have refused, counted by API, stage and plan: what `/_sallyport/metrics` shows. */
import type { Env } from "../settings.ts";
import { count } from "./counters.ts";

export type RefusingLimit =
  | "plan_method"
  | "plan"
  | "stage_method"
  | "stage_route"
  | "account"
  | "account_connects"
  | "quota";
export type KeyRefusal = "missing" | "unknown" | "disabled" | "without_plan";

/** A request, a connect or a message. */
export interface RefusedRequest {
  env: Env;
  located: { apiId: string; stageName: string };
  waitUntil: (work: Promise<unknown>) => void;
}

/** @param planId of the key that the request came with */
export function countRefusedRequest(
  limit: RefusingLimit,
  planId: string | undefined,
  request: RefusedRequest,
): void {
  const labels = { ...stageOf(request), plan: planId ?? "" };
  if (limit === "quota") count("sallyport_requests_over_quota_total", labels, request);
  else count("sallyport_requests_throttled_total", { ...labels, limit }, request);
}

export function countRefusedKey(reason: KeyRefusal, request: RefusedRequest): void {
  count("sallyport_requests_key_refused_total", { ...stageOf(request), reason }, request);
}

const stageOf = ({ located: { apiId, stageName } }: RefusedRequest) => ({ api: apiId, stage: stageName });
