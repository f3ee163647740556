/**
 * ApiKey: what a client of usage plans sends to be known. Recorded: TestApigatewayApiKeysCrud,
 * test_api_key_required_for_methods (rest-behaviour, rule 14).
 */
import type { ApiKey } from "../../definitions/api-key.ts";
import { compact } from "../openapi/json.ts";
import type { Handlers, OperationContext } from "../operation.ts";
import { type PageRequest, page } from "../protocol/paging.ts";
import { badRequest, conflict } from "../protocol/service-error.ts";
import {
  apiKeyOfValue,
  checkApiKeyCount,
  deleteApiKey,
  newestApiKeys,
  putApiKey,
  requireApiKey,
} from "./api-key-records.ts";
import { apiKeyCustomer, apiKeyDescription, apiKeyName, apiKeyValueOf } from "./api-key-rules.ts";
import { apiKeys, restApis, stages } from "./collections.ts";
import { apiKeyValue, longId } from "./ids.ts";
import {
  applyPatch,
  flag,
  type PatchOperation,
  type PatchTable,
  refuseListingPaths,
  setMember,
} from "./patch.ts";
import { tagsOf } from "./tag-rules.ts";

interface CreateInput {
  name?: string;
  description?: string;
  enabled?: boolean;
  /** Deprecated: an id never is the value. */
  generateDistinctId?: boolean;
  value?: string;
  stageKeys?: { restApiId?: string; stageName?: string }[];
  customerId?: string;
  tags?: Record<string, string | null>;
}

interface ListInput extends PageRequest {
  nameQuery?: string;
  customerId?: string;
  includeValues?: boolean;
}

export const apiKeyHandlers: Handlers = {
  CreateApiKey(input: CreateInput, context) {
    const name = apiKeyName(input.name);
    // The empty value is none. Recorded: test_create_api_key_with_invalid_value.
    const value = input.value ? apiKeyValueOf(input.value) : apiKeyValue();
    const description = apiKeyDescription(input.description);
    if (apiKeyOfValue(value, context)) throw conflict("API Key already exists");
    checkApiKeyCount(apiKeys(context.store).count());
    const stageKeys = new Set(
      input.stageKeys?.map(({ restApiId, stageName }) => `${restApiId ?? ""}/${stageName ?? ""}`),
    );
    for (const stageKey of stageKeys) checkStageKey(stageKey, context);
    const key = newApiKey(
      {
        value,
        name,
        description,
        enabled: input.enabled ?? false,
        customerId: apiKeyCustomer(input.customerId),
      },
      context,
    );
    const tags = tagsOf(input.tags);
    const created = compact({ ...key, stageKeys: [...stageKeys], tags } as ApiKey);
    putApiKey(created, context);
    return created;
  },

  GetApiKey({ apiKey, includeValue }: { apiKey: string; includeValue?: boolean }, context) {
    return shownWithTags(requireApiKey(apiKey, context), includeValue);
  },

  GetApiKeys({ nameQuery, customerId, includeValues, ...request }: ListInput, context) {
    const found = newestApiKeys(nameQuery, context).filter(
      (key) => customerId === undefined || (key.customerId ?? "") === customerId,
    );
    const { items, ...next } = page(found, request, ({ id }) => id);
    return {
      items: items.map(({ id }) => shown(requireApiKey(id, context), includeValues)),
      ...next,
    };
  },

  UpdateApiKey(input: { apiKey: string; patchOperations?: PatchOperation[] }, context) {
    const before = requireApiKey(input.apiKey, context);
    const key = applyPatch(patchTable(context), before, input.patchOperations);
    key.lastUpdatedDate = context.now;
    putApiKey(key, context);
    return shownWithTags(key, false);
  },

  DeleteApiKey({ apiKey }: { apiKey: string }, context) {
    deleteApiKey(requireApiKey(apiKey, context), context);
    return undefined;
  },
};

/** A key that is not stored yet. */
export const newApiKey = (
  given: { [Name in "value" | "name" | "description" | "enabled" | "customerId"]: ApiKey[Name] | undefined },
  { now }: OperationContext,
): ApiKey =>
  compact({
    id: longId(),
    ...given,
    createdDate: now,
    lastUpdatedDate: now,
    stageKeys: [],
  } as unknown as ApiKey);

/** As lists answer it: a value only where it is asked for. */
function shown(key: ApiKey, includeValue: boolean | undefined): Partial<ApiKey> {
  if (includeValue) return key;
  const { value: _, ...rest } = key;
  return rest;
}

/** As Get and Update answer it: `tags: {}` where there are none. */
const shownWithTags = (key: ApiKey, includeValue: boolean | undefined) => ({
  ...shown(key, includeValue),
  tags: key.tags ?? {},
});

/**
 * @param stageKey `{restApiId}/{stageName}`
 * @throws ServiceError BadRequestException (its text is a guess) when there is no such stage
 */
function checkStageKey(stageKey: string, { store }: OperationContext): void {
  const [apiId = "", stageName = "", ...rest] = stageKey.split("/");
  if (rest.length > 0 || !restApis(store).has(apiId) || !stages(store, apiId).has(stageName)) {
    throw badRequest("Invalid stage identifier specified");
  }
}

/** Recorded: test_update_api_key_immutable_field. What adds and removes stages is in the API reference alone. */
const patchTable = (context: OperationContext): PatchTable<ApiKey> => ({
  refuse: refuseListingPaths,
  paths: {
    "/description": { replace: setMember("description", apiKeyDescription) },
    "/enabled": { replace: setMember("enabled", flag) },
    "/name": { replace: setMember("name", apiKeyName) },
    "/customerId": { replace: setMember("customerId", apiKeyCustomer) },
    "/stages": {
      add(draft, { value = "" }) {
        checkStageKey(value, context);
        if (!draft.stageKeys.includes(value)) draft.stageKeys.push(value);
      },
      remove(draft, { value }) {
        draft.stageKeys = draft.stageKeys.filter((stageKey) => stageKey !== value);
      },
    },
  },
});
