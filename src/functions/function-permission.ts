/** Whether a function's resource policy lets a service call it. Source: the Lambda developer guide, lambda-permissions. */
import { isArnLike, wildcardsOf } from "../wildcard.ts";
import type { PermissionStatement } from "./function-record.ts";

const actions: ReadonlySet<string> = new Set(["lambda:InvokeFunction", "lambda:*", "*"]);

/**
 * @param service such as `apigateway.amazonaws.com`
 * @param sourceArn of the method that calls
 */
export function isPermitted(
  statements: PermissionStatement[],
  service: string,
  sourceArn: string,
  accountId: string,
): boolean {
  return statements.some(({ Principal, Action, Condition }) => {
    const isForService = Principal === "*" || ("Service" in Principal && Principal.Service === service);
    if (!isForService || !actions.has(Action)) return false;
    const pattern = Condition?.ArnLike?.["AWS:SourceArn"];
    if (pattern !== undefined && !isArnLike(sourceArn, wildcardsOf(pattern))) return false;
    const account = Condition?.StringEquals?.["AWS:SourceAccount"];
    return account === undefined || account === accountId;
  });
}
