/** Stage: a named reference to a deployment. Recorded: test_create_update_stages, test_stage_access_log_settings. */
import { type RestStageRecord, stageKey } from "../../definitions/published.ts";
import type { CanarySettings, Stage } from "../../definitions/rest-api.ts";
import { compact } from "../openapi/json.ts";
import type { Handlers, OperationContext } from "../operation.ts";
import { badRequest, conflict, type ServiceError } from "../protocol/service-error.ts";
import { checkLogDestination, checkLogFormat } from "./access-log-rules.ts";
import {
  canarySettingPaths,
  canarySettingsOf,
  invalidCopy,
  promoteDeployment,
  promoteVariables,
} from "./canary-settings.ts";
import { requireClientCertificate } from "./client-certificates.ts";
import { deployments, requireOfApi, requireRestApi, stages } from "./collections.ts";
import { methodSettingPaths, noMethodSetting, stagePathList } from "./method-settings.ts";
import { oneOf } from "./options.ts";
import {
  applyPatch,
  flag,
  mapEntry,
  type PatchOperation,
  type PatchTable,
  type Refusal,
  setMember,
  textOrNone,
} from "./patch.ts";
import { stageVariable, stageVariables } from "./stage-variables.ts";
import { tagsOf } from "./tag-rules.ts";
import { leaveUsagePlans } from "./usage-plan-records.ts";

export interface StageInput {
  deploymentId: string;
  description?: string;
  cacheClusterEnabled?: boolean;
  cacheClusterSize?: string;
  variables?: Record<string, string | null>;
  documentationVersion?: string;
  canarySettings?: Partial<CanarySettings>;
  tracingEnabled?: boolean;
  tags?: Record<string, string>;
}

interface Identified {
  restApiId: string;
  stageName: string;
}

export const stageHandlers: Handlers = {
  CreateStage(input: StageInput & Identified, context) {
    const api = requireRestApi(context, input.restApiId);
    return createStage(api.id, input.stageName, input, context);
  },

  GetStage: (input: Identified, context) => requireStage(input, context),

  GetStages({ restApiId, deploymentId }: { restApiId: string; deploymentId?: string }, context) {
    const api = requireRestApi(context, restApiId);
    const all = stages(context.store, api.id).list();
    return { item: deploymentId ? all.filter((stage) => stage.deploymentId === deploymentId) : all };
  },

  UpdateStage(input: Identified & { patchOperations?: PatchOperation[] }, context) {
    const before = requireStage(input, context);
    const stage = applyPatch(patchTable(input.restApiId, context), before, input.patchOperations);
    stage.lastUpdatedDate = context.now;
    putStage(input.restApiId, stage, context);
    return stage;
  },

  DeleteStage(input: Identified, context) {
    const { stageName } = requireStage(input, context);
    leaveUsagePlans(input.restApiId, stageName, context);
    stages(context.store, input.restApiId).delete(stageName);
    context.publish.delete(stageKey(input.restApiId, stageName));
    return undefined;
  },

  /** The data plane keeps results of authorizers under this number. */
  FlushStageAuthorizersCache(input: Identified, context) {
    const stage = requireStage(input, context);
    const authorizerCacheFlushes = (stage.authorizerCacheFlushes ?? 0) + 1;
    putStage(input.restApiId, { ...stage, authorizerCacheFlushes }, context);
    return undefined;
  },
};

/** @throws ServiceError ConflictException when there is one of that name */
export function createStage(
  apiId: string,
  stageName: string,
  input: StageInput,
  context: OperationContext,
): Stage {
  if (!/^[a-zA-Z0-9_-]{1,128}$/.test(stageName ?? "")) throw illegalStageName();
  if (stages(context.store, apiId).has(stageName)) throw conflict("Stage already exists");
  const deploymentId = deploymentOf(apiId, input.deploymentId, context);
  const canary = input.canarySettings;
  const stage: Stage = compact({
    stageName,
    deploymentId,
    description: input.description || undefined,
    ...cacheCluster(input.cacheClusterEnabled ?? false, input.cacheClusterSize),
    methodSettings: {},
    variables: stageVariables(input.variables),
    documentationVersion: input.documentationVersion || undefined,
    canarySettings:
      canary && canarySettingsOf(canary, deploymentOf(apiId, canary.deploymentId ?? deploymentId, context)),
    tracingEnabled: input.tracingEnabled ?? false,
    tags: tagsOf(input.tags),
    createdDate: context.now,
    lastUpdatedDate: context.now,
  } as Stage);
  putStage(apiId, stage, context);
  return stage;
}

/** AWS's text, as its users report it; a hyphen is allowed as well, as the API reference says. */
export const illegalStageName = () => badRequest("Stage name only allows a-zA-Z0-9_");

