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
  /** The function has not ended in time, or exits: its channel is closed, and with it what still runs. */
  isLast?: true;
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
 * What the function host, a process of its own when the gateway runs on one machine, is asked at an isolate's URL:
 * - GET with `Upgrade: websocket` opens a channel to the isolate: each message is a call, which is answered by a message
 *   before the next. An isolate that cannot start is answered with an IsolateResult that says why.
 * - POST calls the function for what it writes, as it does, which is the answer's body: the event is the body, the rest
 *   of the invocation a header.
 * 404 says that the host does not know the isolate: then it is sent a HostedIsolate by PUT.
 */
export const hostHeaders = {
  /** JSON of an IsolateInvocation without its event, in ASCII. */
  invocation: "x-invocation",
} as const;

/** Messages of a channel are a line of JSON and a text after it, so that the text need not be quoted. */
const write = (head: object, text: string) => `${JSON.stringify(head)}\n${text}`;

function read<Head>(message: string): { head: Head; text: string } {
  const end = message.indexOf("\n");
  return { head: JSON.parse(message.slice(0, end)), text: message.slice(end + 1) };
}

export const writeCall = ({ event, ...invocation }: IsolateInvocation): string => write(invocation, event);

export function readCall(message: string): IsolateInvocation {
  const { head, text } = read<Omit<IsolateInvocation, "event">>(message);
  return { ...head, event: text };
}

interface AnswerHead extends Omit<IsolateResult, "payload" | "log"> {
  /** UTF-16 units of the result, when a log follows it. */
  length?: number;
}

export const writeAnswer = ({ payload, log, ...head }: IsolateResult): string =>
  log === "" ? write(head, payload) : write({ ...head, length: payload.length }, payload + log);

/** @throws SyntaxError when it is no answer */
export function readAnswer(message: string): IsolateResult {
  const { head, text } = read<AnswerHead>(message);
  const { length = text.length, ...result } = head;
  return { ...result, payload: text.slice(0, length), log: text.slice(length) };
}

export interface HostedIsolate {
  definition: IsolateDefinition;
  code: FunctionCode;
}

/** Where the host has an isolate. */
export const hostUrl = (id: string): string => `http://functions/${encodeURIComponent(id)}`;
