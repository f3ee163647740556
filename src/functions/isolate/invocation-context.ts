/** The second argument of a handler. Source: the Lambda developer guide, "Using the Lambda context object". */
import type { IsolateInvocation } from "../isolate-protocol.ts";

type Callback = (error: unknown, result?: unknown) => void;

export interface InvocationContext {
  /** Whether the handler has read one of the methods that end an invoke: then it is waited for. */
  isAwaited(): boolean;
}

export function invocationContext(invocation: IsolateInvocation, callback: Callback): InvocationContext {
  const deadline = Date.now() + invocation.timeoutMillis;
  let awaited = false;
  const ending = (end: (value?: unknown, result?: unknown) => void) => ({
    enumerable: true,
    get() {
      awaited = true;
      return end;
    },
  });
  const context = {
    callbackWaitsForEmptyEventLoop: true,
    functionVersion: invocation.functionVersion,
    functionName: invocation.functionName,
    memoryLimitInMB: String(invocation.memorySize),
    logGroupName: `/aws/lambda/${invocation.functionName}`,
    logStreamName: invocation.logStreamName,
    invokedFunctionArn: invocation.invokedFunctionArn,
    awsRequestId: invocation.requestId,
    ...(invocation.clientContext === undefined ? {} : { clientContext: invocation.clientContext }),
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
  Object.defineProperties(context, {
    done: ending((error, result) => callback(error, result)),
    succeed: ending((result) => callback(null, result)),
    fail: ending((error) => callback(error ?? new Error("context.fail was called"))),
    isAwaited: { enumerable: false, value: () => awaited },
  });
  return context as unknown as InvocationContext;
}
