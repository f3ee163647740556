/** A function's isolate: made by the worker loader when it is first asked for, and kept by it. */
import isolate from "./isolate.generated.json" with { type: "json" };
import type {
  FunctionCode,
  IsolateDefinition,
  IsolateInvocation,
  IsolateResult,
} from "./isolate-protocol.ts";

interface HandlerEntrypoint extends Pick<Fetcher, "fetch"> {
  invoke(invocation: IsolateInvocation): Promise<IsolateResult>;
  stream(invocation: IsolateInvocation): Promise<ReadableStream<Uint8Array>>;
}

const compatibilityDate = "2026-11-01";
const mainModule = "sallyport-main.js";

/** CPU milliseconds of one invoke where the platform counts them: more than any timeout of a request leaves. */
const cpuMillis = 30_000;

type LoadCode = () => FunctionCode | Promise<FunctionCode>;

/**
 * Runs the function in its isolate.
 * @param loadCode is asked for the code when there is no such isolate yet
 */
export async function runInIsolate(
  loader: WorkerLoader,
  definition: IsolateDefinition,
  invocation: IsolateInvocation,
  loadCode: LoadCode,
): Promise<IsolateResult> {
  try {
    return await entrypointOf(loader, definition, loadCode).invoke(invocation);
  } catch (error) {
    return failedToStart(error);
  }
}

/** The same, for what the function writes, as it does. @returns a stream that breaks off when the function fails */
export const streamFromIsolate = (
  loader: WorkerLoader,
  definition: IsolateDefinition,
  invocation: IsolateInvocation,
  loadCode: LoadCode,
): Promise<ReadableStream<Uint8Array>> => entrypointOf(loader, definition, loadCode).stream(invocation);

/**
 * Opens a channel to the isolate.
 * @param request asks for an upgrade
 * @returns the isolate's answer, or an IsolateResult that says why it has not started
 */
export async function openChannel(
  loader: WorkerLoader,
  definition: IsolateDefinition,
  loadCode: LoadCode,
  request: Request,
): Promise<Response> {
  try {
    return await entrypointOf(loader, definition, loadCode).fetch(request);
  } catch (error) {
    return Response.json(failedToStart(error));
  }
}

function entrypointOf(
  loader: WorkerLoader,
  definition: IsolateDefinition,
  loadCode: LoadCode,
): HandlerEntrypoint {
  const stub = loader.get(definition.id, async () => ({
    compatibilityDate,
    mainModule,
    modules: modulesOf(await loadCode()),
    env: definition.environment,
    limits: { cpuMs: cpuMillis },
    ...(definition.hasNetwork ? {} : { globalOutbound: null }),
  }));
  return stub.getEntrypoint("Handler") as unknown as HandlerEntrypoint;
}

/** Modules are compiled when the isolate starts: a syntax error in any of them ends it before the handler is called. */
function failedToStart(error: unknown): IsolateResult {
  const text = error instanceof Error ? error.message : String(error);
  const syntaxError = /Uncaught (SyntaxError: .*(?:\n.*)?)/.exec(text)?.[1];
  const response = syntaxError
    ? { errorType: "Runtime.UserCodeSyntaxError", errorMessage: syntaxError, trace: [] }
    : { errorType: "Runtime.ExitError", errorMessage: `Error: Runtime exited with error: ${text}` };
  return { payload: JSON.stringify(response), functionError: "Unhandled", log: "" };
}

function modulesOf({ files }: FunctionCode): Record<string, WorkerLoaderModule> {
  const kinds = Object.fromEntries(Object.entries(files).map(([path, { kind }]) => [path, kind]));
  return {
    [mainModule]: { js: isolate.source },
    "sallyport:files": { js: `export const files = ${JSON.stringify(kinds)};` },
    ...Object.fromEntries(Object.entries(files).map(([path, file]) => [path, moduleOf(file)])),
  };
}

function moduleOf({ kind, text }: FunctionCode["files"][string]): WorkerLoaderModule {
  switch (kind) {
    case "esm":
      return { js: text };
    case "json":
      return { js: `export default ${text};` };
    case "cjs":
      // One line before the function's own first, so that line numbers in traces stay.
      return {
        cjs: `module.exports = function (exports, require, module, __filename, __dirname) {${text.replace(/^#!.*/, "")}\n};`,
      };
  }
}
