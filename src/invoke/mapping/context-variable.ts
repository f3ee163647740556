/** A variable of `$context` by its dotted name. */

/**
 * @param variables plain data; only own members count
 * @param name such as `identity.sourceIp`
 * @returns its text; undefined when there is no such variable, or when it is no scalar
 */
export function textOfContext(variables: object, name: string): string | undefined {
  let value: unknown = variables;
  for (const part of name.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : undefined;
}
