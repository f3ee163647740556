/** The stages of a usage plan, and the throttles of their methods. */
import {
  type ApiStage,
  apiStageKey,
  type ThrottleSettings,
  type UsagePlan,
} from "../../definitions/api-key.ts";
import type { Deployment } from "../../definitions/rest-api.ts";
import { apis, stages as webSocketStages } from "../apigatewayv2/collections.ts";
import type { OperationContext } from "../operation.ts";
import { badRequest, conflict, notFound } from "../protocol/service-error.ts";
import { deployments, keysOfPlan, restApis, stages, usagePlans } from "./collections.ts";
import type { UsagePlanDraft } from "./usage-plan-rules.ts";

/** A stage of CreateUsagePlan's input. */
export interface ApiStageInput {
  apiId?: string;
  stage?: string;
  throttle?: Record<string, ThrottleSettings | null>;
}

/** What methods are deployed to a stage: resource path to HTTP method. */
export type DeployedMethods = (apiStage: ApiStage) => Deployment["apiSummary"];

/** Looks each stage up once, since one input may name its methods any number of times. */
export function deployedMethods({ store }: OperationContext): DeployedMethods {
  const known = new Map<string, Deployment["apiSummary"]>();
  return ({ apiId, stage }) => {
    const name = apiStageKey(apiId, stage);
    let methods = known.get(name);
    if (!methods) {
      const deploymentId = stages(store, apiId).get(stage)?.deploymentId ?? "";
      methods = deployments(store, apiId).get(deploymentId)?.apiSummary ?? {};
      known.set(name, methods);
    }
    return methods;
  };
}

/** @throws ServiceError */
export function addStage(
  draft: UsagePlanDraft,
  { apiId, stage, throttle }: ApiStageInput,
  methodsOf: DeployedMethods,
  { store }: OperationContext,
): void {
  // With its placeholders unfilled, as AWS's users report it.
  if (!apiId || !stage) {
    throw badRequest("Invalid API Stage {api: %s, stage: %s} specified for usageplan %s");
  }
  if (!hasStage(apiId, stage, store)) {
    throw notFound(`API Stage not found: ${apiId}:${stage}`);
  }
  if (draft.apiStages.some(isStage(apiId, stage))) {
    throw conflict(`API Stage {api: ${apiId}, stage: ${stage}} is already associated with the usageplan`);
  }
  const added: ApiStage = { apiId, stage };
  setMethodThrottles(added, throttle ?? {}, methodsOf);
  draft.apiStages.push(added);
}

/**
 * In the place of those that the stage has.
 * @param throttles by resource path and HTTP method: `/pets/GET`
 * @throws ServiceError
 */
export function setMethodThrottles(
  apiStage: ApiStage,
  throttles: Readonly<Record<string, ThrottleSettings | null>>,
  methodsOf: DeployedMethods,
): void {
  delete apiStage.throttle;
  for (const [key, settings] of Object.entries(throttles)) {
    const cut = key.lastIndexOf("/");
    if (cut === -1) throw invalidMethod(key);
    setMethodThrottle(apiStage, [key.slice(0, cut), key.slice(cut + 1)], settings ?? {}, methodsOf);
  }
}

/** Of a REST API, or of a WebSocket API. */
const hasStage = (apiId: string, stageName: string, store: OperationContext["store"]): boolean =>
  restApis(store).has(apiId)
    ? stages(store, apiId).has(stageName)
    : apis(store).has(apiId) && webSocketStages(store, apiId).has(stageName);

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
  methodsOf: DeployedMethods,
): void {
  const key = `${resourcePath}/${httpMethod}`;
  if (!key.startsWith("/")) throw invalidMethod(key);
  const deployed = methodsOf(apiStage);
  const path = resourcePath || "/";
  if (!Object.hasOwn(deployed, path) || !Object.hasOwn(deployed[path] ?? {}, httpMethod)) {
    throw notFound("Invalid Method identifier specified");
  }
  apiStage.throttle ??= {};
  apiStage.throttle[key] = {
    ...apiStage.throttle[key],
    ...(burstLimit === undefined ? {} : { burstLimit }),
    ...(rateLimit === undefined ? {} : { rateLimit }),
  };
}

/** @throws ServiceError NotFoundException when the method has no throttle of its own */
export function removeMethodThrottle(apiStage: ApiStage, [resourcePath, httpMethod]: string[]): void {
  const key = `${resourcePath}/${httpMethod}`;
  if (!Object.hasOwn(apiStage.throttle ?? {}, key)) throw notFound("Invalid Method identifier specified");
  delete apiStage.throttle?.[key];
  if (Object.keys(apiStage.throttle ?? {}).length === 0) delete apiStage.throttle;
}

export const isStage = (apiId: string, stageName: string) => (member: ApiStage) =>
  member.apiId === apiId && member.stage === stageName;

/**
 * "A given API key can only be associated with one usage plan for each stage of your API" (the guide's
 * api-gateway-api-usage-plans): for a key that joins plans.
 * @param plans those that it is in and those that it joins
 * @throws ServiceError ConflictException, whose text is a guess
 */
export function requireOnePlanPerStage(keyId: string, plans: Pick<UsagePlan, "id" | "apiStages">[]): void {
  if (plans.length < 2) return;
  const planOfStage = new Map<string, string>();
  for (const { id, apiStages } of plans) {
    for (const apiStage of apiStages) {
      const name = apiStageKey(apiStage.apiId, apiStage.stage);
      const other = planOfStage.get(name);
      if (other !== undefined) throw keyConflict(keyId, apiStage, other);
      planOfStage.set(name, id);
    }
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
  const names = new Set(joining.map(({ apiId, stage }) => apiStageKey(apiId, stage)));
  for (const other of usagePlans(store).list()) {
    if (other.id === planId) continue;
    const shared = other.apiStages.find(({ apiId, stage }) => names.has(apiStageKey(apiId, stage)));
    const key =
      shared &&
      keysOfPlan(store, other.id)
        .list()
        .find(({ id }) => keyIds.has(id));
    if (shared && key) throw keyConflict(key.id, shared, other.id);
  }
}

const keyConflict = (keyId: string, { apiId, stage }: ApiStage, planId: string) =>
  conflict(
    `API Key ${keyId} is already associated with API Stage {api: ${apiId}, stage: ${stage}} by usageplan ${planId}`,
  );

/** The text is AWS's as its users report it. */
function invalidMethod(key: string) {
  const [, resourcePath = key, method = ""] = /^(.+)\/([^/]*)$/.exec(key) ?? [];
  return badRequest(`Invalid method {resourcePath: ${resourcePath},method: ${method} } specified`);
}
