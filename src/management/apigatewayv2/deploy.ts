/** Freezes an API into a snapshot for the data plane. Source: the guide's apigateway-set-up-websocket-deployment. */
import { snapshotKey, type WebSocketSnapshot } from "../../definitions/published.ts";
import type { VpcLinkUse } from "../../definitions/rest-api.ts";
import type { Deployment, Integration, Route, Stage, WebSocketApi } from "../../definitions/websocket-api.ts";
import { shortId } from "../apigateway/ids.ts";
import type { OperationContext } from "../operation.ts";
import { badRequest, ServiceError } from "../protocol/service-error.ts";
import { authorizers, deployments, integrations, models, routes } from "./collections.ts";
import { checkLengths } from "./update-rules.ts";

/**
 * Freezes the API as it is now. Nothing is written when it cannot be.
 * @throws ServiceError BadRequestException; the text is AWS's as its users report it
 */
export function deploy(
  api: WebSocketApi,
  { autoDeployed, description }: { autoDeployed: boolean; description: string | undefined },
  context: OperationContext,
): Deployment {
  const { store, publish, now } = context;
  const allRoutes = routes(store, api.apiId).list();
  if (allRoutes.length === 0) throw badRequest("At least one route is required before deploying the Api.");
  const allIntegrations = integrations(store, api.apiId).list();
  const uses = vpcLinkUsesOf(allRoutes, allIntegrations);
  const deployment: Deployment = {
    deploymentId: shortId(),
    ...(description ? { description } : {}),
    autoDeployed,
    createdDate: now,
    ...(uses.length > 0 ? { vpcLinkUses: uses } : {}),
  };
  checkLengths(deployment);
  const snapshot: WebSocketSnapshot = {
    protocol: "WEBSOCKET",
    apiId: api.apiId,
    deploymentId: deployment.deploymentId,
    api: {
      name: api.name,
      routeSelectionExpression: api.routeSelectionExpression,
      apiKeySelectionExpression: api.apiKeySelectionExpression,
      disableExecuteApiEndpoint: api.disableExecuteApiEndpoint,
    },
    routes: allRoutes,
    integrations: allIntegrations,
    models: models(store, api.apiId).list(),
    authorizers: authorizers(store, api.apiId).list(),
  };
  publish.put(snapshotKey(api.apiId, deployment.deploymentId), snapshot);
  deployments(store, api.apiId).put(deployment.deploymentId, deployment);
  return deployment;
}

/** A route has no method; its key stands in its place. */
function vpcLinkUsesOf(allRoutes: Route[], allIntegrations: Integration[]): VpcLinkUse[] {
  const links = new Map<string, string>(
    allIntegrations.flatMap(({ integrationId, connectionId }) =>
      connectionId === undefined ? [] : [[`integrations/${integrationId}`, connectionId] as const],
    ),
  );
  return allRoutes.flatMap(({ routeId, routeKey, target = "" }) => {
    const connectionId = links.get(target);
    return connectionId === undefined ? [] : [{ connectionId, httpMethod: routeKey, resourceId: routeId }];
  });
}

/**
 * The same for stages that follow every change. One that fails leaves them where they are, and says so; the texts are
 * AWS's as its users report them.
 */
export function deployAutomatically(
  api: WebSocketApi,
  context: OperationContext,
): Pick<Stage, "deploymentId" | "lastDeploymentStatusMessage"> {
  const description = "Automatic deployment triggered by changes to the Api configuration";
  try {
    const { deploymentId } = deploy(api, { autoDeployed: true, description }, context);
    return {
      deploymentId,
      lastDeploymentStatusMessage: `Successfully deployed stage with deployment ID '${deploymentId}'`,
    };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return { lastDeploymentStatusMessage: `Deployment attempt failed: ${error.message}` };
  }
}
