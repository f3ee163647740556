/**
 * The event that a function is called with for a request, in the REST format (version 1.0).
 * Sources: the guide's set-up-lambda-proxy-integrations, "Input format"; recorded:
 * test_lambda_aws_proxy_integration, test_lambda_aws_proxy_integration_request_data_mapping,
 * test_apigateway_header_remapping_aws[AWS_PROXY]. The order of members is that of events as AWS sends them.
 *
 * It is written as text straight away: names that clients choose (`__proto__` among them) never become members of
 * an object, and each value is quoted once for both of its maps.
 */
import { canonicalHeaderName } from "./header-names.ts";
import { headerRules, isSignature } from "./headers.ts";

/** Who calls, as far as it is known; what is unknown is null, or for the last members absent. */
export interface RequestIdentity {
  cognitoIdentityPoolId: string | null;
  accountId: string | null;
  cognitoIdentityId: string | null;
  caller: string | null;
  sourceIp: string | null;
  principalOrgId: string | null;
  accessKey: string | null;
  cognitoAuthenticationType: string | null;
  cognitoAuthenticationProvider: string | null;
  userArn: string | null;
  userAgent: string | null;
  user: string | null;
  /** Present when the method requires an API key. */
  apiKey?: string;
  apiKeyId?: string;
  clientCert?: object;
}

export interface RequestContext {
  resourceId: string;
  /** Present when an authorizer ran. */
  authorizer?: object;
  operationName?: string;
  resourcePath: string;
  httpMethod: string;
  extendedRequestId: string;
  /** In the Common Log Format: `04/Mar/2020:19:15:17 +0000`. */
  requestTime: string;
  /** With the stage, as the client wrote it. */
  path: string;
  accountId: string;
  protocol: string;
  stage: string;
  domainPrefix: string;
  /** Unix time, milliseconds. */
  requestTimeEpoch: number;
  requestId: string;
  identity: RequestIdentity;
  domainName: string;
  deploymentId: string;
  apiId: string;
  /** Present for response templates, when the endpoint is a service of AWS. */
  awsEndpointRequestId?: string;
  /** Present when the stage has a canary. */
  isCanaryRequest?: boolean;
}

export interface LambdaProxyRequest {
  /** The resource's path, such as `/pets/{petId}`. */
  resource: string;
  /** Without the stage and without repeated leading slashes, still percent-encoded. */
  path: string;
  httpMethod: string;
  /** Lower-case names in alphabetical order, as `Headers` iterates. */
  headers: Iterable<readonly [name: string, value: string]>;
  /** Casings of names that the API's author has given, by the lower-case name; others have the usual one. */
  headerNames?: HeaderNames;
  /** Headers of the gateway's own, in the same form; they replace the client's. */
  gatewayHeaders: readonly (readonly [name: string, value: string])[];
  query: ReadonlyMap<string, readonly string[]>;
  /** Still percent-encoded: recorded, `user/test%2Balias@gmail.com`. */
  pathParameters: Readonly<Record<string, string>> | undefined;
  /** JSON text of the stage's variables; `null` when it has none. */
  stageVariables: string;
  requestContext: RequestContext;
  /** Text, or base64 of a binary body; null or empty when there is none. */
  body: string | null;
  isBase64Encoded: boolean;
}

/** @returns the JSON text of the event */
export function lambdaProxyEvent(request: LambdaProxyRequest): string {
  return (
    `{${requestMembers(request, "null")},"body":${request.body ? JSON.stringify(request.body) : "null"}` +
    `,"isBase64Encoded":${request.isBase64Encoded}}`
  );
}

/**
 * The members that say what was asked for, in the events of integrations and of authorizers.
 * @param none what stands for parameters that are not there
 */
export function requestMembers(
  request: Omit<LambdaProxyRequest, "body" | "isBase64Encoded">,
  none: "null" | "{}",
): string {
  const headers = headerMaps(request.headers, request.gatewayHeaders, { names: request.headerNames });
  const query = queryMaps(request.query, none);
  const pathParameters = request.pathParameters ? JSON.stringify(request.pathParameters) : "{}";
  const { stageVariables } = request;
  return (
    `"resource":${JSON.stringify(request.resource)},"path":${JSON.stringify(request.path)}` +
    `,"httpMethod":${JSON.stringify(request.httpMethod)}` +
    `,"headers":${headers.single},"multiValueHeaders":${headers.multi}` +
    `,"queryStringParameters":${query.single},"multiValueQueryStringParameters":${query.multi}` +
    `,"pathParameters":${pathParameters === "{}" ? none : pathParameters}` +
    `,"stageVariables":${stageVariables === "null" ? none : stageVariables}` +
    `,"requestContext":${JSON.stringify(request.requestContext)}`
  );
}

export type HeaderNames = ReadonlyMap<string, string>;

interface Maps {
  single: string;
  multi: string;
}

/** Both sides are sorted, so one pass merges them. */
export function headerMaps(
  headers: LambdaProxyRequest["headers"],
  gatewayHeaders: LambdaProxyRequest["gatewayHeaders"],
  {
    notPassedOn = headerRules.AWS_PROXY.notPassedOn,
    names,
  }: { notPassedOn?: ReadonlySet<string>; names?: HeaderNames | undefined } = {},
): Maps {
  const maps: Maps = { single: "", multi: "" };
  let next = 0;
  for (const [name, value] of headers) {
    for (; next < gatewayHeaders.length; next++) {
      const own = gatewayHeaders[next] as readonly [string, string];
      if (own[0] >= name) break;
      addHeader(maps, own[0], own[1]);
    }
    if (gatewayHeaders[next]?.[0] === name || notPassedOn.has(name)) continue;
    if (name === "authorization" && isSignature(value)) continue;
    addHeader(maps, name, value, names);
  }
  for (; next < gatewayHeaders.length; next++) {
    const own = gatewayHeaders[next] as readonly [string, string];
    addHeader(maps, own[0], own[1]);
  }
  return { single: `{${maps.single}}`, multi: `{${maps.multi}}` };
}

function addHeader(maps: Maps, name: string, value: string, names?: HeaderNames): void {
  // A header's name is a token: nothing in it needs escaping.
  const key = `${maps.single === "" ? "" : ","}"${names?.get(name) ?? canonicalHeaderName(name)}":`;
  const quoted = JSON.stringify(value);
  maps.single += key + quoted;
  maps.multi += `${key}[${quoted}]`;
}

/** The last of several values is the single one. */
export function queryMaps(query: LambdaProxyRequest["query"], none: string): Maps {
  if (query.size === 0) return { single: none, multi: none };
  let single = "";
  let multi = "";
  for (const [name, values] of query) {
    const key = `${single === "" ? "" : ","}${JSON.stringify(name)}:`;
    single += key + JSON.stringify(values[values.length - 1]);
    multi += key + JSON.stringify(values);
  }
  return { single: `{${single}}`, multi: `{${multi}}` };
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const two = (number: number) => (number < 10 ? `0${number}` : `${number}`);

/**
 * @param time Unix time, milliseconds
 * @returns the time in the Common Log Format, UTC: `04/Mar/2020:19:15:17 +0000`
 */
export function requestTime(time: number): string {
  const date = new Date(time);
  return (
    `${two(date.getUTCDate())}/${months[date.getUTCMonth()]}/${date.getUTCFullYear()}` +
    `:${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())} +0000`
  );
}
