/** Whether a function's resource policy lets a service call it. Source: the Lambda developer guide, lambda-permissions. */
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
    if (pattern !== undefined && !isArnLike(sourceArn, pattern)) return false;
    const account = Condition?.StringEquals?.["AWS:SourceAccount"];
    return account === undefined || account === accountId;
  });
}

/** Each of the six parts is matched by itself: `*` stands for any text without a colon in the first five. */
export function isArnLike(arn: string, pattern: string): boolean {
  const parts = splitArn(arn);
  const patterns = splitArn(pattern);
  return (
    parts.length === patterns.length && patterns.every((part, index) => isLike(parts[index] as string, part))
  );
}

function splitArn(arn: string): string[] {
  const parts = arn.split(":");
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(":")];
}

/** `*` stands for any text, `?` for one character; in linear time per star, whatever the pattern. */
function isLike(text: string, pattern: string): boolean {
  let at = 0;
  let patternAt = 0;
  let star = -1;
  let starText = 0;
  while (at < text.length) {
    const expected = pattern[patternAt];
    if (expected === "*") {
      star = patternAt++;
      starText = at;
    } else if (expected !== undefined && (expected === "?" || expected === text[at])) {
      patternAt++;
      at++;
    } else if (star !== -1) {
      patternAt = star + 1;
      at = ++starText;
    } else {
      return false;
    }
  }
  while (pattern[patternAt] === "*") patternAt++;
  return patternAt === pattern.length;
}
