/** Which deployed methods and routes go through a VPC link: as long as there are some it cannot be deleted. */
import type { Resource, Stage, VpcLinkUse } from "../../definitions/rest-api.ts";
import {
  apis as webSocketApis,
  deployments as webSocketDeployments,
  stages as webSocketStages,
} from "../apigatewayv2/collections.ts";
import type { OperationContext } from "../operation.ts";
import { badRequest } from "../protocol/service-error.ts";
import type { Store } from "../store.ts";
import { deployments, restApis, stages } from "./collections.ts";

/** Of the methods of an API as it is deployed. */
export function vpcLinkUsesOf(all: Resource[]): VpcLinkUse[] {
  return all.flatMap(({ id: resourceId, resourceMethods = {} }) =>
    Object.values(resourceMethods).flatMap(({ httpMethod, methodIntegration }) =>
      methodIntegration?.connectionType === "VPC_LINK" && methodIntegration.connectionId
        ? [{ connectionId: methodIntegration.connectionId, httpMethod, resourceId }]
        : [],
    ),
  );
}

/**
 * Reported of AWS: `Vpc link 'eqbvkp', is referenced in [d3dx85qvqh:POST:1knc2d:stage, …]`. Methods that are in no
 * stage do not count.
 * @throws ServiceError BadRequestException
 */
export function requireUnused(linkId: string, { store }: OperationContext): void {
  const uses = [...ofRestApis(store), ...ofWebSocketApis(store)].flatMap(
    ({ apiId, stageName, variables, vpcLinkUses = [] }) =>
      vpcLinkUses
        .filter(({ connectionId }) => filledIn(connectionId, variables) === linkId)
        .map(({ httpMethod, resourceId }) => `${apiId}:${httpMethod}:${resourceId}:${stageName}`),
  );
  if (uses.length === 0) return;
  const listed = [...new Set(uses)].join(", ");
  throw badRequest(
    `Cannot delete vpc link. Vpc link '${linkId}', is referenced in [${listed}] in format of [RESTApiId:Method:Resource:Stage].`,
  );
}

interface DeployedStage {
  apiId: string;
  stageName: string;
  variables: Record<string, string>;
  vpcLinkUses: VpcLinkUse[] | undefined;
}

const ofRestApis = (store: Store): DeployedStage[] =>
  restApis(store)
    .list()
    .flatMap(({ id: apiId }) =>
      stages(store, apiId)
        .list()
        .flatMap((stage) =>
          deploymentsOf(stage).map(({ deploymentId, variables }) => ({
            apiId,
            stageName: stage.stageName,
            variables,
            vpcLinkUses: deployments(store, apiId).get(deploymentId)?.vpcLinkUses,
          })),
        ),
    );

const ofWebSocketApis = (store: Store): DeployedStage[] =>
  webSocketApis(store)
    .list()
    .flatMap(({ apiId }) =>
      webSocketStages(store, apiId)
        .list()
        .map(({ stageName, stageVariables: variables, deploymentId = "" }) => ({
          apiId,
          stageName,
          variables,
          vpcLinkUses: webSocketDeployments(store, apiId).get(deploymentId)?.vpcLinkUses,
        })),
    );

/** The stage's own, and its canary's. */
function deploymentsOf({ deploymentId, variables = {}, canarySettings }: Stage) {
  const own = { deploymentId, variables };
  if (!canarySettings?.deploymentId) return [own];
  const overridden = { ...variables, ...canarySettings.stageVariableOverrides };
  return [own, { deploymentId: canarySettings.deploymentId, variables: overridden }];
}

const filledIn = (connectionId: string, variables: Record<string, string>): string =>
  connectionId.replace(/\$\{stageVariables\.(\w+)\}/g, (_, name: string) =>
    Object.hasOwn(variables, name) ? (variables[name] as string) : "",
  );
