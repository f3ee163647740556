/** Automatic deployments: stages that follow every change of their API. Source: API Gateway V2 API reference, `autoDeploy`. */
import type { Handler, Handlers, OperationContext } from "../operation.ts";
import { apis, stages } from "./collections.ts";
import { deployAutomatically } from "./deploy.ts";
import { putStage } from "./stage-records.ts";

/** The same handlers; those that change an API deploy it, to the stages that ask for it, in one transaction. */
export const autoDeploying = (handlers: Handlers): Handlers =>
  Object.fromEntries(
    Object.entries(handlers).map(([name, handler]) => [
      name,
      name.startsWith("Get") ? handler : followed(handler),
    ]),
  );

const followed =
  (handler: Handler): Handler<{ ApiId?: string }> =>
  (input, context) => {
    const output = handler(input, context);
    // An API that is new has no stages.
    if (input.ApiId !== undefined) autoDeploy(input.ApiId, context);
    return output;
  };

/** One deployment for all stages that follow. */
function autoDeploy(apiId: string, context: OperationContext): void {
  const api = apis(context.store).get(apiId);
  const following = stages(context.store, apiId)
    .list()
    .filter((stage) => stage.autoDeploy);
  if (!api || following.length === 0) return;
  const outcome = deployAutomatically(api, context);
  for (const stage of following) {
    putStage(apiId, { ...stage, ...outcome, lastUpdatedDate: context.now }, context);
  }
}
