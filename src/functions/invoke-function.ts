/** Runs a stored function: the one door for Lambda's Invoke and for every integration and authorizer. */
import type { Env } from "../settings.ts";
import type { FunctionResult } from "./function-record.ts";

export interface FunctionInvoke {
  /** Function name. */
  name: string;
  /** Version or alias; `$LATEST` when absent. */
  qualifier?: string;
  /** JSON text of the event. */
  payload: string;
  requestId: string;
  /** The caller's side of the resource policy; absent when the caller needs no permission (root's Invoke). */
  source?: { service: string; arn: string };
  /** Base64 of `X-Amz-Client-Context`. */
  clientContext?: string;
}

/** The invoke did not reach the function. */
export class FunctionUnavailable extends Error {
  readonly reason: "NotFound" | "NotPermitted" | "NoLoader";

  constructor(reason: FunctionUnavailable["reason"], message: string) {
    super(message);
    this.name = "FunctionUnavailable";
    this.reason = reason;
  }
}

/**
 * Runs the function and waits for it, at most for its own timeout.
 * @throws FunctionUnavailable
 */
export async function invokeFunction(_env: Env, invoke: FunctionInvoke): Promise<FunctionResult> {
  throw new FunctionUnavailable("NotFound", `Function not found: ${invoke.name}`);
}
