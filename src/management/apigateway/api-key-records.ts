/** Where API keys are stored: the working copies with their indices, and the records that the data plane reads. */
import { type ApiKey, apiKeyHash, apiKeyRecordKey, type PublishedApiKey } from "../../definitions/api-key.ts";
import { compact } from "../openapi/json.ts";
import type { OperationContext } from "../operation.ts";
import { limitExceeded, notFound } from "../protocol/service-error.ts";
import { type ApiKeyEntry, apiKeyEntries, apiKeys, keysOfPlan, plansOfKey } from "./collections.ts";

/** The guide's limits: "API keys per account per Region". */
export const mostApiKeys = 10_000;

/** @throws ServiceError NotFoundException */
export function requireApiKey(id: string, { store }: OperationContext): ApiKey {
  const key = apiKeys(store).get(id);
  if (!key) throw notFound("Invalid API Key identifier specified");
  return key;
}

/** @returns the key of that value, if there is one */
export function apiKeyOfValue(value: string, { store }: OperationContext): ApiKey | undefined {
  const entry = apiKeyEntries(store).get(value);
  return entry && apiKeys(store).get(entry.id);
}

/**
 * The keys of a list, the newest first.
 * @param nameQuery how names begin, in their case. Recorded: test_get_api_keys, test_get_usage_plan_api_keys
 */
export const newestApiKeys = (nameQuery: string | undefined, { store }: OperationContext): ApiKeyEntry[] =>
  apiKeyEntries(store)
    .list()
    .filter(({ name }) => !nameQuery || (name?.startsWith(nameQuery) ?? false))
    .reverse();

/** @throws ServiceError LimitExceededException when an account of `count` keys cannot have one more */
export function checkApiKeyCount(count: number): void {
  if (count < mostApiKeys) return;
  throw limitExceeded(`Maximum number of API Keys for this account has been reached: ${mostApiKeys}`);
}

/** Stores the key and lets the data plane see it. */
export function putApiKey(key: ApiKey, context: OperationContext): void {
  apiKeys(context.store).put(key.id, key);
  const { id, name, customerId } = key;
  apiKeyEntries(context.store).put(key.value, compact({ id, name, customerId } as ApiKeyEntry));
  publishApiKey(key, context);
}

/** To be called when the key, or the plans that it is in, have changed. */
export function publishApiKey(key: ApiKey, { store, publish }: OperationContext): void {
  const planIds = plansOfKey(store, key.id)
    .list()
    .map(({ id }) => id);
  const { id, enabled, name, customerId } = key;
  const record: PublishedApiKey = compact({ id, enabled, name, customerId, planIds } as PublishedApiKey);
  publish.put(apiKeyRecordKey(apiKeyHash(key.value)), record);
}

/** Takes the key out of its plans and deletes it. */
export function deleteApiKey({ id, value }: ApiKey, { store, publish }: OperationContext): void {
  for (const plan of plansOfKey(store, id).list()) keysOfPlan(store, plan.id).delete(id);
  store.deleteTree(`apikeys/${id}`);
  apiKeys(store).delete(id);
  apiKeyEntries(store).delete(value);
  publish.delete(apiKeyRecordKey(apiKeyHash(value)));
}
