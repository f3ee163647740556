/** Results that are no isolate's own: of one that has not answered. */
import type { IsolateInvocation, IsolateResult } from "./isolate-protocol.ts";

export const failure = (errorType: string, errorMessage: string): IsolateResult => ({
  payload: JSON.stringify({ errorType, errorMessage }),
  functionError: "Unhandled",
  log: "",
});

/** The isolate keeps the time itself, unless it never gives the processor back. */
export const timedOut = ({ requestId, timeoutMillis }: IsolateInvocation): IsolateResult =>
  failure(
    "Sandbox.Timedout",
    `RequestId: ${requestId} Error: Task timed out after ${(timeoutMillis / 1000).toFixed(2)} seconds`,
  );

/** Milliseconds beyond the function's own timeout, for the isolate to report it with its log. */
export const graceMillis = 250;
