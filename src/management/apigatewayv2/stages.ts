/**
 * Stage: a named reference to a deployment. Sources: the guide's websocket-api-stages and
 * apigateway-set-up-websocket-deployment; Terraform's acceptance tests (TestAccAPIGatewayV2Stage_basicWebSocket and its
 * neighbours).
 */
import { stageKey } from "../../definitions/published.ts";
import type { Stage } from "../../definitions/websocket-api.ts";
import { checkLogGroup, checkRouteLogFormat } from "../apigateway/access-log-rules.ts";
import { requireClientCertificate } from "../apigateway/client-certificates.ts";
import { stageVariables } from "../apigateway/stage-variables.ts";
import { illegalStageName } from "../apigateway/stages.ts";
import { tagsOf } from "../apigateway/tag-rules.ts";
import { leaveUsagePlans } from "../apigateway/usage-plan-records.ts";
import { compact } from "../openapi/json.ts";
import type { Handlers, OperationContext } from "../operation.ts";
import { type TokenRequest, tokenPage } from "../protocol/paging.ts";
import { badRequest, conflict } from "../protocol/service-error.ts";
import { deployments, requireApi, stages } from "./collections.ts";
import { deployAutomatically } from "./deploy.ts";
import { capitalized } from "./member-names.ts";
import {
  type GivenRouteSettings,
  joinedRouteSettings,
  noRouteSettings,
  routeSettingsOf,
  shownRouteSettings,
} from "./route-settings.ts";
import { type IdentifiedStage, putStage, refuseAutoDeployed, requireStage } from "./stage-records.ts";
import { checkLengths, joined, joinedTexts, requireRoom } from "./update-rules.ts";

interface Input extends IdentifiedStage {
  Description?: string;
  DeploymentId?: string;
  AutoDeploy?: boolean;
  ClientCertificateId?: string;
  StageVariables?: Record<string, string | null>;
  DefaultRouteSettings?: GivenRouteSettings;
  RouteSettings?: Record<string, GivenRouteSettings | null>;
  AccessLogSettings?: { DestinationArn?: string; Format?: string };
}

export const stageHandlers: Handlers = {
  CreateStage({ Tags, ...input }: Input & { Tags?: Record<string, string | null> }, context) {
    const { apiId } = requireApi(context, input.ApiId);
    const collection = stages(context.store, apiId);
    const stageName = stageNameOf(input.StageName);
    if (collection.has(stageName)) throw conflict("Stage already exists");
    requireRoom("Stages", collection);
    const settled: Stage = {
      stageName,
      stageVariables: {},
      defaultRouteSettings: {
        dataTraceEnabled: false,
        detailedMetricsEnabled: false,
        loggingLevel: "OFF",
      },
      routeSettings: {},
      tags: tagsOf(Tags) ?? {},
      createdDate: context.now,
      lastUpdatedDate: context.now,
    };
    return shown(updateStage(settled, input, context));
  },

  GetStage: (input: IdentifiedStage, context) => shown(requireStage(input, context)),

  GetStages(input: TokenRequest & { ApiId: string }, context) {
    const { apiId } = requireApi(context, input.ApiId);
    const all = stages(context.store, apiId).list();
    const { items, ...next } = tokenPage(all, input, ({ stageName }) => stageName);
    return { Items: items.map(shown), ...next };
  },

  UpdateStage: (input: Input, context) => shown(updateStage(requireStage(input, context), input, context)),

  DeleteStage(input: IdentifiedStage, context) {
    const { stageName } = requireStage(input, context);
    leaveUsagePlans(input.ApiId, stageName, context);
    stages(context.store, input.ApiId).delete(stageName);
    context.publish.delete(stageKey(input.ApiId, stageName));
    return undefined;
  },

  /**
   * Results of a WebSocket API's authorizers are not kept (V2 API reference: their TTL is "supported only for HTTP API
   * Lambda authorizers"), so there are none to forget.
   */
  ResetAuthorizersCache(input: IdentifiedStage, context) {
    requireStage(input, context);
    return undefined;
  },

  DeleteAccessLogSettings(input: IdentifiedStage, context) {
    const { accessLogSettings: _, ...stage } = requireStage(input, context);
    putStage(input.ApiId, { ...stage, lastUpdatedDate: context.now }, context);
    return undefined;
  },

  DeleteRouteSettings(input: IdentifiedStage & { RouteKey: string }, context) {
    const stage = requireStage(input, context);
    if (!Object.hasOwn(stage.routeSettings, input.RouteKey)) throw noRouteSettings(input.RouteKey);
    const routeSettings = joined(stage.routeSettings, { [input.RouteKey]: null }) ?? {};
    putStage(input.ApiId, { ...stage, routeSettings, lastUpdatedDate: context.now }, context);
    return undefined;
  },
};

