/**
 * Usage: how often the keys of a plan were used, day by day, and the quota that they have left. Plan, keys and dates
 * are found in the Account object, the counts by the Worker, which may ask other objects. Sources: API Gateway V1 API
 * reference, GetUsage and UpdateUsage; the guide's api-gateway-create-usage-plans-with-console. The texts are guesses,
 * but for that of a wrong path, which is reported.
 */
import type { UsagePlan } from "../../definitions/api-key.ts";
import { dayOf, millisecondsOfDay } from "../../definitions/quota-period.ts";
import type { Handler, WorkerHandler } from "../operation.ts";
import { type PageRequest, page } from "../protocol/paging.ts";
import { badRequest } from "../protocol/service-error.ts";
import { keysOfPlan } from "./collections.ts";
import { applyPatch, type PatchOperation, type PatchTable } from "./patch.ts";
import { extendUsage, readUsage } from "./usage.ts";
import { requireUsagePlanKey } from "./usage-plan-keys.ts";
import { requireUsagePlan } from "./usage-plan-records.ts";

interface GetInput extends PageRequest {
  usagePlanId: string;
  keyId?: string;
  startDate: string;
  endDate: string;
}

interface UpdateInput {
  usagePlanId: string;
  keyId: string;
  patchOperations?: PatchOperation[];
}

interface FoundUsage {
  plan: Pick<UsagePlan, "id" | "quota">;
  keyIds: string[];
  days: string[];
  position?: string;
}

interface FoundExtension {
  plan: Required<Pick<UsagePlan, "id" | "quota">>;
  /** Undefined where the patch is empty. */
  remaining: number | undefined;
}

const longestRange = 90;
const largestRemaining = 2_147_483_647;

export const findUsage: Handler<GetInput> = (input, context): FoundUsage => {
  const plan = requireUsagePlan(input.usagePlanId, context);
  const days = daysOf(input);
  const keys = input.keyId
    ? [requireUsagePlanKey({ usagePlanId: plan.id, keyId: input.keyId }, context).key]
    : keysOfPlan(context.store, plan.id).list().reverse();
  const { items, ...next } = page<{ id: string }>(keys, input, ({ id }) => id);
  return { plan: counted(plan), keyIds: items.map(({ id }) => id), days, ...next };
};

export const getUsage: WorkerHandler<GetInput> = async ({ startDate, endDate }, { env, inAccount }) => {
  const { plan, keyIds, days, position } = (await inAccount()) as FoundUsage;
  const items = await readUsage(env, plan, keyIds, days);
  return { usagePlanId: plan.id, startDate, endDate, position, items };
};

export const findExtension: Handler<UpdateInput> = (input, context): FoundExtension => {
  const { plan } = requireUsagePlanKey(input, context);
  const { remaining } = applyPatch<{ remaining?: number }>(patchTable, {}, input.patchOperations);
  if (!plan.quota) throw badRequest(`Usage Plan ${plan.id} has no quota`);
  return { plan: { id: plan.id, quota: plan.quota }, remaining };
};

export const updateUsage: WorkerHandler<UpdateInput> = async ({ keyId }, { env, inAccount }) => {
  const { plan, remaining } = (await inAccount()) as FoundExtension;
  const today = dayOf(Date.now());
  const items =
    remaining === undefined
      ? await readUsage(env, plan, [keyId], [today])
      : { [keyId]: [await extendUsage(env, plan, keyId, remaining)] };
  return { usagePlanId: plan.id, startDate: today, endDate: today, items };
};

const counted = ({ id, quota }: UsagePlan) => (quota ? { id, quota } : { id });

const patchTable: PatchTable<{ remaining?: number }> = {
  refuse: ({ op, path, pathsOfOp }) =>
    badRequest(
      `Invalid patch path  '${path ?? null}' specified for op '${op ?? null}'. Must be one of: [${pathsOfOp.join(", ")}]`,
    ),
  paths: {
    "/remaining": {
      replace(draft, { value }) {
        const remaining = /^\d{1,10}$/.test(value ?? "") ? Number(value) : Number.NaN;
        if (!(remaining <= largestRemaining)) {
          throw badRequest(`Remaining quota must be between zero and ${largestRemaining} inclusive`);
        }
        draft.remaining = remaining;
      },
    },
  },
};

/** Every day from the first to the last. @throws ServiceError BadRequestException */
function daysOf({ startDate, endDate }: GetInput): string[] {
  const [start, end] = [timeOf(startDate), timeOf(endDate)];
  if (start > end) throw badRequest("Start date must not be after end date");
  const count = (end - start) / millisecondsOfDay + 1;
  if (count > longestRange) throw badRequest(`The date range must not exceed ${longestRange} days`);
  return Array.from({ length: count }, (_, day) => dayOf(start + day * millisecondsOfDay));
}

function timeOf(date: string): number {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(`${date}T00:00:00Z`) : Number.NaN;
  // The thirtieth of February is no date, though it is read as one of March.
  if (Number.isNaN(time) || dayOf(time) !== date) {
    throw badRequest(`Invalid date specified: ${date}. Dates must be formatted as yyyy-MM-dd`);
  }
  return time;
}
