/**
 * Policies in the language of IAM, as far as they say what may be done to what: those that authorizers return, and
 * those of users and roles.
 * Sources: the guide's apigateway-control-access-policy-language-overview; the IAM user guide's
 * reference_policies_grammar and reference_policies_evaluation-logic.
 */
import { isLike, type Wildcards, wildcardsOf } from "../../../wildcard.ts";
import { type Condition, compileConditions } from "./conditions.ts";
import { PolicyError } from "./policy-error.ts";
import { type ConditionKeys, likeText, type PolicyText } from "./policy-text.ts";

/** What somebody wants to do. */
export interface AccessRequest {
  /** Such as `execute-api:Invoke`; its case does not matter. */
  action: string;
  /** ARN. */
  resource: string;
  keys: ConditionKeys;
}

/** `implicit-deny`: no statement says anything. */
type Decision = "allow" | "explicit-deny" | "implicit-deny";

export type Policy = (request: AccessRequest) => Decision;

interface Statement {
  isAllow: boolean;
  covers: (request: AccessRequest) => boolean;
}

/**
 * Reads a policy once for all requests. A statement that denies goes before any that allows.
 * @param document parsed JSON, whose length the caller has bounded: the time of a decision grows with it
 * @param longestResource characters of a resource's ARN
 * @throws PolicyError
 */
export function compilePolicy(document: unknown, longestResource = Number.POSITIVE_INFINITY): Policy {
  const { Version: version = "2008-10-17", Statement: statement } = objectOf(document, "A policy");
  if (version !== "2012-10-17" && version !== "2008-10-17") throw new PolicyError("The Version is unknown");
  if (statement === undefined) throw new PolicyError("A policy needs a Statement");
  const statements = (Array.isArray(statement) ? statement : [statement]).map((one) =>
    // Variables came with the second version; before it, `${` means itself.
    compileStatement(withoutNulls(objectOf(one, "A Statement")), version === "2012-10-17", longestResource),
  );
  return (request) => {
    let decision: Decision = "implicit-deny";
    for (const { isAllow, covers } of statements) {
      if (isAllow && decision === "allow") continue;
      if (!covers(request)) continue;
      if (!isAllow) return "explicit-deny";
      decision = "allow";
    }
    return decision;
  };
}

function objectOf(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new PolicyError(`${what} must be an object`);
  }
  return value as Record<string, unknown>;
}

/** A member that is null is absent: serializers of typed languages write all that a type has. */
const withoutNulls = (value: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null));

const members = new Set(["Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"]);

function compileStatement(
  statement: Record<string, unknown>,
  hasVariables: boolean,
  longestResource: number,
): Statement {
  // One that is not understood would change what the statement means.
  const unknown = Object.keys(statement).find((name) => statement[name] !== undefined && !members.has(name));
  if (unknown !== undefined) throw new PolicyError(`A Statement has no ${unknown}`);
  const { Effect: effect } = statement;
  if (effect !== "Allow" && effect !== "Deny") throw new PolicyError("The Effect must be Allow or Deny");
  const isAction = compileAction(statement);
  const isResource = compileResource(statement, hasVariables, longestResource);
  const conditions: Condition[] = compileConditions(statement.Condition, hasVariables);
  return {
    isAllow: effect === "Allow",
    covers: (request) =>
      isAction(request) && isResource(request) && conditions.every((condition) => condition(request.keys)),
  };
}

type Covers = (request: AccessRequest) => boolean;

function compileAction(statement: Record<string, unknown>): Covers {
  const { values, isNegated } = eitherOf(statement, "Action", "NotAction");
  const patterns = values.map((value) => wildcardsOf(value.toLowerCase()));
  return ({ action }) => {
    const name = action.toLowerCase();
    return patterns.some((pattern) => isLike(name, pattern)) !== isNegated;
  };
}

/** A `*` crosses slashes and colons: `…:api/dev/*` is everything below. */
function compileResource(statement: Record<string, unknown>, hasVariables: boolean, longest: number): Covers {
  const { values, isNegated } = eitherOf(statement, "Resource", "NotResource");
  if (values.some((value) => value.length > longest)) {
    throw new PolicyError(`A Resource is longer than ${longest} characters`);
  }
  const patterns: PolicyText<Wildcards>[] = values.map((value) => likeText(value, hasVariables));
  return ({ resource, keys }) =>
    patterns.some((text) => {
      const pattern = text(keys);
      return pattern !== undefined && isLike(resource, pattern);
    }) !== isNegated;
}

/** The element or its negation: a statement has one of them. */
function eitherOf(
  statement: Record<string, unknown>,
  name: string,
  negation: string,
): { values: string[]; isNegated: boolean } {
  const isNegated = statement[name] === undefined;
  const value = isNegated ? statement[negation] : statement[name];
  if (!isNegated && statement[negation] !== undefined) {
    throw new PolicyError(`A Statement has either ${name} or ${negation}`);
  }
  const values: unknown[] = Array.isArray(value) ? value : [value];
  if (values.length === 0 || !values.every((one) => typeof one === "string" && one !== "")) {
    throw new PolicyError(`A Statement needs ${name} or ${negation}`);
  }
  return { values: values as string[], isNegated };
}
