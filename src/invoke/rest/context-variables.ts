/**
 * The variables of `$context`, each with what makes it: most who ask for one ask for no other.
 * Source: the guide's api-gateway-mapping-template-reference.
 */
import { identityOf } from "../access/iam.ts";
import {
  type RequestContext,
  type RequestIdentity,
  requestTime,
} from "../integrations/lambda-proxy-event.ts";
import type { RestContext } from "./context.ts";

type Make<Name extends keyof RequestContext> = (context: RestContext) => RequestContext[Name] | undefined;

/** In the order in which functions see them; what is undefined is not there. */
const variables: { readonly [Name in keyof RequestContext]-?: Make<Name> } = {
  resourceId: ({ resource }) => resource?.id ?? "",
  authorizer: ({ authorizer }) =>
    authorizer && {
      ...authorizer.context,
      principalId: authorizer.principalId,
      integrationLatency: authorizer.integrationLatency,
    },
  operationName: ({ method }) => method?.operationName || undefined,
  resourcePath: ({ resource }) => resource?.path ?? "",
  httpMethod: ({ request }) => request.method,
  extendedRequestId: ({ extendedRequestId }) => extendedRequestId,
  requestTime: ({ startedAt }) => requestTime(startedAt),
  path: ({ located }) => `/${located.stageName}${located.path}`,
  accountId: ({ settings }) => settings.accountId,
  protocol: () => "HTTP/1.1",
  stage: ({ located }) => located.stageName,
  domainPrefix: (context) => domainName(context).split(".", 1)[0] as string,
  requestTimeEpoch: ({ startedAt }) => startedAt,
  requestId: ({ requestId }) => requestId,
  identity: (context) => identity(context),
  domainName: (context) => domainName(context),
  deploymentId: ({ stage }) => stage.stage.deploymentId,
  apiId: ({ located }) => located.apiId,
  awsEndpointRequestId: ({ awsEndpointRequestId }) => awsEndpointRequestId,
  isCanaryRequest: () => undefined,
};

const names = Object.keys(variables) as (keyof RequestContext)[];

/** @returns undefined for one that is not there */
export function variableOf(context: RestContext, name: string): unknown {
  return Object.hasOwn(variables, name) ? variables[name as keyof RequestContext](context) : undefined;
}

export function variablesOf(context: RestContext): RequestContext {
  const all: Record<string, unknown> = {};
  for (const name of names) {
    const value = variables[name](context);
    if (value !== undefined) all[name] = value;
  }
  return all as unknown as RequestContext;
}

/** The host without its port. */
function domainName({ located: { host } }: RestContext): string {
  const colon = host.lastIndexOf(":");
  return colon > host.lastIndexOf("]") ? host.slice(0, colon) : host;
}

function identity({ connection, request, apiKey, principal }: RestContext): RequestIdentity {
  return {
    ...(apiKey ? { apiKey: apiKey.value, apiKeyId: apiKey.keyId } : {}),
    cognitoIdentityPoolId: null,
    accountId: null,
    cognitoIdentityId: null,
    caller: null,
    sourceIp: connection.sourceIp,
    principalOrgId: null,
    accessKey: null,
    cognitoAuthenticationType: null,
    cognitoAuthenticationProvider: null,
    userArn: null,
    userAgent: request.headers.get("user-agent"),
    user: null,
    ...(principal ? identityOf(principal) : {}),
  };
}
