/** From a template's tree to closures: nothing is parsed while it renders, and every loop has a budget. */
import { TemplateError, type TemplateScope } from "../template-scope.ts";
import type { BinaryOperator, Expression, Node, Reference } from "./ast.ts";
import { call } from "./methods.ts";
import { calculate, compare, Double, Host, isEqual, isTrue, print, type Value } from "./values.ts";
import { variablesOf } from "./variables.ts";

/** Nodes and steps that one rendering may take. */
const mostSteps = 1_000_000;
/** Characters that it may print; more than any payload may have. */
const mostOutput = 12_000_000;
/** Rounds of a #foreach (the guide's limits); the loop then ends, as Velocity's own setting has it. */
const mostRounds = 1000;
/** Elements of a range. */
const longestRange = 100_000;

interface Run {
  variables: Map<string, Value>;
  output: string;
  steps: number;
}

type Render = (run: Run) => void;
type Evaluate = (run: Run) => Value;

/** Thrown to leave a loop, or the template. */
const breakSignal = Symbol("break");
const stopSignal = Symbol("stop");

export function compileNodes(nodes: Node[]): (scope: TemplateScope) => string {
  const render = compileBlock(nodes);
  return (scope) => {
    const run: Run = { variables: variablesOf(scope), output: "", steps: 0 };
    try {
      render(run);
    } catch (signal) {
      if (signal instanceof RangeError) throw new TemplateError("the template needs too much memory");
      if (signal !== stopSignal && signal !== breakSignal) throw signal;
    }
    return run.output;
  };
}

function spend(run: Run): void {
  if (++run.steps > mostSteps) throw new TemplateError("the template runs too long");
}

function write(run: Run, text: string): void {
  run.output += text;
  if (run.output.length > mostOutput) throw new TemplateError("the template prints too much");
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
    case "reference": {
      const evaluate = compileReference(node.reference);
      return (run) => write(run, print(evaluate(run)));
    }
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
      return compileForeach(node.variable, compileExpression(node.items), compileBlock(node.body));
    case "break":
      return () => {
        throw breakSignal;
      };
    case "stop":
      return () => {
        throw stopSignal;
      };
  }
}

function compileSet({ name, steps }: Reference, evaluate: Evaluate): Render {
  const last = steps.at(-1);
  if (!last) return (run) => void run.variables.set(name, evaluate(run));
  if (last.kind === "call") throw new TemplateError("#set cannot set what a method returns");
  const holderOf = compileReference({ name, steps: steps.slice(0, -1) });
  const keyOf: Evaluate = last.kind === "property" ? () => last.name : compileExpression(last.index);
  return (run) => {
    const holder = holderOf(run);
    const value = evaluate(run);
    const key = keyOf(run);
    if (holder instanceof Map) holder.set(print(key), value);
    else if (holder instanceof Host) holder.object.set?.(print(key), value);
    else if (Array.isArray(holder) && typeof key === "number" && key >= 0 && key < holder.length)
      holder[key] = value;
  };
}

function compileForeach(variable: string, itemsOf: Evaluate, body: Render): Render {
  return (run) => {
    const value = itemsOf(run);
    const items = Array.isArray(value) ? [...value] : value instanceof Map ? [...value.values()] : [];
    const rounds = Math.min(items.length, mostRounds);
    const { variables } = run;
    const shadowed = [variable, "foreach", "velocityCount", "velocityHasNext"].map(
      (name) => [name, variables.get(name)] as const,
    );
    const parent = variables.get("foreach");
    try {
      for (let index = 0; index < rounds; index++) {
        spend(run);
        const hasNext = index + 1 < items.length;
        variables.set(variable, items[index] ?? "");
        variables.set("velocityCount", index + 1);
        variables.set("velocityHasNext", hasNext);
        variables.set("foreach", loopState(index, hasNext, parent));
        body(run);
      }
    } catch (signal) {
      if (signal !== breakSignal) throw signal;
    }
    for (const [name, before] of shadowed) {
      if (before === undefined) variables.delete(name);
      else variables.set(name, before);
    }
  };
}

const loopState = (index: number, hasNext: boolean, parent: Value | undefined): Value =>
  new Map<string, Value>([
    ["count", index + 1],
    ["index", index],
    ["hasNext", hasNext],
    ["first", index === 0],
    ["last", !hasNext],
    ...(parent === undefined ? [] : [["parent", parent] as [string, Value]]),
  ]);

