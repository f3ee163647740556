/** UsagePlanKey: an API key in a usage plan. Recorded: test_get_usage_plan_api_keys, test_api_key_required_for_methods. */
import type { ApiKey, UsagePlan } from "../../definitions/api-key.ts";
import type { Handlers, OperationContext } from "../operation.ts";
import { type PageRequest, page } from "../protocol/paging.ts";
import { badRequest, conflict, limitExceeded, notFound } from "../protocol/service-error.ts";
import { newestApiKeys, publishApiKey, requireApiKey } from "./api-key-records.ts";
import { keysOfPlan, plansOfKey, usagePlans } from "./collections.ts";
import { requireUsagePlan } from "./usage-plan-records.ts";
import { requireOnePlanPerStage } from "./usage-plan-stages.ts";

interface CreateInput {
  usagePlanId: string;
  keyId: string;
  keyType: string;
}

interface Identified {
  usagePlanId: string;
  keyId: string;
}

interface ListInput extends PageRequest {
  usagePlanId: string;
  nameQuery?: string;
}

/** The guide's limits: "Usage plans per API key". */
const mostPlansOfKey = 10;

export const usagePlanKeyHandlers: Handlers = {
  CreateUsagePlanKey({ usagePlanId, keyId, keyType }: CreateInput, context) {
    const plan = requireUsagePlan(usagePlanId, context);
    if (keyType !== "API_KEY") throw badRequest("Invalid key type specified. Must be one of: [API_KEY]");
    const key = requireApiKey(keyId, context);
    if (keysOfPlan(context.store, plan.id).has(key.id)) throw conflict("Usage Plan Key already exists");
    joinUsagePlans(key, [plan], context);
    publishApiKey(key, context);
    return shown(key);
  },

  GetUsagePlanKey(input: Identified, context) {
    return shown(requireUsagePlanKey(input, context).key);
  },

  /** Of a plan that is not there, the list is empty; the last to join comes first. */
  GetUsagePlanKeys({ usagePlanId, nameQuery, ...request }: ListInput, context) {
    const { store } = context;
    if (!usagePlans(store).has(usagePlanId)) return { items: [] };
    const joined = keysOfPlan(store, usagePlanId).list().reverse();
    const named = nameQuery && new Set(newestApiKeys(nameQuery, context).map(({ id }) => id));
    const found = named ? joined.filter(({ id }) => named.has(id)) : joined;
    const { items, ...next } = page(found, request, ({ id }) => id);
    return { items: items.map(({ id }) => shown(requireApiKey(id, context))), ...next };
  },

  DeleteUsagePlanKey(input: Identified, context) {
    const { plan, key } = requireUsagePlanKey(input, context);
    keysOfPlan(context.store, plan.id).delete(key.id);
    plansOfKey(context.store, key.id).delete(plan.id);
    publishApiKey(key, context);
    return undefined;
  },
};

/**
 * Puts the key into the plans in which it is not yet; its record is not published.
 * @throws ServiceError, before anything is written: ConflictException when two of its plans would have one stage,
 *   LimitExceededException when it would be in more plans than it may be
 */
export function joinUsagePlans(key: ApiKey, plans: UsagePlan[], { store }: OperationContext): void {
  const joined = plansOfKey(store, key.id)
    .list()
    .map(({ id }) => id);
  const joining = plans.filter(({ id }) => !joined.includes(id));
  if (joining.length === 0) return;
  if (joined.length + joining.length > mostPlansOfKey) {
    throw limitExceeded(`Maximum number of Usage Plans for this API Key has been reached: ${mostPlansOfKey}`);
  }
  const already = joined.map((id) => usagePlans(store).get(id) as UsagePlan);
  requireOnePlanPerStage(key.id, [...already, ...joining]);
  for (const { id } of joining) {
    keysOfPlan(store, id).put(key.id, { id: key.id });
    plansOfKey(store, key.id).put(id, { id });
  }
}

/**
 * A plan and a key of it.
 * @throws ServiceError NotFoundException
 */
export function requireUsagePlanKey(
  { usagePlanId, keyId }: Identified,
  context: OperationContext,
): { plan: UsagePlan; key: ApiKey } {
  const plan = requireUsagePlan(usagePlanId, context);
  const key = requireApiKey(keyId, context);
  if (!keysOfPlan(context.store, plan.id).has(key.id)) {
    throw notFound("Invalid API Key identifier specified");
  }
  return { plan, key };
}

const shown = ({ id, value, name }: ApiKey) => ({ id, type: "API_KEY", value, name });
