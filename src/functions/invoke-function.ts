/** Runs a stored function: the one door for Lambda's Invoke and for every integration. */
import { Buffer } from "node:buffer";
import { asciiJson } from "../ascii-json.ts";
import { type Env, type Settings, settingsOf } from "../settings.ts";
import { callHost } from "./call-host.ts";
import { functionCode, functionRecord } from "./function-cache.ts";
import { channelTo } from "./function-channel.ts";
import { isPermitted } from "./function-permission.ts";
import type { FunctionRecord, FunctionResult, FunctionVersion } from "./function-record.ts";
import { failure, graceMillis, timedOut } from "./isolate-failure.ts";
import {
  type FunctionCode,
  hostHeaders,
  type IsolateDefinition,
  type IsolateInvocation,
  type IsolateResult,
} from "./isolate-protocol.ts";
import { runInIsolate, streamFromIsolate } from "./load-isolate.ts";

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
  /** `Refused` by AWS Lambda, or it could not be reached. */
  readonly reason: "NotFound" | "NoQualifier" | "NotPermitted" | "NoLoader" | "Refused";

  constructor(reason: FunctionUnavailable["reason"], message: string) {
    super(message);
    this.name = "FunctionUnavailable";
    this.reason = reason;
  }
}

/** A function that may be invoked. */
export interface AdmittedFunction {
  /**
   * Runs it and waits for it, at most for its own timeout.
   * @param isTimed whether the caller waits with a timer of its own: workerd gives up a request that waits for nothing
   *   but another request
   */
  run(isTimed: boolean): Promise<FunctionResult>;
  /** Runs it. @returns what it writes, as it does; breaks off when it fails */
  stream(): Promise<ReadableStream<Uint8Array>>;
}

/**
 * Finds the function and checks whether it may be invoked.
 * @throws FunctionUnavailable
 */
export async function admit(env: Env, invoke: FunctionInvoke): Promise<AdmittedFunction> {
  const { source, name, qualifier = "$LATEST" } = invoke;
  const record = await functionRecord(env, name);
  if (!record) throw new FunctionUnavailable("NotFound", `Function not found: ${name}`);
  const version = versionOf(record, qualifier);
  if (!version) throw new FunctionUnavailable("NoQualifier", `${name} has no version or alias ${qualifier}`);
  const { accountId } = settingsOf(env);
  const statements = Object.hasOwn(record.permissions, qualifier) ? record.permissions[qualifier] : undefined;
  if (source && !isPermitted(statements ?? [], source.service, source.arn, accountId)) {
    throw new FunctionUnavailable("NotPermitted", `${name} does not permit ${source.arn} to invoke it`);
  }
  const definition = definitionOf(record, version, settingsOf(env));
  const invocation = () => invocationOf(record, version, definition, invoke);
  return {
    async run(isTimed) {
      const started = Date.now();
      const result = await run(env, definition, version, invocation(), isTimed);
      return {
        payload: result.payload,
        ...(result.functionError ? { functionError: result.functionError } : {}),
        log: reportOf(result.log, invoke.requestId, version, Date.now() - started),
        executedVersion: version.version,
      };
    },
    stream: () => stream(env, definition, version, invocation()),
  };
}

function versionOf(record: FunctionRecord, qualifier: string): FunctionVersion | undefined {
  const alias = Object.hasOwn(record.aliases, qualifier) ? record.aliases[qualifier] : undefined;
  const name = alias ? weighted(alias) : qualifier;
  return Object.hasOwn(record.versions, name) ? record.versions[name] : undefined;
}

/** An alias may send a share of its invokes to a second version. */
function weighted({ version, weights = {} }: FunctionRecord["aliases"][string]): string {
  for (const [other, weight] of Object.entries(weights)) if (Math.random() < weight) return other;
  return version;
}

const definitions = new WeakMap<FunctionVersion, IsolateDefinition>();

/** Made once for a version, as long as the record is the same. */
function definitionOf(
  record: FunctionRecord,
  version: FunctionVersion,
  settings: Settings,
): IsolateDefinition {
  let definition = definitions.get(version);
  if (!definition) {
    definition = makeDefinition(record, version, settings);
    definitions.set(version, definition);
  }
  return definition;
}

function makeDefinition(
  { name }: FunctionRecord,
  version: FunctionVersion,
  { region, functionsHaveNetwork }: Settings,
): IsolateDefinition {
  const day = new Date().toISOString().slice(0, 10).replaceAll("-", "/");
  return {
    id: `${name}:${version.version}:${version.revisionId}:${functionsHaveNetwork ? "network" : "closed"}`,
    hasNetwork: functionsHaveNetwork,
    environment: {
      ...version.environment,
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_EXECUTION_ENV: `AWS_Lambda_${version.runtime}`,
      AWS_LAMBDA_FUNCTION_NAME: name,
      AWS_LAMBDA_FUNCTION_VERSION: version.version,
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(version.memorySize),
      AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
      AWS_LAMBDA_LOG_STREAM_NAME: `${day}/[${version.version}]${version.revisionId.replaceAll("-", "")}`,
      AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
      LAMBDA_TASK_ROOT: "/var/task",
      _HANDLER: version.handler,
    },
  };
}

