/** Lambda's Invoke: waits for the function, so it runs in the Worker. Source: Lambda API reference, Invoke. */
import { Buffer } from "node:buffer";
import { admit, FunctionUnavailable } from "../../functions/invoke-function.ts";
import { isJson } from "../../is-json.ts";
import type { WorkerHandler } from "../operation.ts";
import { ServiceError } from "../protocol/service-error.ts";
import { type NamedFunction, parseFunctionName } from "./function-name.ts";
import { functionNotFound } from "./lambda-error.ts";

interface InvokeInput extends NamedFunction {
  InvocationType?: "Event" | "RequestResponse" | "DryRun";
  LogType?: "None" | "Tail";
  /** Base64. */
  ClientContext?: string;
  Payload?: Uint8Array;
}

/** Bytes of a log that the caller is shown. */
const tailLength = 4_096;
/** Bytes of an event (lambda quotas). */
const largestPayload = 6_291_456;

export const invoke: WorkerHandler<InvokeInput> = async (input, context) => {
  const { env, settings, requestId, waitUntil } = context;
  const { name, qualifier } = parseFunctionName(input.FunctionName, input.Qualifier, { settings });
  const call = {
    name,
    ...(qualifier === undefined ? {} : { qualifier }),
    payload: payloadOf(input.Payload),
    requestId,
    ...(input.ClientContext === undefined ? {} : { clientContext: clientContextOf(input.ClientContext) }),
  };
  const admitted = await admit(env, call).catch((error) => {
    if (!(error instanceof FunctionUnavailable)) throw error;
    const arn = `arn:aws:lambda:${settings.region}:${settings.accountId}:function:${name}`;
    throw functionNotFound(qualifier === undefined ? arn : `${arn}:${qualifier}`);
  });
  if (input.InvocationType === "DryRun") return { StatusCode: 204 };
  if (input.InvocationType === "Event") {
    waitUntil(admitted.run(false).catch((error) => console.error(`${requestId}: ${error}`)));
    return { StatusCode: 202 };
  }
  try {
    const result = await admitted.run(false);
    return {
      StatusCode: 200,
      FunctionError: result.functionError,
      LogResult:
        input.LogType === "Tail"
          ? Buffer.from(result.log).subarray(-tailLength).toString("base64")
          : undefined,
      Payload: result.payload,
      ExecutedVersion: result.executedVersion,
    };
  } catch (error) {
    if (!(error instanceof FunctionUnavailable)) throw error;
    throw new ServiceError("ServiceException", 500, error.message);
  }
};

const invalidContent = (message: string) =>
  new ServiceError("InvalidRequestContentException", 400, message, { Type: "User" });

/** No payload is the empty object. */
function payloadOf(payload: Uint8Array | undefined): string {
  if (!payload || payload.byteLength === 0) return "{}";
  if (payload.byteLength > largestPayload) {
    throw new ServiceError(
      "RequestTooLargeException",
      413,
      `${payload.byteLength} byte payload is too large for the RequestResponse invocation type (limit ${largestPayload} bytes)`,
      { Type: "User" },
    );
  }
  const text = Buffer.from(payload).toString();
  if (!isJson(text)) {
    throw invalidContent("Could not parse request body into json: the payload is not valid JSON");
  }
  return text;
}

function clientContextOf(base64: string): string {
  if (!isJson(Buffer.from(base64, "base64").toString())) {
    throw invalidContent("Client context must be a valid Base64-encoded JSON object.");
  }
  return base64;
}
