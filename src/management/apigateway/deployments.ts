/** Deployment: an API frozen, for stages to name. Recorded: test_create_delete_deployments, test_apigateway_canary. */
import { type RestSnapshot, snapshotKey } from "../../definitions/published.ts";
import type { CanarySettings, Deployment, Resource, RestApi, Stage } from "../../definitions/rest-api.ts";
import { compact } from "../openapi/json.ts";
import type { Handlers, OperationContext } from "../operation.ts";
import { type PageRequest, page } from "../protocol/paging.ts";
import { badRequest } from "../protocol/service-error.ts";
import { canarySettingsOf } from "./canary-settings.ts";
import {
  authorizers,
  deployments,
  gatewayResponses,
  models,
  requestValidators,
  requireOfApi,
  requireRestApi,
  resources,
  stages,
} from "./collections.ts";
import { shortId } from "./ids.ts";
import {
  applyPatch,
  type PatchOperation,
  type PatchTable,
  refusePath,
  setMember,
  textOrNone,
} from "./patch.ts";
import { stageVariables } from "./stage-variables.ts";
import { cacheCluster, createStage, putStage } from "./stages.ts";
import { vpcLinkUsesOf } from "./vpc-link-uses.ts";

interface CreateInput {
  restApiId: string;
  stageName?: string;
  stageDescription?: string;
  description?: string;
  cacheClusterEnabled?: boolean;
  cacheClusterSize?: string;
  variables?: Record<string, string | null>;
  canarySettings?: Partial<CanarySettings>;
  tracingEnabled?: boolean;
}

interface Identified {
  restApiId: string;
  deploymentId: string;
}

interface Embedding {
  /** `apisummary` shows the methods that were deployed. */
  embed?: string[];
}

export const deploymentHandlers: Handlers = {
  CreateDeployment(input: CreateInput, context) {
    const { store, publish } = context;
    const api = requireRestApi(context, input.restApiId);
    const canaryStage = input.canarySettings && canaryStageOf(api, input.stageName, context);
    const all = resources(store, api.id).list();
    checkMethods(all);
    const uses = vpcLinkUsesOf(all);
    const deployment: Deployment = compact({
      id: shortId(),
      description: input.description || undefined,
      createdDate: context.now,
      apiSummary: summaryOf(all),
      vpcLinkUses: uses.length > 0 ? uses : undefined,
    } as Deployment);
    deployments(store, api.id).put(deployment.id, deployment);
    publish.put(snapshotKey(api.id, deployment.id), snapshotOf(api, deployment.id, all, context));
    if (canaryStage && input.canarySettings) {
      canaryStage.canarySettings = canarySettingsOf(input.canarySettings, deployment.id);
      putStage(api.id, { ...canaryStage, lastUpdatedDate: context.now }, context);
    } else if (input.stageName) {
      deployTo(api, input.stageName, deployment.id, input, context);
    }
    return shown(deployment, {});
  },

  GetDeployment: (input: Identified & Embedding, context) => shown(requireDeployment(input, context), input),

  GetDeployments(input: PageRequest & Embedding & { restApiId: string }, context) {
    const api = requireRestApi(context, input.restApiId);
    const { items, ...next } = page(deployments(context.store, api.id).list(), input, ({ id }) => id);
    return { items: items.map((deployment) => shown(deployment, input)), ...next };
  },

  UpdateDeployment(input: Identified & { patchOperations?: PatchOperation[] }, context) {
    const deployment = applyPatch(patchTable, requireDeployment(input, context), input.patchOperations);
    deployments(context.store, input.restApiId).put(deployment.id, deployment);
    return shown(deployment, {});
  },

  DeleteDeployment(input: Identified, context) {
    const { id } = requireDeployment(input, context);
    const isUsed = ({ deploymentId, canarySettings }: Stage) =>
      deploymentId === id || canarySettings?.deploymentId === id;
    if (stages(context.store, input.restApiId).list().some(isUsed)) {
      throw badRequest("Active stages pointing to this deployment must be moved or deleted");
    }
    deployments(context.store, input.restApiId).delete(id);
    context.publish.delete(snapshotKey(input.restApiId, id));
    return undefined;
  },
};