function invocationOf(
  record: FunctionRecord,
  version: FunctionVersion,
  { environment }: IsolateDefinition,
  invoke: FunctionInvoke,
): IsolateInvocation {
  const { qualifier, clientContext } = invoke;
  return {
    requestId: invoke.requestId,
    handler: version.handler,
    event: invoke.payload,
    timeoutMillis: version.timeout * 1000,
    functionName: record.name,
    functionVersion: version.version,
    invokedFunctionArn: qualifier === undefined ? record.arn : `${record.arn}:${qualifier}`,
    memorySize: version.memorySize,
    logStreamName: environment.AWS_LAMBDA_LOG_STREAM_NAME as string,
    ...(clientContext === undefined
      ? {}
      : { clientContext: JSON.parse(Buffer.from(clientContext, "base64").toString()) }),
  };
}

/** @returns the result within the function's timeout, whatever becomes of the function */
function run(
  env: Env,
  definition: IsolateDefinition,
  { codeSha256 }: FunctionVersion,
  invocation: IsolateInvocation,
  isTimed: boolean,
): Promise<IsolateResult> {
  if (env.FUNCTIONS) {
    const result = channelTo(definition, codeSha256)
      .call(env, invocation)
      .catch((error) => exited(invocation.requestId, error));
    // The channel keeps the time.
    return isTimed ? result : withinTimeout(result, invocation);
  }
  if (!env.LOADER) {
    throw new FunctionUnavailable("NoLoader", "There is no worker loader to run functions with");
  }
  const loadCode = () => functionCode(env, codeSha256);
  return withinTimeout(runInIsolate(env.LOADER, definition, invocation, loadCode), invocation);
}

function stream(
  env: Env,
  definition: IsolateDefinition,
  { codeSha256 }: FunctionVersion,
  invocation: IsolateInvocation,
): Promise<ReadableStream<Uint8Array>> {
  const loadCode = () => functionCode(env, codeSha256);
  if (env.FUNCTIONS) return streamFromHost(env.FUNCTIONS, definition, invocation, loadCode);
  if (env.LOADER) return streamFromIsolate(env.LOADER, definition, invocation, loadCode);
  throw new FunctionUnavailable("NoLoader", "There is no worker loader to run functions with");
}

type LoadCode = () => Promise<FunctionCode>;

async function streamFromHost(
  host: Fetcher,
  definition: IsolateDefinition,
  { event, ...invocation }: IsolateInvocation,
  loadCode: LoadCode,
): Promise<ReadableStream<Uint8Array>> {
  try {
    const headers = { [hostHeaders.invocation]: asciiJson(JSON.stringify(invocation)) };
    const answer = await callHost(host, definition, loadCode, { method: "POST", headers, body: event });
    if (!answer.ok) throw new Error(`the function host answered ${answer.status}`);
    return answer.body ?? new Blob().stream();
  } catch (error) {
    // It failed before it wrote anything.
    return new ReadableStream({ start: (controller) => controller.error(error) });
  }
}

/** The host was ended while the function ran: by this function, or by another that did not give the processor back. */
function exited(requestId: string, error: unknown): IsolateResult {
  console.error(`${requestId}: the function host did not answer: ${error}`);
  return failure(
    "Runtime.ExitError",
    `RequestId: ${requestId} Error: Runtime exited with error: signal: killed`,
  );
}

async function withinTimeout(
  result: Promise<IsolateResult>,
  invocation: IsolateInvocation,
): Promise<IsolateResult> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<IsolateResult>((resolve) => {
    timer = setTimeout(() => resolve(timedOut(invocation)), invocation.timeoutMillis + graceMillis);
  });
  try {
    return await Promise.race([result, late]);
  } finally {
    clearTimeout(timer);
    // It may still fail, with nobody left to tell.
    result.catch(() => undefined);
  }
}

function reportOf(
  log: string,
  requestId: string,
  { version, memorySize }: FunctionVersion,
  millis: number,
): string {
  const duration = Math.max(millis, 1);
  return (
    `START RequestId: ${requestId} Version: ${version}\n${log}END RequestId: ${requestId}\n` +
    `REPORT RequestId: ${requestId}\tDuration: ${duration.toFixed(2)} ms\tBilled Duration: ${duration} ms\tMemory Size: ${memorySize} MB\t\n`
  );
}
