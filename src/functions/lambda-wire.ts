/** Lambda's Invoke on the wire, as its caller sees it. Source: Lambda API reference, Invoke. */
import { readBounded } from "../bounded-body.ts";
import { isJson } from "../is-json.ts";
import type { FunctionResult } from "./function-record.ts";
import { FunctionUnavailable } from "./invoke-function.ts";

/** Bytes of a result (lambda quotas). */
const largestResult = 6_291_556;

export type InvocationType = "RequestResponse" | "Event";

/** The status of an invoke that was taken. */
const answered: Record<InvocationType, number> = { RequestResponse: 200, Event: 202 };

export const invokeHeaders = (type: InvocationType): Record<string, string> => ({
  Accept: "application/json",
  "Content-Type": "application/json",
  "X-Amz-Invocation-Type": type,
});

const utf8 = new TextDecoder();

/**
 * @param type of the invoke that is answered
 * @throws FunctionUnavailable for any answer but a result, an error of the function or the receipt of an event
 */
export async function readInvokeAnswer(response: Response, type: InvocationType): Promise<FunctionResult> {
  const { status, headers } = response;
  if (status !== answered[type]) {
    response.body?.cancel().catch(() => undefined);
    const reason = status === 404 ? "NotFound" : status === 403 ? "NotPermitted" : "Refused";
    throw new FunctionUnavailable(reason, `Lambda answered ${status}`);
  }
  const executedVersion = headers.get("x-amz-executed-version") ?? "$LATEST";
  const body = await readBounded(response.body, largestResult);
  if (!body) return { payload: tooLarge, functionError: "Unhandled", log: "", executedVersion };
  const text = utf8.decode(body);
  if (type === "RequestResponse" && !isJson(text)) {
    throw new FunctionUnavailable("Refused", "its result is no JSON");
  }
  const functionError = headers.get("x-amz-function-error");
  return { payload: text, ...(functionError === null ? {} : { functionError }), log: "", executedVersion };
}

/** As Lambda reports it of a function, so that a bound Worker's is told the same way. */
const tooLarge = JSON.stringify({
  errorType: "Function.ResponseSizeTooLarge",
  errorMessage: `Response payload size exceeded maximum allowed payload size (${largestResult} bytes).`,
});