function shown(
  { apiSummary, vpcLinkUses: _, ...deployment }: Deployment,
  { embed }: Embedding,
): Partial<Deployment> {
  return embed?.includes("apisummary") ? { ...deployment, apiSummary } : deployment;
}

const requireDeployment = ({ restApiId, deploymentId }: Identified, context: OperationContext): Deployment =>
  requireOfApi(deployments, restApiId, deploymentId, context, "Invalid Deployment identifier specified");

const patchTable: PatchTable<Deployment> = {
  refuse: refusePath,
  paths: { "/description": { replace: setMember("description", textOrNone) } },
};

/** Recorded: test_create_canary_deployment_validation. */
function canaryStageOf(api: RestApi, stageName: string | undefined, { store }: OperationContext): Stage {
  const fault = (text: string) => badRequest(`Invalid deployment content specified.${text}`);
  if (!stageName) {
    throw fault(
      `Non null and non empty stageName must be provided for canary deployment. Provided value is ${stageName ?? null}`,
    );
  }
  const stage = stages(store, api.id).get(stageName);
  if (!stage)
    throw fault(`Stage ${stageName} must already be created before making a canary release deployment`);
  return stage;
}

function checkMethods(all: Resource[]): void {
  const methods = all.flatMap(({ resourceMethods = {} }) => Object.values(resourceMethods));
  if (methods.length === 0) throw badRequest("The REST API doesn't contain any methods");
  if (methods.some(({ methodIntegration }) => !methodIntegration)) {
    throw badRequest("No integration defined for method");
  }
}

function summaryOf(all: Resource[]): Deployment["apiSummary"] {
  const withMethods = all.filter(
    ({ resourceMethods }) => resourceMethods && Object.keys(resourceMethods).length > 0,
  );
  return Object.fromEntries(
    withMethods.map(({ path, resourceMethods = {} }) => [
      path,
      Object.fromEntries(
        Object.values(resourceMethods).map(({ httpMethod, authorizationType, apiKeyRequired }) => [
          httpMethod,
          { authorizationType, apiKeyRequired },
        ]),
      ),
    ]),
  );
}

/** The API as it is now, with these resources. */
export function snapshotOf(
  api: RestApi,
  deploymentId: string,
  all: Resource[],
  { store }: OperationContext,
): RestSnapshot {
  return {
    protocol: "REST",
    apiId: api.id,
    deploymentId,
    api: compact({
      name: api.name,
      description: api.description,
      version: api.version,
      createdDate: api.createdDate,
      apiKeySource: api.apiKeySource,
      binaryMediaTypes: api.binaryMediaTypes,
      minimumCompressionSize: api.minimumCompressionSize,
      endpointConfiguration: api.endpointConfiguration,
      policy: api.policy,
      disableExecuteApiEndpoint: api.disableExecuteApiEndpoint,
    } as RestSnapshot["api"]),
    resources: all,
    models: models(store, api.id).list(),
    requestValidators: requestValidators(store, api.id).list(),
    gatewayResponses: gatewayResponses(store, api.id).list(),
    authorizers: authorizers(store, api.id).list(),
  };
}

/** Makes the stage, or moves it to the deployment; variables that are given join those it has. */
function deployTo(
  api: RestApi,
  stageName: string,
  deploymentId: string,
  input: CreateInput,
  context: OperationContext,
): void {
  const stage = stages(context.store, api.id).get(stageName);
  if (!stage) {
    const { stageDescription, cacheClusterEnabled, cacheClusterSize, variables, tracingEnabled } = input;
    const given = compact({
      deploymentId,
      description: stageDescription,
      cacheClusterEnabled,
      cacheClusterSize,
      variables,
      tracingEnabled,
    });
    createStage(api.id, stageName, given as Parameters<typeof createStage>[2], context);
    return;
  }
  const variables = stageVariables(input.variables);
  putStage(
    api.id,
    compact({
      ...stage,
      deploymentId,
      description: input.stageDescription || stage.description,
      ...cacheCluster(
        input.cacheClusterEnabled ?? stage.cacheClusterEnabled,
        input.cacheClusterSize ?? stage.cacheClusterSize,
      ),
      variables: variables ? { ...stage.variables, ...variables } : stage.variables,
      tracingEnabled: input.tracingEnabled ?? stage.tracingEnabled,
      lastUpdatedDate: context.now,
    } as Stage),
    context,
  );
}
