/**
 * The Condition block of a statement. All operators must hold, and all keys of each; of several values, one is enough.
 * Sources: the IAM user guide's reference_policies_elements_condition and reference_policies_multi-value-conditions.
 */
import { type Comparison, operators } from "./condition-operators.ts";
import { PolicyError } from "./policy-error.ts";
import type { ConditionKeys } from "./policy-text.ts";

export type Condition = (keys: ConditionKeys) => boolean;

/** @throws PolicyError */
export function compileConditions(block: unknown, hasVariables: boolean): Condition[] {
  if (block === undefined) return [];
  return entriesOf(block).flatMap(([operator, byKey]) =>
    entriesOf(byKey).map(([key, values]) =>
      compileCondition(operator, key.toLowerCase(), valuesOf(values), hasVariables),
    ),
  );
}

function entriesOf(value: unknown): [string, unknown][] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new PolicyError("A Condition must be an object of objects");
  }
  return Object.entries(value);
}

/** One or several; numbers and Booleans may be written as such. */
function valuesOf(values: unknown): string[] {
  return (Array.isArray(values) ? values : [values]).map((value: unknown) => {
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean")
      return String(value);
    throw new PolicyError("A value of a Condition must be a text, a number or a Boolean");
  });
}

const operatorName = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/;

function compileCondition(
  written: string,
  key: string,
  expected: string[],
  hasVariables: boolean,
): Condition {
  const [, quantifier, name = "", ifExists] = operatorName.exec(written) ?? [];
  if (name === "Null" && !ifExists) return compileNull(key, expected);
  const operator = operators.get(name);
  if (!operator) throw new PolicyError(`There is no condition operator ${written}`);
  const comparisons = expected.map((value) => operator.compile(value, hasVariables));
  const compares = (value: string, keys: ConditionKeys) => comparisons.some((one) => one(value, keys));
  const { isNegated } = operator;
  // A value of the request passes when it compares with one of the policy's, or under a negation with none.
  const passes: Comparison = (value, keys) => compares(value, keys) !== isNegated;
  return (keys) => {
    const values = keys(key);
    const isAbsent = values === undefined || values.length === 0;
    if (isAbsent && ifExists) return true;
    switch (quantifier) {
      case "ForAllValues":
        return isAbsent || values.every((value) => passes(value, keys));
      case "ForAnyValue":
        return !isAbsent && values.some((value) => passes(value, keys));
      default:
        if (isAbsent) return isNegated;
        return isNegated
          ? values.every((value) => passes(value, keys))
          : values.some((value) => passes(value, keys));
    }
  };
}

/** `true`: the key must not be there; `false`: it must. */
function compileNull(key: string, expected: string[]): Condition {
  const wanted = expected.map((value) => {
    const lower = value.toLowerCase();
    if (lower === "true" || lower === "false") return lower === "true";
    throw new PolicyError("Null takes true or false");
  });
  return (keys) => wanted.includes((keys(key)?.length ?? 0) === 0);
}
