/** UsagePlan: which stages its keys may call, how fast and how often. Recorded: test_usage_plan_crud, test_api_key_required_for_methods. */
import type { QuotaSettings, ThrottleSettings, UsagePlan } from "../../definitions/api-key.ts";
import { compact, isObject } from "../openapi/json.ts";
import type { Handlers, OperationContext } from "../operation.ts";
import { type PageRequest, page } from "../protocol/paging.ts";
import { badRequest, type ServiceError } from "../protocol/service-error.ts";
import { apiKeys, plansOfKey, usagePlans } from "./collections.ts";
import { shortId } from "./ids.ts";
import {
  applyPatch,
  type PatchOperation,
  type PatchPath,
  type PatchTable,
  type Refusal,
  refuseListingPaths,
  removeMember,
  setMember,
  textOrNone,
} from "./patch.ts";
import { tagsOf } from "./tag-rules.ts";
import { deleteUsagePlan, putUsagePlan, requireUsagePlan } from "./usage-plan-records.ts";
import { checkUsagePlanCount, type UsagePlanDraft, usagePlanOf } from "./usage-plan-rules.ts";
import {
  type ApiStageInput,
  addStage,
  type DeployedMethods,
  deployedMethods,
  isStage,
  removeMethodThrottle,
  requireFreeStages,
  setMethodThrottle,
  setMethodThrottles,
  splitStage,
  stageOfPlan,
} from "./usage-plan-stages.ts";

interface CreateInput {
  name: string;
  description?: string;
  apiStages?: ApiStageInput[];
  throttle?: ThrottleSettings;
  quota?: Partial<QuotaSettings>;
  tags?: Record<string, string | null>;
}

interface Identified {
  usagePlanId: string;
}

export const usagePlanHandlers: Handlers = {
  CreateUsagePlan(input: CreateInput, context) {
    checkUsagePlanCount(usagePlans(context.store).count());
    const { name, description, throttle, quota } = input;
    const draft: UsagePlanDraft = compact({
      id: shortId(),
      name,
      description: description || undefined,
      apiStages: [],
      throttle,
      quota,
      tags: tagsOf(input.tags),
    } as UsagePlanDraft);
    const methodsOf = deployedMethods(context);
    for (const stage of input.apiStages ?? []) addStage(draft, stage, methodsOf, context);
    const plan = usagePlanOf(draft);
    putUsagePlan(plan, context);
    return plan;
  },

  GetUsagePlan: ({ usagePlanId }: Identified, context) => withTags(requireUsagePlan(usagePlanId, context)),

  GetUsagePlans(input: PageRequest & { keyId?: string }, { store }) {
    return page(plansFor(input.keyId, store), input, ({ id }) => id);
  },

  UpdateUsagePlan(input: Identified & { patchOperations?: PatchOperation[] }, context) {
    const before = requireUsagePlan(input.usagePlanId, context);
    const plan = usagePlanOf(applyPatch<UsagePlanDraft>(patchTable(context), before, input.patchOperations));
    const joining = plan.apiStages.filter(
      ({ apiId, stage }) => !before.apiStages.some(isStage(apiId, stage)),
    );
    if (joining.length > 0) requireFreeStages(plan.id, joining, context);
    putUsagePlan(plan, context);
    return withTags(plan);
  },

  /** The text is reported of AWS. */
  DeleteUsagePlan({ usagePlanId }: Identified, context) {
    const plan = requireUsagePlan(usagePlanId, context);
    const [stage] = plan.apiStages;
    if (stage) {
      throw badRequest(
        `Cannot delete Usage Plan ${plan.id} because there are API Stages associated with it, including ${stage.apiId}:${stage.stage}`,
      );
    }
    deleteUsagePlan(plan, context);
    return undefined;
  },
};

/** As Get and Update answer it: `tags: {}` where there are none. */
const withTags = (plan: UsagePlan) => ({ ...plan, tags: plan.tags ?? {} });

/** All plans, or those of a key; an unknown key has none. */
function plansFor(keyId: string | undefined, store: OperationContext["store"]): UsagePlan[] {
  const all = usagePlans(store).list();
  if (!keyId) return all;
  if (!apiKeys(store).has(keyId)) return [];
  const ids = new Set(
    plansOfKey(store, keyId)
      .list()
      .map(({ id }) => id),
  );
  return all.filter(({ id }) => ids.has(id));
}

/** A patch's value as a number; what is none is refused with the plan's other limits. */
const number = (value: string | undefined): number =>
  /^-?\d{1,15}(?:\.\d{1,9})?$/.test(value ?? "") ? Number(value) : Number.NaN;

