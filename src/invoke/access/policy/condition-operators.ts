/**
 * The operators of a policy's conditions: how one value of a request compares with one of the policy.
 * Source: the IAM user guide's reference_policies_elements_condition_operators.
 */
import { isArnLike, isLike } from "../../../wildcard.ts";
import { parseIpRange } from "./ip-range.ts";
import { PolicyError } from "./policy-error.ts";
import { type ConditionKeys, exactText, likeText } from "./policy-text.ts";

/** Whether a request's value is what the policy's is compared to be. */
export type Comparison = (value: string, keys: ConditionKeys) => boolean;

export interface Operator {
  /** `…Not…`: holds when no value of the policy compares. */
  isNegated: boolean;
  /** @throws PolicyError for a value that cannot be compared so */
  compile: (expected: string, hasVariables: boolean) => Comparison;
}

type Compile = Operator["compile"];

const stringEquals: Compile = (expected, hasVariables) => {
  const text = exactText(expected, hasVariables);
  return (value, keys) => value === text(keys);
};

const stringEqualsIgnoreCase: Compile = (expected, hasVariables) => {
  const text = exactText(expected, hasVariables);
  return (value, keys) => value.toLowerCase() === text(keys)?.toLowerCase();
};

const stringLike: Compile = (expected, hasVariables) => {
  const text = likeText(expected, hasVariables);
  return (value, keys) => {
    const pattern = text(keys);
    return pattern !== undefined && isLike(value, pattern);
  };
};

const arnLike: Compile = (expected, hasVariables) => {
  const text = likeText(expected, hasVariables);
  return (value, keys) => {
    const pattern = text(keys);
    return pattern !== undefined && isArnLike(value, pattern);
  };
};

/** Both sides as numbers; what is none compares with nothing. */
const ordered =
  (parse: (text: string) => number, holds: (value: number, expected: number) => boolean): Compile =>
  (expected) => {
    const limit = parse(expected);
    if (Number.isNaN(limit))
      throw new PolicyError(`A condition cannot compare with ${JSON.stringify(expected)}`);
    return (value) => holds(parse(value), limit);
  };

const numberOf = (text: string): number =>
  /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;

const isoDate = /^\d{4}(?:-\d\d(?:-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?)?)?$/;

/** Unix time, seconds: as a number, or as the W3C's profile of ISO 8601, UTC where it does not say. */
const dateOf = (text: string): number => {
  if (/^\d{1,12}$/.test(text) && text.length !== 4) return Number(text);
  if (!isoDate.test(text)) return Number.NaN;
  return Date.parse(text.length > 10 && !/(?:Z|[+-]\d\d:?\d\d)$/.test(text) ? `${text}Z` : text) / 1000;
};

const bool: Compile = (expected) => {
  const wanted = expected.toLowerCase();
  if (wanted !== "true" && wanted !== "false")
    throw new PolicyError(`${JSON.stringify(expected)} is no Boolean`);
  return (value) => value.toLowerCase() === wanted;
};

const ipAddress: Compile = (expected) => {
  const range = parseIpRange(expected);
  if (!range) throw new PolicyError(`${JSON.stringify(expected)} is no range of IP addresses`);
  return range;
};

const is = (compile: Compile): Operator => ({ isNegated: false, compile });
const isNot = (compile: Compile): Operator => ({ isNegated: true, compile });

const comparisons: [suffix: string, holds: (value: number, expected: number) => boolean][] = [
  ["LessThan", (value, expected) => value < expected],
  ["LessThanEquals", (value, expected) => value <= expected],
  ["GreaterThan", (value, expected) => value > expected],
  ["GreaterThanEquals", (value, expected) => value >= expected],
];

const orderedOperators = (prefix: string, parse: (text: string) => number): [string, Operator][] => {
  const equals = ordered(parse, (value, expected) => value === expected);
  return [
    [`${prefix}Equals`, is(equals)],
    [`${prefix}NotEquals`, isNot(equals)],
    ...comparisons.map(([suffix, holds]): [string, Operator] => [
      `${prefix}${suffix}`,
      is(ordered(parse, holds)),
    ]),
  ];
};

/** All but `Null`, which asks whether a key is there, by name. */
export const operators: ReadonlyMap<string, Operator> = new Map([
  ["StringEquals", is(stringEquals)],
  ["StringNotEquals", isNot(stringEquals)],
  ["StringEqualsIgnoreCase", is(stringEqualsIgnoreCase)],
  ["StringNotEqualsIgnoreCase", isNot(stringEqualsIgnoreCase)],
  ["StringLike", is(stringLike)],
  ["StringNotLike", isNot(stringLike)],
  ...orderedOperators("Numeric", numberOf),
  ...orderedOperators("Date", dateOf),
  ["Bool", is(bool)],
  // Values of both sides are base64 of the same octets.
  ["BinaryEquals", is((expected) => (value) => value === expected)],
  ["IpAddress", is(ipAddress)],
  ["NotIpAddress", isNot(ipAddress)],
  ["ArnEquals", is(arnLike)],
  ["ArnNotEquals", isNot(arnLike)],
  ["ArnLike", is(arnLike)],
  ["ArnNotLike", isNot(arnLike)],
]);
