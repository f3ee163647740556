/** The stages of a usage plan, and the throttles of their methods. */
import type { ApiStage, ThrottleSettings } from "../../definitions/api-key.ts";
import type { OperationContext } from "../operation.ts";
import { badRequest, conflict, notFound } from "../protocol/service-error.ts";
import { deployments, keysOfPlan, plansOfKey, restApis, stages, usagePlans } from "./collections.ts";
import type { UsagePlanDraft } from "./usage-plan-rules.ts";

/** A stage of CreateUsagePlan's input. */
export interface ApiStageInput {
  apiId?: string;
  stage?: string;
  throttle?: Record<string, ThrottleSettings | null>;
}

/** @throws ServiceError */
export function addStage(draft: UsagePlanDraft, input: ApiStageInput, context: OperationContext): void {
  const { apiId, stage, throttle } = input;
  // With its placeholders unfilled, as AWS's users report it.
  if (!apiId || !stage) {
    throw badRequest("Invalid API Stage {api: %s, stage: %s} specified for usageplan %s");
  }
  const { store } = context;
  if (!restApis(store).has(apiId) || !stages(store, apiId).has(stage)) {
    throw notFound(`API Stage not found: ${apiId}:${stage}`);
  }
  if (draft.apiStages.some(isStage(apiId, stage))) {
    throw conflict(`API Stage {api: ${apiId}, stage: ${stage}} is already associated with the usageplan`);
  }
  const added: ApiStage = { apiId, stage };
  for (const [key, settings] of Object.entries(throttle ?? {})) {
    const cut = key.lastIndexOf("/");
    if (cut === -1) throw invalidMethod(key);
    setMethodThrottle(added, [key.slice(0, cut), key.slice(cut + 1)], settings ?? {}, context);
  }
  draft.apiStages.push(added);
}

/**
 * The stage that a patch names.
 * @param name `{apiId}:{stageName}`
 * @throws ServiceError; recorded: test_usage_plan_crud
 */
export function stageOfPlan(draft: UsagePlanDraft, name: string | undefined): ApiStage {
  const [apiId, stageName] = splitStage(name);
  const found = draft.apiStages.find(isStage(apiId, stageName));
  if (!found) {
    throw notFound(
      `Invalid API Stage {api: ${apiId}, stage: ${stageName}} specified for usageplan ${draft.id}`,
    );
  }
  return found;
}

/** What follows a second colon does not count, as users' reports show. @throws ServiceError BadRequestException */
export function splitStage(name: string | undefined): [apiId: string, stageName: string] {
  const [apiId = "", stageName] = (name ?? "").split(":");
  if (stageName === undefined) throw badRequest("Invalid API Stage specified");
  return [apiId, stageName];
}

/**
 * Joins the settings to those that the method has. A method must be deployed to the stage; AWS's text is a guess, its
 * status 404 is reported.
 * @param method resource path (that of the root may be empty) and HTTP method
 * @throws ServiceError
 */
export function setMethodThrottle(
  apiStage: ApiStage,
  [resourcePath = "", httpMethod = ""]: string[],
  { burstLimit, rateLimit }: ThrottleSettings,
  { store }: OperationContext,
): void {
  const key = `${resourcePath}/${httpMethod}`;
  if (!key.startsWith("/")) throw invalidMethod(key);
  const { apiId, stage } = apiStage;
  const deploymentId = stages(store, apiId).get(stage)?.deploymentId ?? "";
  const deployed = deployments(store, apiId).get(deploymentId)?.apiSummary ?? {};
  const path = resourcePath || "/";
  if (!Object.hasOwn(deployed, path) || !Object.hasOwn(deployed[path] ?? {}, httpMethod)) {
    throw notFound("Invalid Method identifier specified");
  }
  const before = apiStage.throttle?.[key] ?? {};
  const changed = {
    ...before,
    ...(burstLimit === undefined ? {} : { burstLimit }),
    ...(rateLimit === undefined ? {} : { rateLimit }),
  };
  apiStage.throttle = { ...apiStage.throttle, [key]: changed };
}

/** @throws ServiceError NotFoundException when the method has no throttle of its own */
export function removeMethodThrottle(apiStage: ApiStage, [resourcePath, httpMethod]: string[]): void {
  const key = `${resourcePath}/${httpMethod}`;
  if (!Object.hasOwn(apiStage.throttle ?? {}, key)) throw notFound("Invalid Method identifier specified");
  const { [key]: _, ...left } = apiStage.throttle ?? {};
  if (Object.keys(left).length > 0) apiStage.throttle = left;
  else delete apiStage.throttle;
}

export const isStage = (apiId: string, stageName: string) => (member: ApiStage) =>
  member.apiId === apiId && member.stage === stageName;

/**
 * "A given API key can only be associated with one usage plan for each stage of your API" (the guide's
 * api-gateway-api-usage-plans): for a key that joins a plan.
 * @throws ServiceError ConflictException, whose text is a guess
 */
export function requireFreeKey(
  keyId: string,
  plan: { id: string; apiStages: ApiStage[] },
  { store }: OperationContext,
): void {
  for (const { id } of plansOfKey(store, keyId).list()) {
    const shared =
      id === plan.id ? undefined : sharedStage(usagePlans(store).get(id)?.apiStages, plan.apiStages);
    if (shared) throw keyConflict(keyId, shared, id);
  }
}

/** The same for stages that join a plan, and all its keys. @throws ServiceError ConflictException */
export function requireFreeStages(planId: string, joining: ApiStage[], { store }: OperationContext): void {
  const keyIds = new Set(
    keysOfPlan(store, planId)
      .list()
      .map(({ id }) => id),
  );
  if (keyIds.size === 0) return;
  for (const other of usagePlans(store).list()) {
    const shared = other.id === planId ? undefined : sharedStage(other.apiStages, joining);
    const key =
      shared &&
      keysOfPlan(store, other.id)
        .list()
        .find(({ id }) => keyIds.has(id));
    if (shared && key) throw keyConflict(key.id, shared, other.id);
  }
}

function sharedStage(some: ApiStage[] | undefined, others: ApiStage[]): ApiStage | undefined {
  const names = new Set(others.map(({ apiId, stage }) => `${apiId}:${stage}`));
  return some?.find(({ apiId, stage }) => names.has(`${apiId}:${stage}`));
}

const keyConflict = (keyId: string, { apiId, stage }: ApiStage, planId: string) =>
  conflict(
    `API Key ${keyId} is already associated with API Stage {api: ${apiId}, stage: ${stage}} by usageplan ${planId}`,
  );

const invalidMethod = (key: string) => badRequest(`Invalid resource path and method specified: ${key}`);
