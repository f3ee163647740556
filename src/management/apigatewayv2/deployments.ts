/** Deployment: an API frozen, for stages to name. Source: the guide's apigateway-set-up-websocket-deployment. */
import { snapshotKey } from "../../definitions/published.ts";
import type { Deployment } from "../../definitions/websocket-api.ts";
import type { Handlers, OperationContext } from "../operation.ts";
import { type TokenRequest, tokenPage } from "../protocol/paging.ts";
import { badRequest } from "../protocol/service-error.ts";
import { deployments, requireApi, requireOfApi, stages } from "./collections.ts";
import { deploy } from "./deploy.ts";
import { capitalized } from "./member-names.ts";
import { putStage, refuseAutoDeployed, requireStage } from "./stage-records.ts";
import { checkLengths } from "./update-rules.ts";

interface CreateInput {
  ApiId: string;
  StageName?: string;
  Description?: string;
}

interface Identified {
  ApiId: string;
  DeploymentId: string;
}

export const deploymentHandlers: Handlers = {
  CreateDeployment({ ApiId, StageName, Description }: CreateInput, context) {
    const api = requireApi(context, ApiId);
    const stage = StageName ? requireStage({ ApiId, StageName }, context) : undefined;
    if (stage) refuseAutoDeployed(stage);
    const deployment = deploy(api, { autoDeployed: false, description: Description }, context);
    if (stage) {
      const { deploymentId } = deployment;
      putStage(ApiId, { ...stage, deploymentId, lastUpdatedDate: context.now }, context);
    }
    return shown(deployment);
  },

  GetDeployment: (input: Identified, context) => shown(requireDeployment(input, context)),

  GetDeployments(input: TokenRequest & { ApiId: string }, context) {
    const { apiId } = requireApi(context, input.ApiId);
    const all = deployments(context.store, apiId).list();
    const { items, ...next } = tokenPage(all, input, ({ deploymentId }) => deploymentId);
    return { Items: items.map(shown), ...next };
  },

  UpdateDeployment(input: Identified & { Description?: string }, context) {
    const { description: before, ...rest } = requireDeployment(input, context);
    const description = input.Description ?? before;
    const deployment = { ...rest, ...(description ? { description } : {}) };
    checkLengths(deployment);
    deployments(context.store, input.ApiId).put(deployment.deploymentId, deployment);
    return shown(deployment);
  },

  DeleteDeployment(input: Identified, context) {
    const { deploymentId } = requireDeployment(input, context);
    const isUsed = stages(context.store, input.ApiId)
      .list()
      .some((stage) => stage.deploymentId === deploymentId);
    if (isUsed) throw badRequest("Active stages pointing to this deployment must be moved or deleted");
    deployments(context.store, input.ApiId).delete(deploymentId);
    context.publish.delete(snapshotKey(input.ApiId, deploymentId));
    return undefined;
  },
};

const requireDeployment = ({ ApiId, DeploymentId }: Identified, context: OperationContext): Deployment =>
  requireOfApi(deployments, "Deployment", ApiId, DeploymentId, context);

const shown = ({ vpcLinkUses: _, ...deployment }: Deployment) => ({
  ...capitalized(deployment),
  DeploymentStatus: "DEPLOYED",
});
