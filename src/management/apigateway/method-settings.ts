/**
 * A stage's method settings: throttling, caching, logging and metrics, for a method or for all.
 * Recorded: test_create_update_stages, test_update_stage_remove_wildcard (rest-behaviour, rule 8).
 */

import { accountThrottle } from "../../definitions/account-throttle.ts";
import { allMethods, methodSettingKey } from "../../definitions/method-setting-key.ts";
import type { MethodSetting, Stage } from "../../definitions/rest-api.ts";
import { badRequest, type ServiceError } from "../protocol/service-error.ts";
import { type ApplyChange, flag, type PatchPath, setOwn } from "./patch.ts";

const defaults: MethodSetting = {
  metricsEnabled: false,
  dataTraceEnabled: false,
  throttlingBurstLimit: accountThrottle.burstLimit,
  throttlingRateLimit: accountThrottle.rateLimit,
  cachingEnabled: false,
  cacheTtlInSeconds: 300,
  cacheDataEncrypted: false,
  requireAuthorizationForCacheControl: true,
  unauthorizedCacheControlHeaderStrategy: "SUCCEED_WITH_RESPONSE_HEADER",
};

const keyOf = ([resource = "", method = ""]: string[]) => methodSettingKey(resource, method);

/** A first setting of a method copies what all methods have at that moment, and keeps it. */
function set<Name extends keyof MethodSetting>(
  name: Name,
  parse: (value: string | undefined, path: string) => MethodSetting[Name],
): PatchPath<Stage> {
  const apply: ApplyChange<Stage> = (draft, { params, value, path }) => {
    const key = keyOf(params);
    const setting = Object.hasOwn(draft.methodSettings, key) ? draft.methodSettings[key] : undefined;
    const parsed = parse(value, path);
    setOwn(draft.methodSettings, key, {
      ...(setting ?? draft.methodSettings[allMethods] ?? defaults),
      [name]: parsed,
    });
  };
  return { add: apply, replace: apply };
}

const invalidValue = (value: string | undefined, path: string) =>
  badRequest(`Invalid value ${value ?? null} for the method setting ${path}`);

/** -1 turns a throttle off. */
const number =
  (lowest: number, highest: number, isWhole: boolean) => (value: string | undefined, path: string) => {
    const parsed = /^-?\d{1,12}(?:\.\d{1,9})?$/.test(value ?? "") ? Number(value) : Number.NaN;
    if (!(parsed >= lowest && parsed <= highest) || (isWhole && !Number.isInteger(parsed))) {
      throw invalidValue(value, path);
    }
    return parsed;
  };

/** Seconds. The text is AWS's as its users report it. */
function timeToLive(value: string | undefined): number {
  const parsed = /^\d{1,4}$/.test(value ?? "") ? Number(value) : Number.NaN;
  if (parsed <= longestTimeToLive) return parsed;
  throw badRequest(`Invalid time-to-live setting, must be an integer no greater than ${longestTimeToLive}`);
}

const longestTimeToLive = 3600;

const oneOf =
  <Value extends string>(...values: Value[]) =>
  (value: string | undefined, path: string): Value => {
    const found = values.find((allowed) => allowed === value);
    if (!found) throw invalidValue(value, path);
    return found;
  };

const largestLimit = 2_147_483_647;
const place = "/{resourcePath}/{httpMethod}";

export const methodSettingPaths: Record<string, PatchPath<Stage>> = {
  [`${place}/metrics/enabled`]: set("metricsEnabled", flag),
  [`${place}/logging/dataTrace`]: set("dataTraceEnabled", flag),
  [`${place}/logging/loglevel`]: set("loggingLevel", oneOf("OFF", "ERROR", "INFO")),
  [`${place}/throttling/burstLimit`]: set("throttlingBurstLimit", number(-1, largestLimit, true)),
  [`${place}/throttling/rateLimit`]: set("throttlingRateLimit", number(-1, largestLimit, false)),
  [`${place}/caching/ttlInSeconds`]: set("cacheTtlInSeconds", timeToLive),
  [`${place}/caching/enabled`]: set("cachingEnabled", flag),
  [`${place}/caching/dataEncrypted`]: set("cacheDataEncrypted", flag),
  [`${place}/caching/requireAuthorizationForCacheControl`]: set("requireAuthorizationForCacheControl", flag),
  [`${place}/caching/unauthorizedCacheControlHeaderStrategy`]: set(
    "unauthorizedCacheControlHeaderStrategy",
    oneOf("FAIL_WITH_403", "SUCCEED_WITH_RESPONSE_HEADER", "SUCCEED_WITHOUT_RESPONSE_HEADER"),
  ),
  [place]: {
    remove(draft, { params, path }) {
      const key = keyOf(params);
      if (!Object.hasOwn(draft.methodSettings, key)) throw noMethodSetting(path);
      delete draft.methodSettings[key];
    },
  },
};

/** With a space at its end, as recorded. */
export const noMethodSetting = (path: string): ServiceError =>
  badRequest(
    `Cannot remove method setting ${path.slice(1)} because there is no method setting for this method `,
  );

/** As AWS lists them, missing commas included. Recorded: `error-update-doc-version`. */
export const stagePathList =
  "[/deploymentId, /description, /cacheClusterEnabled, /cacheClusterSize, /clientCertificateId, /accessLogSettings, /accessLogSettings/destinationArn, /accessLogSettings/format, /{resourcePath}/{httpMethod}/metrics/enabled, /{resourcePath}/{httpMethod}/logging/dataTrace, /{resourcePath}/{httpMethod}/logging/loglevel, /{resourcePath}/{httpMethod}/throttling/burstLimit/{resourcePath}/{httpMethod}/throttling/rateLimit/{resourcePath}/{httpMethod}/caching/ttlInSeconds, /{resourcePath}/{httpMethod}/caching/enabled, /{resourcePath}/{httpMethod}/caching/dataEncrypted, /{resourcePath}/{httpMethod}/caching/requireAuthorizationForCacheControl, /{resourcePath}/{httpMethod}/caching/unauthorizedCacheControlHeaderStrategy, /*/*/metrics/enabled, /*/*/logging/dataTrace, /*/*/logging/loglevel, /*/*/throttling/burstLimit /*/*/throttling/rateLimit /*/*/caching/ttlInSeconds, /*/*/caching/enabled, /*/*/caching/dataEncrypted, /*/*/caching/requireAuthorizationForCacheControl, /*/*/caching/unauthorizedCacheControlHeaderStrategy, /variables/{variable_name}, /tracingEnabled]";
