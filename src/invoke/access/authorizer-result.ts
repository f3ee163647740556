/**
 * What an authorizer's function returns. Sources: the guide's api-gateway-lambda-authorizer-output; users' execution
 * logs: `Invalid JSON in response: Unrecognized field …`, `Could not parse policy`.
 */
import { isLonger } from "../integrations/lambda.ts";
import { compilePolicy, type Policy } from "./policy/policy.ts";
import { PolicyError } from "./policy/policy-error.ts";

export interface AuthorizerResult {
  /** Empty when the function names none. */
  principalId: string;
  /** `$context.authorizer`: every value is a text. */
  context: Readonly<Record<string, string>>;
  /** The caller's API key, for APIs whose keys come from authorizers. */
  usageIdentifierKey?: string;
  policy: Policy;
  /** The policy as JSON text. */
  policyDocument: string;
}

/** The function returned what is no result. Its message is the execution log's. */
export class MalformedAuthorizerResult extends Error {
  override name = "MalformedAuthorizerResult";
}

/** Bytes. The guide gives no size for REST APIs: what is kept and evaluated is bounded. */
export const longestResult = 65_536;
/** Characters (the guide: "the Resource ARN … is currently limited to 512 characters long"). */
const longestResource = 512;

const members = new Set(["principalId", "policyDocument", "context", "usageIdentifierKey"]);

/**
 * @param payload JSON text
 * @param longest bytes
 * @throws MalformedAuthorizerResult
 */
export function readAuthorizerResult(payload: string, longest = longestResult): AuthorizerResult {
  if (isLonger(payload, longest)) throw invalidJson(`it is longer than ${longest} bytes`);
  const result: unknown = JSON.parse(payload);
  if (result === null) throw noPolicy();
  if (typeof result !== "object" || Array.isArray(result)) throw invalidJson("it is no object");
  const unknown = Object.keys(result).find((name) => !members.has(name));
  if (unknown !== undefined) {
    throw invalidJson(`Unrecognized field ${JSON.stringify(unknown)} , not marked as ignorable`);
  }
  const { principalId, policyDocument, context, usageIdentifierKey } = result as Record<string, unknown>;
  const key = textOf(usageIdentifierKey);
  return {
    principalId: textOf(principalId) ?? "",
    context: contextOf(context, payload),
    ...(key === undefined ? {} : { usageIdentifierKey: key }),
    policy: policyOf(policyDocument),
    policyDocument: JSON.stringify(policyDocument),
  };
}

const invalidJson = (reason: string) => new MalformedAuthorizerResult(`Invalid JSON in response: ${reason}`);
const noPolicy = () => new MalformedAuthorizerResult("Could not parse policy");

function policyOf(document: unknown): Policy {
  try {
    return compilePolicy(document, longestResource);
  } catch (error) {
    if (error instanceof PolicyError) throw noPolicy();
    throw error;
  }
}

/** Scalars become texts; what is null is not there. */
function textOf(value: unknown): string | undefined {
  switch (typeof value) {
    case "string":
      return value;
    case "number":
    case "boolean":
      return String(value);
    case "object":
      if (value === null) return undefined;
      throw invalidJson(
        `Can not deserialize instance of java.lang.String out of ${Array.isArray(value) ? "START_ARRAY" : "START_OBJECT"} token`,
      );
    default:
      return undefined;
  }
}

/** The guide: "you cannot set a JSON object or array as a valid value of any key in the context map". */
function contextOf(context: unknown, payload: string): Record<string, string> {
  if (context === undefined || context === null) return {};
  if (typeof context !== "object" || Array.isArray(context)) throw invalidJson("its context is no object");
  const hasNumbers = Object.values(context).some((value) => typeof value === "number");
  const values = hasNumbers
    ? (JSON.parse(payload, asWritten as Reviver) as { context: object }).context
    : context;
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => {
      const text = textOf(value);
      return text === undefined ? [] : [[name, text] as const];
    }),
  );
}

type Reviver = (this: unknown, key: string, value: unknown) => unknown;

/** Numbers as the function wrote them: `1.0`, and ids of more digits than a double has. */
const asWritten = (_: string, value: unknown, { source }: { source?: string }): unknown =>
  typeof value === "number" ? (source ?? value) : value;
