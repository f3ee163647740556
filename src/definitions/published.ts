/**
 * What the control plane publishes and the data plane reads: immutable snapshots and small stage records,
 * each a JSON value in KV under the key that the functions at the end give.
 */
import type {
  Authorizer,
  GatewayResponse,
  Model,
  RequestValidator,
  Resource,
  RestApi,
  Stage,
} from "./rest-api.ts";
import type * as WebSocket from "./websocket-api.ts";

/** A REST API as it was when the deployment was made. Never changes once written. */
export interface RestSnapshot {
  protocol: "REST";
  apiId: string;
  deploymentId: string;
  api: Pick<
    RestApi,
    | "name"
    | "apiKeySource"
    | "binaryMediaTypes"
    | "minimumCompressionSize"
    | "endpointConfiguration"
    | "policy"
    | "disableExecuteApiEndpoint"
  > &
    // What an export says of the API; nothing of an invoke needs it.
    Partial<Pick<RestApi, "description" | "version" | "createdDate">>;
  resources: Resource[];
  models: Model[];
  requestValidators: RequestValidator[];
  gatewayResponses: GatewayResponse[];
  authorizers: Authorizer[];
}

/** A stage: names its deployment, and holds what can change without a new one. */
export interface RestStageRecord {
  protocol: "REST";
  apiId: string;
  /** Grows with each change: Unix time, milliseconds. */
  version: number;
  stage: Stage;
}

/** A WebSocket API as it was when the deployment was made. Never changes once written. */
export interface WebSocketSnapshot {
  protocol: "WEBSOCKET";
  apiId: string;
  deploymentId: string;
  api: Pick<
    WebSocket.WebSocketApi,
    "name" | "routeSelectionExpression" | "apiKeySelectionExpression" | "disableExecuteApiEndpoint"
  >;
  /** With their route responses. */
  routes: WebSocket.Route[];
  /** With their integration responses. */
  integrations: WebSocket.Integration[];
  models: WebSocket.Model[];
  authorizers: WebSocket.Authorizer[];
}

/** A stage of a WebSocket API; without a deployment it is not published. */
export interface WebSocketStageRecord {
  protocol: "WEBSOCKET";
  apiId: string;
  stage: PublishedWebSocketStage;
}

interface PublishedWebSocketStage extends WebSocket.Stage {
  deploymentId: string;
  /** Grows with each change: Unix time, milliseconds. */
  version: number;
}

/** What an integration needs of a VPC link. */
export interface VpcLinkRecord {
  version: "V1" | "V2";
  name: string;
  /** ARN of the load balancer; a V2 link has none, its integrations say it. */
  targetArn?: string;
}

/** All VPC links, by id: a value of its own, read together with the stages that use some. */
export type VpcLinkRecords = Record<string, VpcLinkRecord>;

export const vpcLinksKey = "vpc-links";
export const snapshotKey = (apiId: string, deploymentId: string) => `snapshot/${apiId}/${deploymentId}`;
export const stageKey = (apiId: string, stageName: string) => `stage/${apiId}/${stageName}`;
/** A function's configuration and permissions, all versions and aliases: what an invoke needs of it. */
export const functionKey = (name: string) => `function/${name}`;
/** A function's modules, by the hash of its zip. */
export const functionCodeKey = (sha256: string) => `function-code/${sha256}`;
