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

/**
 * A call to the function host, a process of its own when the gateway runs on one machine: POST, with the event as its
 * body and the rest of the invocation in a header. 404 says that the host does not know the isolate: then it is sent
 * a HostedIsolate by PUT.
 * The answer's body is the result, and after it the log, if there is any: a header has the length of the result.
 * Nothing in this is quoted twice.
 */
export const hostHeaders = {
  /** JSON of an IsolateInvocation without its event, in ASCII. */
  invocation: "x-invocation",
  /** `1`: what the function writes is the answer's body. */
  stream: "x-stream",
  functionError: "x-function-error",
  /** UTF-16 units of the result, when a log follows it. */
  payloadLength: "x-payload-length",
} as const;

export interface HostedIsolate {
  definition: IsolateDefinition;
  code: FunctionCode;
}

/** Where the host has an isolate. */
export const hostUrl = (id: string): string => `http://functions/${encodeURIComponent(id)}`;
