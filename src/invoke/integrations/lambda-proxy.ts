/**
 * Lambda proxy integrations (AWS_PROXY): the request as an event to a function, the function's result as the
 * response. Source: the guide's set-up-lambda-proxy-integrations.
 */
import { Buffer } from "node:buffer";
import type { Integration, Stage } from "../../definitions/rest-api.ts";
import type { Env } from "../../settings.ts";
import type { ExecutionLog } from "../rest/execution-log.ts";
import { internalError } from "../rest/gateway-error.ts";
import type { IsBinary } from "./binary-media-types.ts";
import { headerRules } from "./headers.ts";
import { callLambda, errorMessageOf, isLonger, type LambdaCall, maximumPayload } from "./lambda.ts";
import { type LambdaProxyRequest, lambdaProxyEvent } from "./lambda-proxy-event.ts";
import {
  type LambdaProxyResponse,
  MalformedLambdaProxyResponse,
  malformedResponse,
  readLambdaProxyResponse,
} from "./lambda-proxy-response.ts";
import { streamLambdaProxy } from "./lambda-proxy-stream.ts";
import { compileLambdaUri } from "./lambda-uri.ts";
import { idleTimeout } from "./proxied-body.ts";

/** A request as far as the way up to the integration has come. */
export interface LambdaProxyInvocation
  extends Omit<LambdaProxyRequest, "headers" | "body" | "isBase64Encoded"> {
  headers: Headers;
  /** At most the API's 10 MB; null when the request has none. */
  body: Uint8Array | null;
  stageVariableValues: Stage["variables"];
  /** `arn:aws:execute-api:{region}:{account}:{apiId}/{stage}/{method}{resource path}` */
  methodArn: string;
  env: Env;
  log?: ExecutionLog | undefined;
  waitUntil: (work: Promise<unknown>) => void;
}

export type LambdaProxyIntegration = (invocation: LambdaProxyInvocation) => Promise<LambdaProxyResponse>;

/**
 * Does once what no request need do again.
 * @param isBinary by the API's binary media types
 * @returns what invokes the integration; it throws GatewayError: 500 for a bad configuration and a body that should
 *   be base64 and isn't, 502 for an error in the function and for a result that is no proxy response, 504 after the
 *   integration's timeout
 */
export function compileLambdaProxy(
  integration: Integration,
  isBinary: IsBinary,
  isEdge: boolean,
): LambdaProxyIntegration {
  // Recorded: test_lambda_aws_proxy_integration_non_post_method.
  if (integration.httpMethod !== "POST") {
    return () => Promise.reject(internalError("INTEGRATION_FAILURE"));
  }
  if (mapsIllegalHeader(integration)) return () => Promise.reject(internalError());
  const functionOf = compileLambdaUri(integration.uri ?? "");
  return async (invocation) => {
    const named = functionOf(invocation.stageVariableValues);
    if (!named) throw internalError("API_CONFIGURATION_ERROR");
    const { headers, body } = invocation;
    const isBase64Encoded = body !== null && body.byteLength > 0 && isBinary(headers.get("content-type"));
    const call: LambdaCall = {
      env: invocation.env,
      function: named,
      payload: lambdaProxyEvent({
        ...invocation,
        body: body && textOf(body, isBase64Encoded),
        isBase64Encoded,
      }),
      requestId: invocation.requestContext.requestId,
      ...(integration.credentials ? {} : { sourceArn: invocation.methodArn }),
      log: invocation.log,
      timeout: integration.timeoutInMillis,
      waitUntil: invocation.waitUntil,
    };
    if (integration.responseTransferMode === "STREAM") return streamLambdaProxy(call, idleTimeout(isEdge));
    return callLambdaProxy(call, isBinary(headers.get("accept")));
  };
}

/** @throws GatewayError as `callLambda`, and 502 for a function that fails, or whose result is no proxy response */
export async function callLambdaProxy(
  call: LambdaCall,
  acceptsBinary: boolean,
): Promise<LambdaProxyResponse> {
  const result = await callLambda(call);
  if (result.functionError) {
    throw internalError("DEFAULT_5XX", 502).because(
      `Lambda execution failed with status 200 due to customer function error: ${errorMessageOf(result.payload) ?? result.payload}. Lambda request id: ${call.requestId}`,
    );
  }
  if (isLonger(result.payload, maximumPayload)) {
    throw malformedResponse();
  }
  try {
    return readLambdaProxyResponse(result.payload, acceptsBinary);
  } catch (error) {
    if (!(error instanceof MalformedLambdaProxyResponse)) throw error;
    throw malformedResponse(error.status);
  }
}

/**
 * Recorded, test_apigateway_header_remapping_aws[AWS_PROXY]: mapped parameters have no effect, yet mapping one of
 * these headers fails the request.
 */
export function mapsIllegalHeader({ requestParameters }: Pick<Integration, "requestParameters">): boolean {
  const prefix = "integration.request.header.";
  return Object.keys(requestParameters ?? {}).some(
    (target) =>
      target.startsWith(prefix) &&
      headerRules.AWS_PROXY.illegalToMap.has(target.slice(prefix.length).toLowerCase()),
  );
}

const utf8 = new TextDecoder("utf-8", { fatal: false, ignoreBOM: true });

/** Octets that are not UTF-8 become U+FFFD. */
const textOf = (body: Uint8Array, asBase64: boolean): string =>
  asBase64
    ? Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("base64")
    : utf8.decode(body);