/** Stores the stage and lets the data plane see it. */
export function putStage(apiId: string, stage: Stage, { store, publish }: OperationContext): void {
  stages(store, apiId).put(stage.stageName, stage);
  const record: RestStageRecord = { protocol: "REST", apiId, version: Date.now(), stage };
  publish.put(stageKey(apiId, stage.stageName), record);
}

const requireStage = ({ restApiId, stageName }: Identified, context: OperationContext): Stage =>
  requireOfApi(stages, restApiId, stageName, context, "Invalid Stage identifier specified");

function deploymentOf(apiId: string, deploymentId: string, { store }: OperationContext): string {
  if (!deployments(store, apiId).has(deploymentId)) throw badRequest("Deployment id does not exist");
  return deploymentId;
}

type CacheCluster = Pick<Stage, "cacheClusterEnabled" | "cacheClusterSize" | "cacheClusterStatus">;

const cacheClusterSize = oneOf("cache cluster size", [
  "0.5",
  "1.6",
  "6.1",
  "13.5",
  "28.4",
  "58.2",
  "118",
  "237",
]);

/** @throws ServiceError BadRequestException for a size that there is not */
export function cacheCluster(enabled: boolean, size: string | undefined): CacheCluster {
  if (size !== undefined) cacheClusterSize(size);
  const shownSize = size ?? (enabled ? "0.5" : undefined);
  return {
    cacheClusterEnabled: enabled,
    ...(shownSize ? { cacheClusterSize: shownSize } : {}),
    cacheClusterStatus: enabled ? "AVAILABLE" : "NOT_AVAILABLE",
  };
}

const accessLogValue = (value: string | undefined): string => {
  if (!value) throw badRequest("Access Log value must not be empty");
  return value;
};

function setAccessLog(name: "destinationArn" | "format", check: (value: string) => void) {
  const set = (draft: Stage, { value: given }: { value: string | undefined }) => {
    const value = accessLogValue(given);
    check(value);
    draft.accessLogSettings = { ...draft.accessLogSettings, [name]: value };
  };
  return { add: set, replace: set };
}

const patchTable = (apiId: string, context: OperationContext): PatchTable<Stage> => ({
  refuse,
  paths: {
    "/deploymentId": {
      replace: setMember("deploymentId", (value) => deploymentOf(apiId, value ?? "", context)),
      copy: (draft, { path, from }) => promoteDeployment(draft, path, from),
    },
    "/description": { replace: setMember("description", textOrNone) },
    "/cacheClusterEnabled": {
      replace(draft, { value }) {
        Object.assign(draft, cacheCluster(flag(value), draft.cacheClusterSize));
      },
    },
    "/cacheClusterSize": {
      replace(draft, { value }) {
        Object.assign(draft, cacheCluster(draft.cacheClusterEnabled, value));
      },
    },
    "/clientCertificateId": {
      replace: setMember("clientCertificateId", (id) =>
        id ? requireClientCertificate(id, context).clientCertificateId : undefined,
      ),
    },
    "/documentationVersion": { replace: setMember("documentationVersion", textOrNone) },
    "/tracingEnabled": { replace: setMember("tracingEnabled", flag) },
    "/webAclArn": { replace: setMember("webAclArn", textOrNone) },
    "/accessLogSettings": {
      remove(draft) {
        delete draft.accessLogSettings;
      },
    },
    "/accessLogSettings/destinationArn": setAccessLog("destinationArn", checkLogDestination),
    "/accessLogSettings/format": setAccessLog("format", checkLogFormat),
    "/variables": { copy: (draft, { path, from }) => promoteVariables(draft, path, from) },
    "/variables/{name}": mapEntry("variables", { parse: stageVariable, dropEmpty: true }),
    ...canarySettingPaths((id) => deploymentOf(apiId, id, context)),
    ...methodSettingPaths,
  },
});

/** Recorded: test_stage_access_log_settings_validation, test_update_stage_canary_deployment_validation. */
function refuse({ op, path, from }: Refusal): ServiceError {
  if (op === "copy") return invalidCopy(path, from);
  if (op === "remove" && path !== undefined) return noMethodSetting(path);
  if (path?.startsWith("/accessLogSettings")) {
    return badRequest(
      "Invalid accessLogSettings path. Must be one of : [/accessLogSettings/destinationArn, /accessLogSettings/format]",
    );
  }
  if (op === "add" && path?.startsWith("/canarySettings/")) {
    return badRequest(`Invalid add operation with path: ${path}`);
  }
  return badRequest(`Invalid method setting path: ${path ?? null}. Must be one of: ${stagePathList}`);
}