/** HTTP APIs name their only stage `$default`; AWS's users report that WebSocket APIs may have one of that name. */
function stageNameOf(name: string): string {
  if (/^(?:[a-zA-Z0-9_-]{1,128}|\$default)$/.test(name)) return name;
  throw illegalStageName();
}

/** Characters of a stage variable's value; in V1 there are fewer. */
const longestVariable = 2048;

/** @throws ServiceError */
function updateStage(before: Stage, input: Input, context: OperationContext): Stage {
  const { ApiId: apiId } = input;
  const { AutoDeploy: autoDeploy = before.autoDeploy } = input;
  const stage: Stage = compact({
    ...before,
    // As measured on AWS, an empty one changes nothing, unlike that of an API.
    description: input.Description || before.description,
    autoDeploy,
    lastDeploymentStatusMessage: autoDeploy ? before.lastDeploymentStatusMessage : undefined,
    clientCertificateId: certificateOf(input.ClientCertificateId ?? before.clientCertificateId, context),
    stageVariables:
      stageVariables(joinedTexts(before.stageVariables, input.StageVariables), longestVariable) ?? {},
    defaultRouteSettings: routeSettingsOf(before.defaultRouteSettings, input.DefaultRouteSettings ?? {}),
    routeSettings: joinedRouteSettings(apiId, before.routeSettings, input.RouteSettings ?? {}, context.store),
    accessLogSettings: input.AccessLogSettings
      ? accessLogSettingsOf(before.accessLogSettings, input.AccessLogSettings)
      : before.accessLogSettings,
    lastUpdatedDate: context.now,
  } as Stage);
  checkLengths(stage);
  if (input.DeploymentId) {
    // Templates of AWS's users create stages with both.
    if (stages(context.store, apiId).has(stage.stageName)) refuseAutoDeployed(stage);
    stage.deploymentId = deploymentOf(apiId, input.DeploymentId, context);
  }
  if (stage.autoDeploy && !before.autoDeploy) {
    Object.assign(stage, deployAutomatically(requireApi(context, apiId), context));
  }
  putStage(apiId, stage, context);
  return stage;
}

function deploymentOf(apiId: string, deploymentId: string, { store }: OperationContext): string {
  if (!deployments(store, apiId).has(deploymentId)) throw badRequest("Deployment id does not exist");
  return deploymentId;
}

/** An empty text takes it away. */
const certificateOf = (id: string | undefined, context: OperationContext): string | undefined =>
  id ? requireClientCertificate(id, context).clientCertificateId : undefined;

const longestFormat = 1024;

/** Without members, access is no longer logged. The text for a missing one is AWS's as its users report it. */
function accessLogSettingsOf(
  before: Stage["accessLogSettings"],
  given: NonNullable<Input["AccessLogSettings"]>,
): Stage["accessLogSettings"] {
  if (!given.DestinationArn && !given.Format) return undefined;
  const { DestinationArn: destinationArn = before?.destinationArn, Format: format = before?.format } = given;
  if (!destinationArn || !format) {
    throw badRequest("Access Log value missing. Expected destinationArn and format.");
  }
  checkLogGroup(destinationArn);
  checkRouteLogFormat(format);
  if (format.length > longestFormat)
    throw badRequest(`Format cannot have more than ${longestFormat} characters`);
  return { destinationArn, format };
}
const shown = (stage: Stage) => ({
  ...capitalized(stage),
  DefaultRouteSettings: capitalized(stage.defaultRouteSettings),
  RouteSettings: shownRouteSettings(stage.routeSettings),
  ...(stage.accessLogSettings ? { AccessLogSettings: capitalized(stage.accessLogSettings) } : {}),
});
