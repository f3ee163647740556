/**
 * API keys and usage plans: the working copies, in the shapes that the management API sends and takes, and the two
 * records in KV that the data plane reads. A key's value stands in the working copy alone; its record is found by
 * the value's hash. Sources: API Gateway V1 API reference, ApiKey and UsagePlan; the guide's api-gateway-api-usage-plans.
 */
import { createHash } from "node:crypto";

export interface ApiKey {
  /** Ten characters of `a-z0-9`. */
  id: string;
  /** 20 to 128 characters. */
  value: string;
  name?: string;
  description?: string;
  customerId?: string;
  enabled: boolean;
  /** Unix time, seconds. */
  createdDate: number;
  lastUpdatedDate: number;
  /** `{restApiId}/{stageName}`: kept and shown, but without effect since there are usage plans. */
  stageKeys: string[];
  tags?: Record<string, string>;
}

export interface ThrottleSettings {
  /** Requests. */
  burstLimit?: number;
  /** Requests a second. */
  rateLimit?: number;
}

export type QuotaPeriod = "DAY" | "WEEK" | "MONTH";

export interface QuotaSettings {
  /** Requests in a period. */
  limit: number;
  /** The day on which a period begins: 0 for DAY, 0 to 6 in a week, 0 to 27 in a month. */
  offset: number;
  period: QuotaPeriod;
}

export interface ApiStage {
  apiId: string;
  stage: string;
  /** By `{resource path}/{METHOD}`, such as `/pets/GET`, or `//GET` for the root. */
  throttle?: Record<string, ThrottleSettings>;
}

export interface UsagePlan {
  /** Six characters of `a-z0-9`. */
  id: string;
  name: string;
  description?: string;
  apiStages: ApiStage[];
  throttle?: ThrottleSettings;
  quota?: QuotaSettings;
  productCode?: string;
  tags?: Record<string, string>;
}

/** A key, as the data plane reads it: by the hash of the value that a client sends. */
export interface PublishedApiKey {
  id: string;
  enabled: boolean;
  name?: string;
  customerId?: string;
  /** The plans that it is in, ten at most; of those that have one stage there is one. */
  planIds: string[];
}

/** A plan, as the data plane reads it: for the keys that name it. */
export interface PublishedUsagePlan {
  id: string;
  /** Grows with each change: Unix time, milliseconds. */
  version: number;
  name: string;
  throttle?: Required<ThrottleSettings>;
  quota?: QuotaSettings;
  /** By `{apiId}:{stageName}`; each with its methods' own throttles, by `{resource path}/{METHOD}`. */
  apiStages: Record<string, { throttle?: Record<string, Required<ThrottleSettings>> }>;
}

/** @returns 64 hexadecimal digits: SHA-256 of the value */
export const apiKeyHash = (value: string): string => createHash("sha256").update(value).digest("hex");

/** The KV key of a PublishedApiKey. @param hash as `apiKeyHash` gives it */
export const apiKeyRecordKey = (hash: string) => `api-key/${hash}`;

/** The KV key of a PublishedUsagePlan. */
export const usagePlanRecordKey = (planId: string) => `usage-plan/${planId}`;

/** The key of a plan's stage, in `PublishedUsagePlan.apiStages`. */
export const apiStageKey = (apiId: string, stageName: string) => `${apiId}:${stageName}`;
