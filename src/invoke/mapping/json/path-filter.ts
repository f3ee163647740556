/** The filters of JSONPath as Jayway 2.0 reads them: `[?(@.price < 10 && @.tags)]`. */
import { compareExactly, isNumber, parseDecimal, printNumber } from "../java/numbers.ts";
import { matches, patternOf } from "../java/patterns.ts";
import { compareTexts } from "../java/texts.ts";
import { print, type Value } from "../java/values.ts";
import type { JsonPath } from "./path.ts";
import { InvalidPath } from "./path-error.ts";

type Predicate = (value: Value, root: Value) => boolean;
type CompilePath = (path: string) => JsonPath;

/** In this order they are looked for. */
const operators = ["==", ">=", "<=", "!=", "<", ">", "=~"] as const;
type FilterOperator = (typeof operators)[number];

/** @throws InvalidPath for a filter that is none */
export function compileFilter(fragment: string, compilePath: CompilePath): Predicate {
  const inside = /^\[\s*\?\s*\(([\s\S]*)\)\s*\]$/.exec(fragment)?.[1];
  if (inside === undefined) throw invalid(fragment);
  const alternatives = inside
    .split("||")
    .map((text) => text.split("&&").map((criterion) => compileCriterion(criterion, compilePath)));
  return (value, root) =>
    alternatives.some((criteria) => criteria.every((criterion) => criterion(value, root)));
}

const invalid = (filter: string) => new InvalidPath(`${filter} is no filter of JSONPath`);

function compileCriterion(source: string, compilePath: CompilePath): Predicate {
  const text = source
    .trim()
    .replace(/^[[?( ]+/, "")
    .replace(/[) ]+$/, "");
  if (text === "") throw invalid(source);
  const operator = operators.find((one) => text.includes(one));
  if (!operator) {
    if (!/^(?:[$@]|!@)/.test(text)) throw invalid(source);
    const isNegated = text.startsWith("!");
    const path = definite(isNegated ? text.slice(1) : text, compilePath);
    return (value) => ((path.readWithin(value, value) ?? null) !== null) !== isNegated;
  }
  const at = text.indexOf(operator);
  const left = compileOperand(text.slice(0, at).trim(), compilePath);
  const right = compileOperand(text.slice(at + operator.length).trim(), compilePath);
  return (value, root) => {
    const model = left(value, root);
    const expected = right(value, root);
    return model !== undefined && expected !== undefined && holds(operator, expected, model);
  };
}

function definite(text: string, compilePath: CompilePath): JsonPath {
  const path = compilePath(text);
  if (!path.isDefinite) throw new InvalidPath(`${text} may lead to several values`);
  return path;
}

type Operand = Value | RegularExpression;

class RegularExpression {
  readonly source: string;
  readonly flags: string;

  constructor(source: string, flags: string) {
    patternOf(source, flags);
    this.source = source;
    this.flags = flags;
  }
}

/** A path, a text in single quotes, a pattern between slashes; anything else is the text that it is. */
function compileOperand(
  text: string,
  compilePath: CompilePath,
): (value: Value, root: Value) => Operand | undefined {
  if (/^[$@]/.test(text)) {
    const path = definite(text, compilePath);
    return (value, root) => path.readWithin(path.isRoot ? root : value, root);
  }
  const quoted = /^'([\s\S]*)'$/.exec(text);
  if (quoted) return () => quoted[1] as string;
  const pattern = /^\/([\s\S]*)\/(i?)$/.exec(text);
  if (!pattern) return () => text;
  const compiled = new RegularExpression(pattern[1] as string, pattern[2] as string);
  return () => compiled;
}

function holds(operator: FilterOperator, expected: Operand, model: Operand): boolean {
  if (operator === "=~") return isMatch(expected, model);
  if (expected instanceof RegularExpression || model instanceof RegularExpression) return false;
  const isOrder = operator !== "==" && operator !== "!=";
  if (isOrder && (expected === null) !== (model === null)) return false;
  const order = compare(expected, model);
  if (order === undefined) return false;
  switch (operator) {
    case "==":
      return order === 0;
    case "!=":
      return order !== 0;
    case "<":
      return order > 0;
    case "<=":
      return order >= 0;
    case ">":
      return order < 0;
    case ">=":
      return order <= 0;
  }
}

function isMatch(expected: Operand, model: Operand): boolean {
  const [pattern, target] = model instanceof RegularExpression ? [model, expected] : [expected, model];
  if (!(pattern instanceof RegularExpression) || target instanceof RegularExpression) {
    throw new InvalidPath("=~ needs a pattern between slashes");
  }
  return target !== null && matches(print(target), pattern.source, pattern.flags);
}

const isNullish = (value: Value): boolean => value === null || value === "null";

/** @returns undefined when the two cannot be compared, which makes any criterion false */
function compare(expected: Value, model: Value): number | undefined {
  if (isNullish(expected) || isNullish(model)) return Number(isNullish(model)) - Number(isNullish(expected));
  if (typeof expected === "string") {
    if (typeof model === "string") return compareTexts(expected.replaceAll("\\'", "'"), model);
    if (typeof model === "boolean") return Number(expected.toLowerCase() === "true") - Number(model);
    if (!isNumber(model)) return undefined;
    if (!/^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/.test(expected)) {
      throw new InvalidPath(`${expected} is no number`);
    }
    return compareExactly(parseDecimal(expected), parseDecimal(printNumber(model)));
  }
  if (isNumber(expected) && isNumber(model)) {
    return compareExactly(parseDecimal(printNumber(expected)), parseDecimal(printNumber(model)));
  }
  if (typeof expected === "boolean" && typeof model === "boolean") return Number(expected) - Number(model);
  return undefined;
}
