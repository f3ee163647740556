/** Where stages are stored, and the records of them that the data plane reads. */
import { stageKey, type WebSocketStageRecord } from "../../definitions/published.ts";
import type { Stage } from "../../definitions/websocket-api.ts";
import type { OperationContext } from "../operation.ts";
import { badRequest, notFound } from "../protocol/service-error.ts";
import { requireApi, stages } from "./collections.ts";

export interface IdentifiedStage {
  ApiId: string;
  StageName: string;
}

/** @throws ServiceError NotFoundException */
export function requireStage({ ApiId, StageName }: IdentifiedStage, context: OperationContext): Stage {
  const { apiId } = requireApi(context, ApiId);
  const stage = stages(context.store, apiId).get(StageName);
  if (!stage) throw notFound("Invalid stage identifier specified");
  return stage;
}

/** Stores the stage and, once it has a deployment, lets the data plane see it. */
export function putStage(apiId: string, stage: Stage, { store, publish }: OperationContext): void {
  stages(store, apiId).put(stage.stageName, stage);
  const { deploymentId } = stage;
  if (deploymentId === undefined) return;
  const record: WebSocketStageRecord = {
    protocol: "WEBSOCKET",
    apiId,
    stage: { ...stage, deploymentId, version: Date.now() },
  };
  publish.put(stageKey(apiId, stage.stageName), record);
}

/** V2 API reference, Stage: "Can't be updated if autoDeploy is enabled." The text is a guess. @throws ServiceError */
export function refuseAutoDeployed({ autoDeploy }: Stage): void {
  if (autoDeploy) throw badRequest("Deployment ID cannot be updated when autoDeploy is enabled");
}
