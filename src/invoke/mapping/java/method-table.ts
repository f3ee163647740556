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
    const isVariable = signature.endsWith("*");
    const types = isVariable ? signature.slice(0, -1) : signature;
    if (isVariable ? values.length < types.length : values.length !== types.length) continue;
    if (![...types].every((type, index) => accepts[type]?.(values[index] as Value))) continue;
    if ([...types].some((type, index) => type !== "o" && values[index] === null)) {
      throw new TemplateError(`null is no argument of ${name}()`);
    }
    return (run as (self: Self, ...values: Value[]) => Value)(self, ...values);
  }
  return undefined;
}
