/** Escapes that JSON and JavaScript have in common. */
export const commonEscapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

/**
 * @param specials what is escaped, one UTF-16 unit a match
 * @param escapes of units; any other becomes `\uXXXX`, in capitals
 */
export const escaped = (text: string, specials: RegExp, escapes: Readonly<Record<string, string>>): string =>
  text.replace(
    specials,
    (unit) => escapes[unit] ?? `\\u${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`,
  );
