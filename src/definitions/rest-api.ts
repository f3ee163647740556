/**
 * The working copy of a REST API, in the shapes that the management API sends and takes (REST-JSON names).
 * Optional members are absent, never null. Source: API Gateway V1 API reference, "Data types".
 */

export type HttpMethod = "GET" | "POST" | "PUT" | "DELETE" | "PATCH" | "HEAD" | "OPTIONS" | "ANY";

export type EndpointType = "REGIONAL" | "EDGE" | "PRIVATE";

export interface EndpointConfiguration {
  types: EndpointType[];
  ipAddressType?: "ipv4" | "dualstack";
  vpcEndpointIds?: string[];
}

export interface RestApi {
  /** Ten characters of `a-z0-9`. */
  id: string;
  name: string;
  description?: string;
  version?: string;
  /** Unix time, seconds. */
  createdDate: number;
  apiKeySource: "HEADER" | "AUTHORIZER";
  binaryMediaTypes?: string[];
  /** Bytes, 0 to 10485760; absent means that compression is off. */
  minimumCompressionSize?: number;
  endpointConfiguration: EndpointConfiguration;
  /** The resource policy as JSON text, as it was given. */
  policy?: string;
  disableExecuteApiEndpoint: boolean;
  rootResourceId: string;
  tags?: Record<string, string>;
  securityPolicy?: string;
  endpointAccessMode?: string;
}

export interface Resource {
  /** Six characters of `a-z0-9`; the root's has ten. */
  id: string;
  parentId?: string;
  pathPart?: string;
  path: string;
  resourceMethods?: Partial<Record<HttpMethod, Method>>;
}

export interface Method {
  httpMethod: HttpMethod;
  authorizationType: string;
  authorizerId?: string;
  authorizationScopes?: string[];
  apiKeyRequired: boolean;
  operationName?: string;
  requestValidatorId?: string;
  /** `method.request.{path|querystring|header}.{name}` to "is required". */
  requestParameters?: Record<string, boolean>;
  /** Content type to model name. */
  requestModels?: Record<string, string>;
  methodResponses?: Record<string, MethodResponse>;
  methodIntegration?: Integration;
}

export interface MethodResponse {
  statusCode: string;
  responseParameters?: Record<string, boolean>;
  responseModels?: Record<string, string>;
}

export type IntegrationType = "HTTP" | "AWS" | "MOCK" | "HTTP_PROXY" | "AWS_PROXY";
export type PassthroughBehavior = "WHEN_NO_MATCH" | "WHEN_NO_TEMPLATES" | "NEVER";
export type ContentHandling = "CONVERT_TO_BINARY" | "CONVERT_TO_TEXT";

export interface Integration {
  type: IntegrationType;
  httpMethod?: string;
  uri?: string;
  connectionType?: "INTERNET" | "VPC_LINK";
  connectionId?: string;
  credentials?: string;
  requestParameters?: Record<string, string>;
  requestTemplates?: Record<string, string | null>;
  passthroughBehavior: PassthroughBehavior;
  contentHandling?: ContentHandling;
  /** Milliseconds, 50 to 29000. */
  timeoutInMillis: number;
  cacheNamespace: string;
  cacheKeyParameters: string[];
  integrationResponses?: Record<string, IntegrationResponse>;
  tlsConfig?: { insecureSkipVerification?: boolean };
  responseTransferMode?: "BUFFERED" | "STREAM";
  integrationTarget?: string;
}

export interface IntegrationResponse {
  statusCode: string;
  selectionPattern?: string;
  responseParameters?: Record<string, string>;
  responseTemplates?: Record<string, string | null>;
  contentHandling?: ContentHandling;
}

export interface Model {
  id: string;
  name: string;
  description?: string;
  contentType: string;
  /** JSON schema (draft 4) as text. */
  schema?: string;
}

export interface RequestValidator {
  id: string;
  name: string;
  validateRequestBody: boolean;
  validateRequestParameters: boolean;
}

export interface GatewayResponse {
  responseType: string;
  statusCode?: string;
  responseParameters?: Record<string, string>;
  responseTemplates?: Record<string, string>;
}

export interface Authorizer {
  id: string;
  name: string;
  type: "TOKEN" | "REQUEST" | "COGNITO_USER_POOLS";
  providerARNs?: string[];
  authType?: string;
  authorizerUri?: string;
  authorizerCredentials?: string;
  identitySource?: string;
  identityValidationExpression?: string;
  /** 0 to 3600; absent means 300. */
  authorizerResultTtlInSeconds?: number;
}

export interface Deployment {
  id: string;
  description?: string;
  /** Unix time, seconds. */
  createdDate: number;
  /** Resource path to method to what GetDeployment's `embed=apisummary` shows. */
  apiSummary: Record<string, Record<string, { authorizationType: string; apiKeyRequired: boolean }>>;
  /** Methods that go through a VPC link; not shown. */
  vpcLinkUses?: VpcLinkUse[];
}

export interface VpcLinkUse {
  /** As the integration has it: an id, or `${stageVariables.name}`. */
  connectionId: string;
  httpMethod: string;
  resourceId: string;
}

/** A VPC link of V1: to a Network Load Balancer. Its status follows from the settings and is not kept. */
export interface VpcLink {
  id: string;
  name: string;
  description?: string;
  /** One ARN. */
  targetArns: string[];
  tags?: Record<string, string>;
}

/** What a stage may show its backends. The private key is kept apart from it. */
export interface ClientCertificate {
  clientCertificateId: string;
  description?: string;
  /** The certificate alone. */
  pemEncodedCertificate: string;
  /** Unix times, seconds. */
  createdDate: number;
  expirationDate: number;
  tags?: Record<string, string>;
}

/** A certificate, and what proves that it is one's own; both PEM. */
export interface KeyPair {
  certificate: string;
  privateKey: string;
}

export interface MethodSetting {
  metricsEnabled: boolean;
  /** Absent until it is set: off. */
  loggingLevel?: "OFF" | "ERROR" | "INFO";
  dataTraceEnabled: boolean;
  /** Requests. */
  throttlingBurstLimit: number;
  /** Requests a second. */
  throttlingRateLimit: number;
  cachingEnabled: boolean;
  /** Seconds, 0 to 3600. */
  cacheTtlInSeconds: number;
  cacheDataEncrypted: boolean;
  requireAuthorizationForCacheControl: boolean;
  unauthorizedCacheControlHeaderStrategy:
    | "FAIL_WITH_403"
    | "SUCCEED_WITH_RESPONSE_HEADER"
    | "SUCCEED_WITHOUT_RESPONSE_HEADER";
}

export interface CanarySettings {
  deploymentId?: string;
  percentTraffic: number;
  stageVariableOverrides?: Record<string, string>;
  useStageCache: boolean;
}

export interface Stage {
  stageName: string;
  deploymentId: string;
  description?: string;
  clientCertificateId?: string;
  cacheClusterEnabled: boolean;
  cacheClusterSize?: string;
  cacheClusterStatus: string;
  /** `{resource path}/{method}` with `~1` for `/`, or `*` + `/*`, to settings. */
  methodSettings: Record<string, MethodSetting>;
  variables?: Record<string, string>;
  documentationVersion?: string;
  accessLogSettings?: { format?: string; destinationArn?: string };
  canarySettings?: CanarySettings;
  tracingEnabled: boolean;
  webAclArn?: string;
  /** How often the results of authorizers were flushed; not shown. */
  authorizerCacheFlushes?: number;
  tags?: Record<string, string>;
  /** Unix time, seconds. */
  createdDate: number;
  lastUpdatedDate: number;
}
