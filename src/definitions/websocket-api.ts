/**
 * The working copy of a WebSocket API, in the shapes that the management API sends and takes (REST-JSON names).
 * Optional members are absent, never null. Source: API Gateway V2 API reference.
 */
import type { ContentHandling, IntegrationType, PassthroughBehavior, VpcLinkUse } from "./rest-api.ts";

export interface WebSocketApi {
  /** Ten characters of `a-z0-9`; no REST API has the same. */
  apiId: string;
  name: string;
  protocolType: "WEBSOCKET";
  description?: string;
  version?: string;
  routeSelectionExpression: string;
  apiKeySelectionExpression: string;
  disableSchemaValidation?: boolean;
  disableExecuteApiEndpoint: boolean;
  ipAddressType: "ipv4" | "dualstack";
  tags: Record<string, string>;
  /** Unix time, seconds. */
  createdDate: number;
}

export interface Route {
  /** Seven characters of `a-z0-9`, as an integration's id. */
  routeId: string;
  /** `$connect`, `$disconnect`, `$default`, or a custom one. */
  routeKey: string;
  apiKeyRequired: boolean;
  /** Other than `NONE` for `$connect` alone. */
  authorizationType: "NONE" | "AWS_IAM" | "CUSTOM";
  authorizerId?: string;
  operationName?: string;
  modelSelectionExpression?: string;
  /** Model selection key to model name. */
  requestModels?: Record<string, string>;
  /** `route.request.{header|querystring}.{name}` to whether it must be there. */
  requestParameters?: Record<string, ParameterConstraints>;
  routeResponseSelectionExpression?: string;
  /** `integrations/{integrationId}` */
  target?: string;
  /** Not shown with the route. */
  routeResponses: RouteResponse[];
}

export interface ParameterConstraints {
  required: boolean;
}

export interface RouteResponse {
  routeResponseId: string;
  /** `$default` */
  routeResponseKey: string;
  modelSelectionExpression?: string;
  responseModels?: Record<string, string>;
  responseParameters?: Record<string, ParameterConstraints>;
}

export interface Integration {
  integrationId: string;
  integrationType: IntegrationType;
  description?: string;
  connectionType: "INTERNET" | "VPC_LINK";
  connectionId?: string;
  integrationMethod?: string;
  integrationUri?: string;
  credentialsArn?: string;
  contentHandlingStrategy?: ContentHandling;
  passthroughBehavior: PassthroughBehavior;
  payloadFormatVersion: string;
  /** `integration.request.{header|querystring|path}.{name}` to `route.request.…`, `context.…`, `stageVariables.…` or `'static'`. */
  requestParameters?: Record<string, string>;
  /** Template selection key to template. */
  requestTemplates?: Record<string, string>;
  templateSelectionExpression?: string;
  /** Absent for proxies: their answers pass as they are. */
  integrationResponseSelectionExpression?: string;
  /** Milliseconds, 50 to 29000. */
  timeoutInMillis: number;
  /** Not shown with the integration. */
  integrationResponses: IntegrationResponse[];
}

export interface IntegrationResponse {
  integrationResponseId: string;
  /** `$default`, or a regular expression between slashes: `/2\d\d/`. */
  integrationResponseKey: string;
  contentHandlingStrategy?: ContentHandling;
  responseParameters?: Record<string, string>;
  /** Template selection key to template. */
  responseTemplates?: Record<string, string>;
  templateSelectionExpression?: string;
}

export interface Model {
  modelId: string;
  name: string;
  description?: string;
  contentType: string;
  /** JSON schema (draft 4) as text. */
  schema: string;
}

export interface Authorizer {
  authorizerId: string;
  name: string;
  authorizerType: "REQUEST";
  authorizerUri: string;
  authorizerCredentialsArn?: string;
  /** `route.request.{header|querystring}.{name}`, `context.{name}` or `stageVariables.{name}`. */
  identitySource: string[];
  identityValidationExpression?: string;
}

export interface Deployment {
  deploymentId: string;
  description?: string;
  autoDeployed: boolean;
  /** Unix time, seconds. */
  createdDate: number;
  /** Routes that go through a VPC link; not shown. */
  vpcLinkUses?: VpcLinkUse[];
}

export interface RouteSettings {
  dataTraceEnabled?: boolean;
  detailedMetricsEnabled?: boolean;
  loggingLevel?: "OFF" | "ERROR" | "INFO";
  /** Requests; absent means the account's limit. */
  throttlingBurstLimit?: number;
  /** Requests a second; absent means the account's limit. */
  throttlingRateLimit?: number;
}

export interface Stage {
  stageName: string;
  description?: string;
  /** Absent until there is one. */
  deploymentId?: string;
  autoDeploy?: boolean;
  lastDeploymentStatusMessage?: string;
  clientCertificateId?: string;
  stageVariables: Record<string, string>;
  defaultRouteSettings: RouteSettings;
  /** By route key. */
  routeSettings: Record<string, RouteSettings>;
  accessLogSettings?: { destinationArn?: string; format?: string };
  tags: Record<string, string>;
  /** Unix time, seconds. */
  createdDate: number;
  lastUpdatedDate: number;
}