function setIn<Name extends "quota" | "throttle">(
  name: Name,
  settings: (value: string | undefined) => NonNullable<UsagePlanDraft[Name]>,
): PatchPath<UsagePlanDraft> {
  const set = (draft: UsagePlanDraft, { value }: { value: string | undefined }) => {
    draft[name] = { ...draft[name], ...settings(value) } as NonNullable<UsagePlanDraft[Name]>;
  };
  return { add: set, replace: set };
}

/** The resource's path may stand with its slashes as they are, as Terraform sends it, or with `~1` for each. */
function methodThrottle(
  settings: (value: string | undefined) => ThrottleSettings,
  methodsOf: DeployedMethods,
): PatchPath<UsagePlanDraft> {
  const set = (draft: UsagePlanDraft, change: { params: string[]; value: string | undefined }) => {
    const [stage, ...method] = change.params;
    setMethodThrottle(stageOfPlan(draft, stage), method, settings(change.value), methodsOf);
  };
  return { add: set, replace: set };
}

/**
 * The throttles of all methods of a stage at once, as the guide's api-gateway-create-usage-plans-with-rest-api has them:
 * `{"/pets/GET":{"rateLimit":1.0,"burstLimit":1}}`. @throws ServiceError BadRequestException, whose text is a guess
 */
function throttlesIn(value: string | undefined): Record<string, ThrottleSettings> {
  let methods: unknown;
  try {
    methods = JSON.parse(value ?? "");
  } catch {
    throw invalidThrottle();
  }
  if (!isObject(methods)) throw invalidThrottle();
  return Object.fromEntries(
    Object.entries(methods).map(([method, limits]) => {
      if (!isObject(limits)) throw invalidThrottle();
      const given = (["burstLimit", "rateLimit"] as const).filter((name) => limits[name] !== undefined);
      return [method, Object.fromEntries(given.map((name) => [name, number(String(limits[name]))]))];
    }),
  );
}

const invalidThrottle = () => badRequest("Invalid throttle settings specified");

const throttleOfStage = "/apiStages/{apidId:stageName}/throttle";
const throttleOfMethod = `${throttleOfStage}/{+resourcePath}/{httpMethod}`;

/** What `remove` may be done to, and in which order that is listed, is reported of AWS; the rest is in its API reference. */
const patchTable = (
  context: OperationContext,
  methodsOf: DeployedMethods = deployedMethods(context),
): PatchTable<UsagePlanDraft> => ({
  refuse,
  paths: {
    "/name": { replace: setMember("name", (value) => value) },
    "/description": { replace: setMember("description", textOrNone) },
    "/apiStages": {
      add(draft, { value }) {
        const [apiId, stage] = splitStage(value);
        addStage(draft, { apiId, stage }, methodsOf, context);
      },
      remove(draft, { value }) {
        const left = stageOfPlan(draft, value);
        draft.apiStages = draft.apiStages.filter((member) => member !== left);
      },
    },
    "/quota": { remove: removeMember("quota") },
    "/quota/limit": setIn("quota", (value) => ({ limit: number(value) })),
    "/quota/offset": setIn("quota", (value) => ({ offset: number(value) })),
    "/quota/period": setIn("quota", (value) => ({ period: value as QuotaSettings["period"] | undefined })),
    "/throttle": { remove: removeMember("throttle") },
    "/throttle/rateLimit": setIn("throttle", (value) => ({ rateLimit: number(value) })),
    "/throttle/burstLimit": setIn("throttle", (value) => ({ burstLimit: number(value) })),
    "/productCode": {
      add: setMember("productCode", textOrNone),
      replace: setMember("productCode", textOrNone),
      remove: removeMember("productCode"),
    },
    [`${throttleOfMethod}/rateLimit`]: methodThrottle((value) => ({ rateLimit: number(value) }), methodsOf),
    [`${throttleOfMethod}/burstLimit`]: methodThrottle((value) => ({ burstLimit: number(value) }), methodsOf),
    [throttleOfMethod]: {
      remove(draft, { params: [stage, ...method] }) {
        removeMethodThrottle(stageOfPlan(draft, stage), method);
      },
    },
    [throttleOfStage]: {
      replace(draft, { params: [stage], value }) {
        setMethodThrottles(stageOfPlan(draft, stage), throttlesIn(value), methodsOf);
      },
      remove(draft, { params: [stage] }) {
        delete stageOfPlan(draft, stage).throttle;
      },
    },
  },
});

/** AWS has angle brackets for what a path names. */
const refuse = (refusal: Refusal): ServiceError =>
  refuseListingPaths({
    ...refusal,
    pathsOfOp: refusal.pathsOfOp.map((path) => path.replace(/\{\+?([^}]+)\}/g, "<$1>")),
  });
