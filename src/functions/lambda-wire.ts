/** Lambda's Invoke on the wire, as its caller sees it. Source: Lambda API reference, Invoke. */
import { readBounded } from "../bounded-body.ts";
import type { FunctionResult } from "./function-record.ts";
import { FunctionUnavailable } from "./invoke-function.ts";

/** Bytes of a result (lambda quotas), and of what an answer may have beyond it. */
const largestResult = 6_291_556;

export const invokeHeaders = (type: "RequestResponse" | "Event"): Record<string, string> => ({
  Accept: "application/json",
  "Content-Type": "application/json",
  "X-Amz-Invocation-Type": type,
});

const utf8 = new TextDecoder();

/** @throws FunctionUnavailable for any answer but a result, an error of the function or the receipt of an event */
export async function readInvokeAnswer(response: Response): Promise<FunctionResult> {
  const { status, headers } = response;
  const body = await readBounded(response.body, largestResult);
  if (!body) throw new FunctionUnavailable("Refused", "its result is too large");
  const text = utf8.decode(body);
  if (status < 200 || status > 299) {
    const reason = status === 404 ? "NotFound" : status === 403 ? "NotPermitted" : "Refused";
    throw new FunctionUnavailable(reason, `Lambda answered ${status}`);
  }
  if (status === 200 && !isJson(text)) throw new FunctionUnavailable("Refused", "its result is no JSON");
  const functionError = headers.get("x-amz-function-error");
  return {
    payload: text,
    ...(functionError === null ? {} : { functionError }),
    log: "",
    executedVersion: headers.get("x-amz-executed-version") ?? "$LATEST",
  };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
