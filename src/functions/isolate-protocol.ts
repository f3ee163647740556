/** What passes between the gateway and a function's isolate. */

export interface IsolateInvocation {
  requestId: string;
  /** `index.handler` */
  handler: string;
  /** JSON text. */
  event: string;
  timeoutMillis: number;
  functionName: string;
  functionVersion: string;
  invokedFunctionArn: string;
  /** MB */
  memorySize: number;
  logStreamName: string;
  clientContext?: unknown;
}

export interface IsolateResult {
  /** JSON text. */
  payload: string;
  functionError?: "Unhandled";
  log: string;
}

/** A function's files, as KV keeps them. */
export interface FunctionCode {
  /** By path in the zip. Files of other kinds are left out: nothing could read them. */
  files: Record<string, CodeFile>;
}

export interface CodeFile {
  kind: "esm" | "cjs" | "json";
  text: string;
}

/** Everything that makes an isolate but its code, which is read when it is needed. */
export interface IsolateDefinition {
  /** Another id is another isolate. */
  id: string;
  environment: Record<string, string>;
  /** Whether it may `fetch` and open sockets. */
  hasNetwork: boolean;
}

/** A call to the function host: a process of its own, when the gateway runs on one machine. */
export interface HostCall {
  definition: IsolateDefinition;
  invocation: IsolateInvocation;
  /** Whether what the function writes is the answer's body, rather than an `IsolateResult`. */
  isStream?: boolean;
  /** Sent when the host has answered that it does not know the isolate. */
  code?: FunctionCode;
}