function compileReference({ name, steps }: Reference): Evaluate {
  let evaluate: Evaluate = (run) => run.variables.get(name) ?? "";
  for (const step of steps) {
    const holderOf = evaluate;
    switch (step.kind) {
      case "property": {
        const key = step.name;
        evaluate = (run) => property(holderOf(run), key);
        break;
      }
      case "index": {
        const indexOf = compileExpression(step.index);
        evaluate = (run) => property(holderOf(run), indexOf(run));
        break;
      }
      case "call": {
        const values = step.arguments.map(compileExpression);
        evaluate = (run) => {
          spend(run);
          const holder = holderOf(run);
          return (
            call(
              holder,
              step.name,
              values.map((value) => value(run)),
            ) ?? ""
          );
        };
        break;
      }
    }
  }
  return evaluate;
}

/** A member of a map, an element of a list, or a bean's property: `$list.empty`, `$map.size`. */
function property(holder: Value, key: Value): Value {
  if (holder instanceof Map) return holder.get(print(key)) ?? "";
  if (holder instanceof Host) return holder.object.get?.(print(key)) ?? "";
  if (Array.isArray(holder) && typeof key === "number") {
    return holder[key < 0 ? holder.length + key : key] ?? "";
  }
  return key === "empty" ? (call(holder, "isEmpty", []) ?? "") : "";
}

const arithmetic: ReadonlySet<BinaryOperator> = new Set(["+", "-", "*", "/", "%"]);

function compileExpression(expression: Expression): Evaluate {
  switch (expression.kind) {
    case "literal": {
      const value = literalOf(expression);
      return () => value;
    }
    case "interpolated": {
      const render = compileBlock(expression.nodes);
      return (run) => {
        const { output } = run;
        run.output = "";
        render(run);
        const text = run.output;
        run.output = output;
        return text;
      };
    }
    case "reference":
      return compileReference(expression.reference);
    case "not": {
      const operand = compileCondition(expression.operand);
      return (run) => !operand(run);
    }
    case "binary":
      return compileBinary(expression);
    case "list": {
      const elements = expression.elements.map(compileExpression);
      return (run) => elements.map((element) => element(run));
    }
    case "map": {
      const entries = expression.entries.map(
        ([key, value]) => [compileExpression(key), compileExpression(value)] as const,
      );
      return (run) => new Map(entries.map(([key, value]) => [print(key(run)), value(run)]));
    }
    case "range": {
      const from = compileExpression(expression.from);
      const to = compileExpression(expression.to);
      return (run) => rangeOf(from(run), to(run));
    }
  }
}

/**
 * Whether an expression holds where a condition is asked for. Velocity 1.7 asks the kind of expression and
 * not its value: a reference holds unless it is false, a boolean or a comparison speaks for itself, and any
 * other literal or arithmetic never holds, so `#if("yes")` and `#if(1)` are the else branch.
 */
function compileCondition(expression: Expression): (run: Run) => boolean {
  const speaks =
    expression.kind === "reference" ||
    expression.kind === "not" ||
    (expression.kind === "literal" && typeof expression.value === "boolean") ||
    (expression.kind === "binary" && !arithmetic.has(expression.operator));
  if (!speaks) return () => false;
  const evaluate = compileExpression(expression);
  return (run) => isTrue(evaluate(run));
}

function literalOf({ value, isDouble }: Extract<Expression, { kind: "literal" }>): Value {
  if (value === null) return "";
  return isDouble && typeof value === "number" ? new Double(value) : value;
}

function rangeOf(from: Value, to: Value): Value {
  if (typeof from !== "number" || typeof to !== "number") return "";
  const length = Math.abs(to - from) + 1;
  if (length > longestRange) throw new TemplateError("a range is too long");
  const step = from <= to ? 1 : -1;
  return Array.from({ length }, (_, index) => from + index * step);
}

function compileBinary({ operator, left, right }: Extract<Expression, { kind: "binary" }>): Evaluate {
  if (operator === "or" || operator === "and") {
    const first = compileCondition(left);
    const second = compileCondition(right);
    return operator === "or" ? (run) => first(run) || second(run) : (run) => first(run) && second(run);
  }
  const a = compileExpression(left);
  const b = compileExpression(right);
  switch (operator) {
    case "==":
      return (run) => isEqual(a(run), b(run));
    case "!=":
      return (run) => !isEqual(a(run), b(run));
    case "<":
      return (run) => (compare(a(run), b(run)) ?? Number.NaN) < 0;
    case "<=":
      return (run) => (compare(a(run), b(run)) ?? Number.NaN) <= 0;
    case ">":
      return (run) => (compare(a(run), b(run)) ?? Number.NaN) > 0;
    case ">=":
      return (run) => (compare(a(run), b(run)) ?? Number.NaN) >= 0;
    default:
      return (run) => calculate(operator, a(run), b(run));
  }
}
