/** A variable of `$context` by its dotted name. */

/**
 * @param context what knows its variables by their first names: plain data, of which only own members count
 * @param name such as `identity.sourceIp`
 * @returns its text; undefined when there is no such variable, or when it is no scalar
 */
export function textOfContext(
  context: { variable(name: string): unknown },
  name: string,
): string | undefined {
  const [first = "", ...rest] = name.split(".");
  let value = context.variable(first);
  for (const part of rest) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : undefined;
}
