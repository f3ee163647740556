/** What an operation's handler is given and gives; every service's operations have this one shape. */
import type { Env, Settings } from "../settings.ts";
import type { Principal } from "../signature/authenticate.ts";
import type { Publisher, Store } from "./store.ts";

/** Who calls, as the signature check found. */
export type Caller = Principal;

/** An operation to carry out; crosses the line from the Worker to the Account object. */
export interface OperationCall {
  /** The service of the credential scope's model: `apigateway`, `apigatewayv2`, `lambda`, … */
  service: string;
  /** The model's name of the operation: `CreateRestApi`, … */
  operation: string;
  /** Members by their model names (`restApiId`, `patchOperations`, …), checked against the model. */
  input: Record<string, unknown>;
  caller: Caller;
  /** Scheme, host and port that the caller used, for the addresses that answers give. */
  origin: string;
  requestId: string;
}

/** What a handler may use besides its input. */
export interface OperationContext {
  /** Working copies. All of a handler's writes become durable together, or none does. */
  store: Store;
  /** Changes to what the data plane reads; they leave with the transaction, before the caller's answer. */
  publish: Publisher;
  settings: Settings;
  caller: Caller;
  origin: string;
  requestId: string;
  /** Unix time, whole seconds. */
  now: number;
}

/**
 * Carries out one operation: synchronously, inside one transaction of the Account object.
 * @returns the output's members by their model names; `undefined` members are left out of the answer.
 * @throws ServiceError, which undoes everything the handler wrote.
 */
// biome-ignore lint/suspicious/noExplicitAny: each handler types its own input; the table has checked it
export type Handler<Input = any> = (input: Input, context: OperationContext) => object | undefined;

/** Operation name to handler. */
export type Handlers = Record<string, Handler>;

/** What a handler may use that runs in the Worker itself, since it waits for others (Lambda's Invoke). */
export interface WorkerOperationContext {
  env: Env;
  settings: Settings;
  caller: Caller;
  origin: string;
  requestId: string;
  /** What the caller's client calls itself; null when it does not. */
  userAgent: string | null;
  /** Work that outlives the answer. */
  waitUntil: (work: Promise<unknown>) => void;
  /**
   * Carries out the part of the operation that needs the store: its handler in the Account object.
   * @param prepared members that the handler gets beside the caller's, which the model does not have
   * @throws ServiceError
   */
  inAccount: (prepared?: object) => Promise<object | undefined>;
}

/**
 * Carries out one operation in the Worker, outside the Account object: without the store, but free to wait.
 * @returns the output's members by their model names
 * @throws ServiceError
 */
// biome-ignore lint/suspicious/noExplicitAny: as for Handler
export type WorkerHandler<Input = any> = (
  input: Input,
  context: WorkerOperationContext,
) => Promise<object | undefined>;

/** Operation name to handler. */
export type WorkerHandlers = Record<string, WorkerHandler>;
