/**
 * AWS (custom) with a service of AWS: the request is what templates and mappings make of it, signed with the outbound
 * credentials, and the response is mapped like that of HTTP.
 * Sources: the guide's getting-started-aws-proxy and integrating-api-with-aws-services-{s3,kinesis}; recorded:
 * test_apigateway_{dynamodb,eventbridge,kinesis,s3,sqs,ssm,stepfunctions}.
 */
import type { Integration } from "../../definitions/rest-api.ts";
import { awsEndpoint } from "../../outbound/aws-endpoint.ts";
import { sign } from "../../outbound/sign.ts";
import type { AwsCredentials, Settings } from "../../settings.ts";
import { isBodylessMethod } from "../bodyless.ts";
import type { RestContext } from "../rest/context.ts";
import { configurationError } from "../rest/gateway-error.ts";
import { compileIntegrationRequest } from "../rest/integration-request.ts";
import { compileIntegrationResponses } from "../rest/integration-response.ts";
import { type AwsOperation, compileAwsUri } from "./aws-uri.ts";
import type { IsBinary } from "./binary-media-types.ts";
import { exchange, withinDeadline } from "./call-endpoint.ts";
import type { CalledIntegration, EndpointCall, EndpointRequest } from "./endpoint-request.ts";
import { queryString } from "./endpoint-uri.ts";
import { headerRules } from "./headers.ts";
import type { IntegrationContext } from "./integration-context.ts";
import { mappedHeaders } from "./mapped-headers.ts";

const utf8 = new TextEncoder();

/** `credentials` that stand for the caller's own. */
const callersCredentials = "arn:aws:iam::*:user/*";

export function compileAwsService(
  integration: Integration,
  isBinary: IsBinary,
): (context: RestContext) => Promise<Response> {
  const makeRequest = compileIntegrationRequest(integration, isBinary);
  const call = compileAwsServiceCall(integration);
  const respond = compileIntegrationResponses(integration, isBinary, true);
  return async (context) => {
    const answer = await call(await makeRequest(context), context);
    // S3 has a name of its own for it.
    context.awsEndpointRequestId = answer.headers.get("x-amz-request-id") ?? undefined;
    return respond(answer, String(answer.status), context);
  };
}

export function compileAwsServiceCall(integration: CalledIntegration): EndpointCall {
  const operationOf = compileAwsUri(integration.uri ?? "");
  const fixedMethod = integration.httpMethod === "ANY" ? undefined : integration.httpMethod;
  return async ({ payload, path, query, headers }, context) => {
    const credentials = credentialsOf(integration, context.settings);
    const operation = operationOf(path, context);
    const method = fixedMethod ?? context.request.method;
    const queries = [operation.query, queryString(query)].filter((text) => text !== "").join("&");
    const octets = (typeof payload === "string" ? utf8.encode(payload) : payload) as Uint8Array<ArrayBuffer>;
    const { url, ...init } = await sign(
      {
        url: `${awsEndpoint(operation, context.settings)}${operation.path}${queries === "" ? "" : `?${queries}`}`,
        method,
        headers: serviceHeaders(operation, headers, context),
        body: isBodylessMethod(method) ? null : octets,
        service: operation.service.signingName,
        region: operation.region,
      },
      credentials,
    );
    return withinDeadline(integration.timeoutInMillis, (signal) =>
      exchange(new Request(url, { ...init, redirect: "manual", signal }), payload, signal, context.log),
    );
  };
}

/** @throws GatewayError 500 without credentials: nothing is ever sent unsigned, or in a caller's name by mistake */
function credentialsOf(
  { credentials }: CalledIntegration,
  { outboundCredentials }: Settings,
): AwsCredentials {
  if (credentials === callersCredentials) {
    throw configurationError("Credentials of the caller cannot be passed on to AWS");
  }
  if (!outboundCredentials) {
    tellOnce();
    throw configurationError("There are no outbound credentials");
  }
  return outboundCredentials;
}

let isTold = false;

/** The operator, who can help it; not with every request. */
function tellOnce(): void {
  if (isTold) return;
  isTold = true;
  console.error(
    "An integration with a service of AWS was called without outbound credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
  );
}

/** Recorded: a service is not told the API's id. */
function serviceHeaders(
  { service, action }: AwsOperation,
  mapped: EndpointRequest["headers"],
  context: IntegrationContext,
): Headers {
  const own: EndpointRequest["headers"] = [];
  if (action !== undefined && service.target) {
    own.push(["Content-Type", service.target.contentType]);
    own.push(["X-Amz-Target", `${service.target.prefix}.${action}`]);
  }
  return mappedHeaders(mapped, headerRules.AWS, context, own);
}
