/** Calls the function that an integration names: the one place that knows where functions are. */

import type { FunctionResult } from "../../functions/function-record.ts";
import { FunctionUnavailable, invokeFunction } from "../../functions/invoke-function.ts";
import type { Env } from "../../settings.ts";
import { GatewayError } from "../rest/gateway-error.ts";
import type { LambdaFunctionReference } from "./lambda-uri.ts";

export interface LambdaCall {
  env: Env;
  function: LambdaFunctionReference;
  /** JSON text of the event. */
  payload: string;
  requestId: string;
  /**
   * ARN of the method that calls, for the function's resource policy. Absent when the integration has credentials
   * of its own: then the role, not the policy, lets it in.
   */
  sourceArn?: string;
  /** Milliseconds. */
  timeout: number;
  waitUntil: (work: Promise<unknown>) => void;
}

/** Lambda's own limit, bytes, of a synchronous invoke's payload and of its result (lambda quotas). */
export const maximumPayload = 6_291_556;

/**
 * Calls the function and waits, at most for `timeout`; a function that takes longer still runs to its end, as it
 * does on AWS.
 * @throws GatewayError 500 when the function is not there or does not let the API in, 413 when the event is too
 *   large for Lambda, 504 after `timeout`
 */
export async function callLambda(call: LambdaCall): Promise<FunctionResult> {
  if (isLonger(call.payload, maximumPayload)) throw new GatewayError("REQUEST_TOO_LARGE", "Request Too Long");
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new GatewayError("INTEGRATION_TIMEOUT", "Endpoint request timed out")),
      call.timeout,
    );
  });
  const result = invoke(call);
  try {
    return await Promise.race([result, timeout]);
  } catch (error) {
    if (error instanceof FunctionUnavailable) {
      throw new GatewayError("INTEGRATION_FAILURE", "Internal server error");
    }
    call.waitUntil(result.catch(() => undefined));
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** In the order of contract.md, "Backends": today, functions that are stored here. */
function invoke(call: LambdaCall): Promise<FunctionResult> {
  const { name, qualifier } = call.function;
  return invokeFunction(call.env, {
    name,
    ...(qualifier === undefined ? {} : { qualifier }),
    payload: call.payload,
    requestId: call.requestId,
    ...(call.sourceArn === undefined
      ? {}
      : { source: { service: "apigateway.amazonaws.com", arn: call.sourceArn } }),
  });
}

/** Whether a text has more than `limit` bytes in UTF-8. */
export function isLonger(text: string, limit: number): boolean {
  if (text.length > limit) return true;
  // A UTF-16 unit is at most three bytes.
  return text.length * 3 > limit && new TextEncoder().encode(text).byteLength > limit;
}
