/** Calls the function that an integration names: the one place that knows where functions are. */

import { type FunctionPlace, functionAt, type LazySignal } from "../../functions/function-place.ts";
import type { FunctionResult } from "../../functions/function-record.ts";
import { FunctionUnavailable } from "../../functions/invoke-function.ts";
import type { Env } from "../../settings.ts";
import type { ExecutionLog } from "../rest/execution-log.ts";
import { configurationError, GatewayError } from "../rest/gateway-error.ts";
import type { LambdaFunctionReference } from "./lambda-uri.ts";

export interface LambdaCall {
  env: Env;
  function: LambdaFunctionReference;
  /** JSON text of the event. */
  payload: string;
  requestId: string;
  /** Whether it is only handed over, and nothing waits for its result. */
  isEvent?: boolean;
  /**
   * ARN of the method that calls, for the function's resource policy. Absent when the integration has credentials
   * of its own: then the role, not the policy, lets it in.
   */
  sourceArn?: string;
  log: Pick<ExecutionLog, "endpointRequest" | "endpointResponse"> | undefined;
  /** Milliseconds. */
  timeout: number;
  waitUntil: (work: Promise<unknown>) => void;
}

/** Lambda's own limit, bytes, of a synchronous invoke's payload and of its result (lambda quotas). */
export const maximumPayload = 6_291_556;

/**
 * Calls the function and waits, at most for `timeout`; a function that takes longer still runs to its end, as it
 * does on AWS. An event is answered as soon as the function is found and lets the API in.
 * @throws GatewayError 500 when the function is not there or does not let the API in, 413 when the event is too
 *   large for Lambda, 504 after `timeout`
 */
export async function callLambda(call: LambdaCall): Promise<FunctionResult> {
  const startedAt = Date.now();
  const answer = await withinTimeout(call, (signal) => invoke(call, signal));
  call.log?.endpointResponse(200, Date.now() - startedAt, responseHeaders(answer), answer.payload);
  return answer;
}

/**
 * Calls the function for what it writes, as it does.
 * @param within has what must have come within the timeout
 * @throws GatewayError as `callLambda`
 */
export const streamLambda = <Result>(
  call: LambdaCall,
  within: (stream: ReadableStream<Uint8Array>) => Promise<Result>,
): Promise<Result> =>
  withinTimeout(call, async (signal) => within(await (await placeOf(call)).stream(signal)));

async function withinTimeout<Result>(
  call: LambdaCall,
  work: (signal: LazySignal) => Promise<Result>,
): Promise<Result> {
  if (isLonger(call.payload, maximumPayload)) throw new GatewayError("REQUEST_TOO_LARGE", "Request Too Long");
  let timer: ReturnType<typeof setTimeout> | undefined;
  let controller: AbortController | undefined;
  const signal = () => {
    controller ??= new AbortController();
    return controller.signal;
  };
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(
        new GatewayError("INTEGRATION_TIMEOUT", "Endpoint request timed out").because(
          "Execution failed due to a timeout error",
        ),
      );
      controller ??= new AbortController();
      controller.abort();
    }, call.timeout);
  });
  call.log?.endpointRequest(invocationUri(call.function), requestHeaders(call), call.payload);
  const result = work(signal);
  try {
    return await Promise.race([result, timeout]);
  } catch (error) {
    if (error instanceof FunctionUnavailable) {
      throw configurationError(unavailable[error.reason], "INTEGRATION_FAILURE");
    }
    call.waitUntil(result.catch(() => undefined));
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** What the execution log says of a function that cannot be called. */
const unavailable: Record<FunctionUnavailable["reason"], string> = {
  NotFound: "Unable to invoke Lambda function: it does not exist",
  NoQualifier: "Unable to invoke Lambda function: it has no such version or alias",
  NotPermitted: "Invalid permissions on Lambda function",
  NoLoader: "Unable to invoke Lambda function: there is no worker loader",
  Refused: "Unable to invoke Lambda function: AWS Lambda did not take the invoke",
};

/** Where the function would be on AWS. */
const invocationUri = ({ region, accountId, name, qualifier }: LambdaFunctionReference): string =>
  `https://lambda.${region}.amazonaws.com/2015-03-31/functions/arn:aws:lambda:${region}:${accountId}:function:${name}${qualifier === undefined ? "" : `:${qualifier}`}/invocations`;

const requestHeaders = ({ requestId }: LambdaCall): [string, string][] => [
  ["x-amzn-lambda-integration-tag", requestId],
  ["Accept", "application/json"],
  ["Content-Type", "application/json"],
];

const responseHeaders = ({ executedVersion, functionError }: FunctionResult): [string, string][] => [
  ["Content-Type", "application/json"],
  ["X-Amz-Executed-Version", executedVersion],
  ...(functionError ? [["X-Amz-Function-Error", functionError] as [string, string]] : []),
];

async function invoke(call: LambdaCall, signal: LazySignal): Promise<FunctionResult> {
  const place = await placeOf(call);
  return call.isEvent ? place.send(signal, call.waitUntil) : place.invoke(signal);
}

const placeOf = (call: LambdaCall): Promise<FunctionPlace> =>
  functionAt(call.env, {
    ...call.function,
    payload: call.payload,
    requestId: call.requestId,
    ...(call.sourceArn === undefined
      ? {}
      : { source: { service: "apigateway.amazonaws.com", arn: call.sourceArn } }),
  });

/** What a function's error says; undefined when it says nothing. */
export function errorMessageOf(payload: string): string | undefined {
  const error = JSON.parse(payload) as { errorMessage?: unknown } | null;
  return typeof error?.errorMessage === "string" ? error.errorMessage : undefined;
}

/** Whether a text has more than `limit` bytes in UTF-8. */
export function isLonger(text: string, limit: number): boolean {
  if (text.length > limit) return true;
  // A UTF-16 unit is at most three bytes.
  return text.length * 3 > limit && new TextEncoder().encode(text).byteLength > limit;
}
