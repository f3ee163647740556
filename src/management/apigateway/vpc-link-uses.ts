/** Which deployed methods go through a VPC link: as long as there are some it cannot be deleted. */
import type { Resource, Stage, VpcLinkUse } from "../../definitions/rest-api.ts";
import type { OperationContext } from "../operation.ts";
import { badRequest } from "../protocol/service-error.ts";
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
  const uses = restApis(store)
    .list()
    .flatMap(({ id: apiId }) =>
      stages(store, apiId)
        .list()
        .flatMap((stage) =>
          deploymentsOf(stage)
            .flatMap(({ deploymentId, variables }) =>
              (deployments(store, apiId).get(deploymentId)?.vpcLinkUses ?? []).filter(
                ({ connectionId }) => filledIn(connectionId, variables) === linkId,
              ),
            )
            .map(({ httpMethod, resourceId }) => `${apiId}:${httpMethod}:${resourceId}:${stage.stageName}`),
        ),
    );
  if (uses.length === 0) return;
  const listed = [...new Set(uses)].join(", ");
  throw badRequest(
    `Cannot delete vpc link. Vpc link '${linkId}', is referenced in [${listed}] in format of [RESTApiId:Method:Resource:Stage].`,
  );
}

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
