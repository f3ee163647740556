/** From a template's tree to closures: nothing is parsed while it renders, and every loop has a budget. */
import { call, element, property, setElement, setProperty } from "../java/introspection.ts";
import { calculate, compareNumbers, isNumber, toInt } from "../java/numbers.ts";
import { allowPatterns } from "../java/patterns.ts";
import { bounded, isEqual, JavaMap, JavaObject, List, print, type Value } from "../java/values.ts";
import { TemplateError, type TemplateScope } from "../template-scope.ts";
import { Context } from "../variables/context.ts";
import { Input } from "../variables/input.ts";
import { util } from "../variables/util.ts";
import type { Arithmetic, Comparison, Expression, Node, PrintedReference, Reference, Step } from "./ast.ts";
import { DefinedBlock, ForeachScope } from "./scope.ts";

/** Nodes and steps that one rendering may take. */
const mostSteps = 1_000_000;
/** Rounds of a #foreach (the guide's limits); the loop then ends, as Velocity's own setting has it. */
const mostRounds = 1000;
/** Elements of a range. */
const longestRange = 100_000;

interface Run {
  /** What is null is not there. */
  variables: Map<string, Value>;
  output: string;
  steps: number;
}

type Render = (run: Run) => void;
type Evaluate = (run: Run) => Value;
type Holds = (run: Run) => boolean;

const stopSignal = Symbol("stop");

/** Thrown to leave a loop: the innermost one, or the one it names. */
class BreakSignal {
  readonly scope: ForeachScope | undefined;

  constructor(scope: ForeachScope | undefined) {
    this.scope = scope;
  }
}

export function compileNodes(nodes: Node[]): (scope: TemplateScope) => string {
  const render = compileBlock(nodes);
  return (scope) => {
    const variables = new Map<string, Value>();
    variables.set("input", new Input(scope));
    variables.set("context", new Context(scope));
    variables.set("util", util);
    variables.set("stageVariables", new JavaMap(undefined, { ...scope.stageVariables }));
    const run: Run = { variables, output: "", steps: 0 };
    allowPatterns();
    try {
      render(run);
    } catch (signal) {
      if (signal instanceof RangeError)
        throw new TemplateError(`the template cannot be rendered: ${signal.message}`);
      if (signal !== stopSignal && !(signal instanceof BreakSignal)) throw signal;
    }
    return run.output;
  };
}

function spend(run: Run): void {
  if (++run.steps > mostSteps) throw new TemplateError("the template runs too long");
}

function write(run: Run, text: string): void {
  run.output = bounded(run.output + text);
}

/** What the block prints, apart. */
function rendered(run: Run, render: Render): string {
  const { output } = run;
  run.output = "";
  try {
    render(run);
    return run.output;
  } finally {
    run.output = output;
  }
}

function compileBlock(nodes: Node[]): Render {
  const renders = nodes.map(compileNode);
  return (run) => {
    for (const render of renders) {
      spend(run);
      render(run);
    }
  };
}

function compileNode(node: Node): Render {
  switch (node.kind) {
    case "text": {
      const { text } = node;
      return (run) => write(run, text);
    }
    case "reference":
      return compilePrinted(node.printed, compileReference(node.reference));
    case "set":
      return compileSet(node.target, compileExpression(node.value));
    case "if": {
      const branches = node.branches.map(({ condition, body }) => ({
        condition: compileCondition(condition),
        body: compileBlock(body),
      }));
      const otherwise = compileBlock(node.otherwise);
      return (run) => {
        for (const { condition, body } of branches) {
          if (condition(run)) return body(run);
        }
        otherwise(run);
      };
    }
    case "foreach":
      return node.items
        ? compileForeach(node, compileExpression(node.items), compileBlock(node.body))
        : () => {};
    case "define": {
      const { variable } = node;
      const body = compileBlock(node.body);
      return (run) => {
        const block = new DefinedBlock(() => rendered(run, (inner) => renderDefined(inner, body)));
        run.variables.set(variable, block);
      };
    }
    case "break":
      return compileBreak(node.scope && compileExpression(node.scope));
    case "stop":
      return () => {
        throw stopSignal;
      };
    case "include":
      return () => {
        throw new TemplateError(`#${node.name} finds nothing: there are no files`);
      };
  }
}

/** A #break in a defined block ends the block. */
function renderDefined(run: Run, body: Render): void {
  spend(run);
  try {
    body(run);
  } catch (signal) {
    if (!(signal instanceof BreakSignal) || signal.scope) throw signal;
  }
}

function compilePrinted({ prefix, isEscaped, literal }: PrintedReference, evaluate: Evaluate): Render {
  if (isEscaped) {
    return (run) => {
      evaluate(run);
      write(run, prefix + literal);
    };
  }
  return (run) => {
    const value = evaluate(run) ?? "";
    const text = value instanceof JavaObject ? (value.print() ?? literal) : print(value);
    write(run, prefix === "" ? text : prefix + text);
  };
}

function compileBreak(scopeOf: Evaluate | undefined): Render {
  return (run) => {
    const scope = scopeOf?.(run);
    if (scope !== undefined && !(scope instanceof ForeachScope))
      throw new TemplateError("#break takes a loop");
    throw new BreakSignal(scope);
  };
}

