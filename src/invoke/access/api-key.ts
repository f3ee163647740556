/**
 * API keys: whether a client's key is in a usage plan of the stage. Sources: the guide's api-gateway-api-key-source,
 * api-gateway-api-usage-plans; api-gateway-setup-api-key-with-console.
 */
import { apiStageKey, type PublishedUsagePlan } from "../../definitions/api-key.ts";
import type { RestApi } from "../../definitions/rest-api.ts";
import { countRefusedKey, type KeyRefusal, type RefusedRequest } from "../../observability/refusals.ts";
import type { RestContext } from "../rest/context.ts";
import { GatewayError } from "../rest/gateway-error.ts";
import { type KnownKey, keyOf } from "./key-cache.ts";

/** A key that gives access, by the plan that it does so. */
export interface ApiKeyAccess {
  keyId: string;
  value: string;
  plan: PublishedUsagePlan;
}

/** Characters of a key's value (V1 API reference, CreateApiKey); what is longer or shorter is not looked for. */
const length = { least: 20, most: 128 };

/**
 * @param source HEADER: `x-api-key`; AUTHORIZER: what the method's authorizer gave, which has run before
 * @returns the check; it sets `context.apiKey`, and throws GatewayError 403 for a key that is missing, unknown, disabled,
 *   or in no plan of the stage
 */
export function compileApiKey(
  source: RestApi["apiKeySource"],
): (context: RestContext) => void | Promise<void> {
  const keyIn =
    source === "AUTHORIZER"
      ? ({ authorizer }: RestContext) => authorizer?.usageIdentifierKey
      : ({ request }: RestContext) => request.headers.get("x-api-key");
  return (context) => {
    const access = requireApiKey(keyIn(context), context);
    if (access instanceof Promise) {
      return access.then((found) => {
        context.apiKey = found;
      });
    }
    context.apiKey = access;
  };
}

/**
 * @param value that the client sent, or its authorizer gave
 * @returns the key, at once when it is known
 * @throws GatewayError 403 for a key that is missing, unknown, disabled, or in no plan of the stage
 */
export function requireApiKey(
  value: string | null | undefined,
  request: RefusedRequest,
): ApiKeyAccess | Promise<ApiKeyAccess> {
  if (!value) refuse("missing", request);
  if (value.length < length.least || value.length > length.most) refuse("unknown", request);
  const key = keyOf(request.env, value, request.waitUntil);
  if (key instanceof Promise) return key.then((found) => use(found, value, request));
  return use(key, value, request);
}

function use(key: KnownKey | undefined, value: string, request: RefusedRequest): ApiKeyAccess {
  if (!key) refuse("unknown", request);
  if (!key.enabled) refuse("disabled", request);
  const { apiId, stageName } = request.located;
  return accessOf(key, value, apiStageKey(apiId, stageName)) ?? refuse("without_plan", request);
}

/** Of keys as they were read, by stage: what is known of a limit is kept with it. */
const accesses = new WeakMap<KnownKey, Map<string, ApiKeyAccess | undefined>>();

function accessOf(key: KnownKey, value: string, stage: string): ApiKeyAccess | undefined {
  let ofKey = accesses.get(key);
  if (!ofKey) {
    ofKey = new Map();
    accesses.set(key, ofKey);
  }
  if (!ofKey.has(stage)) {
    const plan = key.plans.find(({ apiStages }) => Object.hasOwn(apiStages, stage));
    ofKey.set(stage, plan && { keyId: key.id, value, plan });
  }
  return ofKey.get(stage);
}

/** The client is told the same whatever the reason. */
function refuse(reason: KeyRefusal, request: RefusedRequest): never {
  countRefusedKey(reason, request);
  throw new GatewayError("INVALID_API_KEY", "Forbidden").because(`API key ${reason.replace("_", " ")}`);
}
