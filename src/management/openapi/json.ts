/**
 * Reading JSON of unknown shape: a hostile document never makes these throw, and only its own members count,
 * so that `__proto__` and `constructor` are names like any other.
 */

export type JsonObject = Record<string, unknown>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The member of that name, when `value` is an object that has it itself. */
export const member = (value: unknown, name: string): unknown =>
  isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;

/** Names and values in the document's order; none when `value` is no object. */
export const members = (value: unknown): [string, unknown][] =>
  isObject(value) ? Object.entries(value) : [];

/** The elements; none when `value` is no array. */
export const elements = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** A scalar as text, since YAML gives numbers where names and codes are meant (`200:`, `version: 2`). */
export const text = (value: unknown): string | undefined =>
  typeof value === "string"
    ? value
    : typeof value === "number" || typeof value === "boolean"
      ? String(value)
      : undefined;

/** The texts of an array; anything else in it is left out. */
export const texts = (value: unknown): string[] =>
  elements(value).flatMap((element) => {
    const found = text(element);
    return found === undefined ? [] : [found];
  });

/** A whole number, also when it is written as text. */
export const integer = (value: unknown): number | undefined => {
  const number = /^-?\d{1,15}$/.test(text(value) ?? "") ? Number(value) : undefined;
  return Number.isSafeInteger(number) ? number : undefined;
};

/** `true` and `"true"`. */
export const isTrue = (value: unknown): boolean => value === true || value === "true";

/** The object without its `undefined` members. */
export function compact<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;
}