/** A null on the right leaves everything as it is. */
function compileSet({ name, steps }: Reference, evaluate: Evaluate): Render {
  const last = steps.at(-1);
  if (name === undefined) return () => {};
  if (!last) {
    return (run) => {
      const value = evaluate(run);
      if (value !== null) run.variables.set(name, value);
    };
  }
  const holderOf = compileSteps(name, steps.slice(0, -1));
  const assign = compileAssignment(last);
  return (run) => {
    const value = evaluate(run);
    const holder = value === null ? null : holderOf(run);
    if (value !== null && holder !== null) assign(run, holder, value);
  };
}

function compileAssignment(last: Step): (run: Run, holder: Value, value: Value) => void {
  if (last.kind !== "index") return (_run, holder, value) => setProperty(holder, last.name, value);
  const indexOf = compileExpression(last.index);
  return (run, holder, value) => setElement(holder, indexOf(run), value);
}

/** What a loop goes through, and how many there are now: Java refuses to go on when that has changed. */
interface Iterable {
  items: Value[];
  size: () => number;
  /** Whether a change behind the last one is noticed, too. */
  isList: boolean;
}

function iterableOf(value: Value): Iterable | undefined {
  if (value instanceof List) {
    const { source } = value;
    if (source) return { items: value.items, size: () => source.entries.size, isList: false };
    return { items: value.items, size: () => value.items.length, isList: true };
  }
  if (value instanceof JavaMap) {
    const { entries } = value;
    return { items: [...entries.values()], size: () => entries.size, isList: false };
  }
  const items = value instanceof JavaObject ? value.items() : undefined;
  return items && { items, size: () => items.length, isList: true };
}

function compileForeach(
  { variable, hasCounters }: Extract<Node, { kind: "foreach" }>,
  listOf: Evaluate,
  body: Render,
): Render {
  const names = hasCounters ? [variable, "velocityCount", "velocityHasNext"] : [variable];
  return (run) => {
    const iterable = iterableOf(listOf(run));
    if (!iterable) return;
    const { items, size, isList } = iterable;
    const { variables } = run;
    const shadowed = names.map((name) => [name, variables.get(name)] as const);
    const scope = new ForeachScope(variables.get("foreach") ?? null);
    variables.set("foreach", scope);
    const { length } = items;
    const sizeBefore = size();
    let index = 0;
    try {
      for (; index < length && index < mostRounds; index++) {
        spend(run);
        if (size() !== sizeBefore) {
          if (isList && size() === index) break;
          throw new TemplateError("what a loop goes through is changed in it");
        }
        scope.index = index;
        scope.hasNext = index + 1 < length;
        if (hasCounters) {
          variables.set("velocityCount", index + 1);
          variables.set("velocityHasNext", scope.hasNext);
        }
        variables.set(variable, items[index] as Value);
        body(run);
      }
      if (isList && index === length && size() !== length) {
        throw new TemplateError("what a loop goes through is changed in it");
      }
    } catch (signal) {
      if (!(signal instanceof BreakSignal) || (signal.scope && signal.scope !== scope)) throw signal;
    } finally {
      for (const [name, before] of shadowed) {
        if (before === undefined) variables.delete(name);
        else variables.set(name, before);
      }
      leave(variables, scope);
    }
  };
}

/** `$foreach` is the loop around again, unless the template has set something else there. */
function leave(variables: Map<string, Value>, scope: ForeachScope): void {
  if (!(variables.get("foreach") instanceof ForeachScope)) return;
  variables.set("foreach", scope.parent ?? scope.replaced);
}

/** Null is the empty text wherever a reference leads to it (mapping-templates, "Null is the empty string"). */
function compileReference({ name, steps }: Reference): Evaluate {
  if (name === undefined) return () => null;
  const evaluate = compileSteps(name, steps);
  return (run) => evaluate(run) ?? "";
}

/** Null as soon as a step leads to it. */
function compileSteps(name: string, steps: Step[]): Evaluate {
  const root: Evaluate = (run) => run.variables.get(name) ?? null;
  return steps.map(compileStep).reduce<Evaluate>(
    (holderOf, step) => (run) => {
      const holder = holderOf(run);
      return holder === null ? null : (step(run, holder) ?? null);
    },
    root,
  );
}

function compileStep(step: Step): (run: Run, holder: Value) => Value | undefined {
  switch (step.kind) {
    case "property": {
      const { name } = step;
      return (_run, holder) => property(holder, name);
    }
    case "index": {
      const indexOf = compileExpression(step.index);
      return (run, holder) => element(holder, indexOf(run));
    }
    case "call": {
      const { name } = step;
      const values = step.arguments.map(compileExpression);
      return (run, holder) => {
        spend(run);
        return call(
          holder,
          name,
          values.map((value) => value(run)),
        );
      };
    }
  }
}

