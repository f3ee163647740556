/**
 * A function that is a Worker of its own, bound to this one. It is sent Lambda's Invoke: a POST with the event as its
 * body, and answers with the result as JSON; an error of the function has `X-Amz-Function-Error` and the error object.
 */
import type { Env } from "../settings.ts";

/** Bindings that are no functions, though they have `fetch`. */
const reserved: ReadonlySet<string> = new Set<keyof Env>(["FUNCTIONS", "FUNCTION_CHANNELS", "EGRESS"]);

/** @param name the function's; a binding has `_` for `-`, since its name is an identifier */
export function boundFunction(env: Env, name: string): Pick<Fetcher, "fetch"> | undefined {
  const bindings = env as unknown as Record<string, unknown>;
  const bindingName = [name, name.replaceAll("-", "_")].find((candidate) =>
    Object.hasOwn(bindings, candidate),
  );
  if (bindingName === undefined || reserved.has(bindingName)) return undefined;
  const binding = bindings[bindingName];
  return isFetcher(binding) ? binding : undefined;
}

const isFetcher = (binding: unknown): binding is Fetcher =>
  typeof binding === "object" && binding !== null && typeof (binding as Fetcher).fetch === "function";
