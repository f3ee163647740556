/**
 * Methods by name and by the classes of what they are given, as Velocity looks for them: a method that is not there
 * for these arguments is null, which prints nothing.
 */
import { TemplateError } from "../template-scope.ts";
import { Double, isNumber, Long } from "./numbers.ts";
import { JavaMap, List, type Value } from "./values.ts";

/**
 * A letter for each parameter: `s` text, `i` Integer, `l` Integer or Long, `d` those or Double, `b` boolean, `L` list,
 * `M` map, `o` anything; `*` behind the last one stands for any number of anything.
 */
type Signature = string;

// The signature has checked what is cast to in a method.
type Run<Self> = (self: Self, ...values: never[]) => Value;
export type Overload<Self> = readonly [Signature, Run<Self>];
export type Methods<Self> = ReadonlyMap<string, readonly Overload<Self>[]>;

const accepts: Record<string, (value: Value) => boolean> = {
  s: (value) => value === null || typeof value === "string",
  i: (value) => typeof value === "number",
  l: (value) => typeof value === "number" || value instanceof Long,
  d: (value) => typeof value === "number" || value instanceof Long || value instanceof Double,
  n: isNumber,
  b: (value) => typeof value === "boolean",
  L: (value) => value === null || value instanceof List,
  M: (value) => value === null || value instanceof JavaMap,
  o: () => true,
};

/**
 * @returns undefined when there is no such method for these arguments
 * @throws TemplateError for null where Java throws a NullPointerException
 */
export function callMethod<Self>(
  methods: Methods<Self>,
  self: Self,
  name: string,
  values: Value[],
): Value | undefined {
  for (const [signature, run] of methods.get(name) ?? []) {
    if (!fits(signature, values)) continue;
    checkNulls(signature, values, name);
    return (run as (self: Self, ...values: Value[]) => Value)(self, ...values);
  }
  return undefined;
}

function fits(signature: Signature, values: Value[]): boolean {
  const isVariable = signature.endsWith("*");
  const count = isVariable ? signature.length - 1 : signature.length;
  if (isVariable ? values.length < count : values.length !== count) return false;
  for (let index = 0; index < count; index++) {
    if (!accepts[signature[index] as string]?.(values[index] as Value)) return false;
  }
  return true;
}

function checkNulls(signature: Signature, values: Value[], name: string): void {
  for (let index = 0; index < values.length; index++) {
    const type = signature[index];
    if (values[index] === null && type !== "o" && type !== "*" && type !== undefined) {
      throw new TemplateError(`null is no argument of ${name}()`);
    }
  }
}