function compileExpression(expression: Expression): Evaluate {
  switch (expression.kind) {
    case "literal": {
      const { value } = expression;
      return () => value;
    }
    case "interpolated": {
      const { isPadded } = expression;
      const render = compileBlock(expression.nodes);
      return (run) => {
        const text = rendered(run, render);
        return isPadded ? text.slice(0, -1) : text;
      };
    }
    case "reference":
      return compileReference(expression.reference);
    case "not":
    case "or":
    case "and":
    case "comparison":
      return compileCondition(expression);
    case "arithmetic":
      return compileArithmetic(expression);
    case "list": {
      const elements = expression.elements.map(compileExpression);
      return (run) => new List(elements.map((element) => element(run)));
    }
    case "map": {
      const entries = expression.entries.map(
        ([key, value]) => [compileExpression(key), compileExpression(value)] as const,
      );
      return (run) => {
        const map = new JavaMap();
        for (const [key, value] of entries) map.put(key(run), value(run));
        return map;
      };
    }
    case "range": {
      const from = compileExpression(expression.from);
      const to = compileExpression(expression.to);
      return (run) => rangeOf(run, from(run), to(run));
    }
  }
}

/**
 * Whether an expression holds where a condition is asked for. Velocity 1.7 asks the kind of expression and
 * not its value: a reference holds unless it is false, a boolean or a comparison speaks for itself, and any
 * other literal or arithmetic never holds, so `#if("yes")` and `#if(1)` are the else branch.
 */
function compileCondition(expression: Expression): Holds {
  switch (expression.kind) {
    case "not": {
      const operand = compileCondition(expression.operand);
      return (run) => !operand(run);
    }
    case "or":
    case "and": {
      const first = compileCondition(expression.left);
      const second = compileCondition(expression.right);
      return expression.kind === "or"
        ? (run) => first(run) || second(run)
        : (run) => first(run) && second(run);
    }
    case "comparison":
      return compileComparison(
        expression.operator,
        compileExpression(expression.left),
        compileExpression(expression.right),
      );
    case "reference": {
      const evaluate = compileReference(expression.reference);
      return (run) => isTrue(evaluate(run));
    }
    case "literal":
      return () => expression.value === true;
    default:
      return () => false;
  }
}

/** Everything but false and what cannot be printed. */
const isTrue = (value: Value): boolean =>
  value instanceof DefinedBlock ? value.print() !== null : value !== false && value !== null;

function compileComparison(operator: Comparison, left: Evaluate, right: Evaluate): Holds {
  switch (operator) {
    case "==":
      return (run) => isLoose(left(run), right(run));
    case "!=":
      return (run) => !isLoose(left(run), right(run));
    default: {
      const holds = orders[operator];
      return (run) => {
        const a = left(run);
        const b = right(run);
        return isNumber(a) && isNumber(b) && holds(compareNumbers(a, b));
      };
    }
  }
}

const orders: Record<Exclude<Comparison, "==" | "!=">, (order: number) => boolean> = {
  "<": (order) => order < 0,
  "<=": (order) => order <= 0,
  ">": (order) => order > 0,
  ">=": (order) => order >= 0,
};

/** Numbers by their value, what is of one class by equals(), anything else by what it prints. */
function isLoose(left: Value, right: Value): boolean {
  if (isNumber(left) && isNumber(right)) return compareNumbers(left, right) === 0;
  if (left === null || right === null) return left === right;
  const isOneClass =
    typeof left !== "object"
      ? typeof left === typeof right
      : (left instanceof List && right instanceof List) ||
        (left instanceof JavaMap && right instanceof JavaMap);
  return isOneClass ? isEqual(left, right) : print(left) === print(right);
}

/** What is no number gives null, but for a sum with a text: it joins the two, or the source of one that is null. */
function compileArithmetic(expression: Extract<Expression, { kind: "arithmetic" }>): Evaluate {
  const { operator, literals } = expression;
  const left = compileExpression(expression.left);
  const right = compileExpression(expression.right);
  return (run) => {
    spend(run);
    const a = left(run);
    const b = right(run);
    if (operator === "+" && (typeof a === "string" || typeof b === "string")) {
      return bounded((a === null ? literals[0] : print(a)) + (b === null ? literals[1] : print(b)));
    }
    return isNumber(a) && isNumber(b) ? calculated(operator, a, b) : null;
  };
}

/** @throws TemplateError for a number that would be too long */
function calculated(operator: Arithmetic, left: Value, right: Value): Value {
  if (!isNumber(left) || !isNumber(right)) return null;
  const result = calculate(operator, left, right);
  if (
    typeof result === "object" &&
    result !== null &&
    "value" in result &&
    typeof result.value === "bigint"
  ) {
    if (result.value > hugest || result.value < -hugest) throw new TemplateError("a number is too long");
  }
  return result;
}

const hugest = 10n ** 20_000n;

function rangeOf(run: Run, from: Value, to: Value): Value {
  if (!isNumber(from) || !isNumber(to)) return null;
  const start = toInt(from);
  const length = Math.abs(toInt(to) - start) + 1;
  if (length > longestRange) throw new TemplateError("a range is too long");
  run.steps += length >> 4;
  const step = start < toInt(to) ? 1 : -1;
  return new List(Array.from({ length }, (_, index) => start + index * step));
}
