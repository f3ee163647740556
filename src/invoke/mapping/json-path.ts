/**
 * The JSONPath of parameter mappings: `$.a.b`, `$['a']`, `$.list[0]`, `$[-1]`, compiled once.
 * Source: the guide's request-response-data-mappings.
 */

type Step = string | number;

/** One step: a member by its name, or an element by its index, from the end when negative. */
export type StepInto = (value: unknown, step: string | number) => unknown;

/** Into parsed JSON; only own members count. */
const stepIntoJson: StepInto = (value, step) => {
  if (typeof step === "number") return Array.isArray(value) ? value.at(step) : undefined;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return Object.hasOwn(value, step) ? (value as Record<string, unknown>)[step] : undefined;
};

/**
 * @param stepInto for documents of another kind
 * @returns what finds the value, undefined where the path leads nowhere; or undefined itself when this is no such path
 */
export function compileJsonPath(
  path: string,
  stepInto: StepInto = stepIntoJson,
): ((document: unknown) => unknown) | undefined {
  const steps = parse(path);
  if (!steps) return undefined;
  return (document) => {
    let value = document;
    for (const step of steps) {
      if (value === undefined) return undefined;
      value = stepInto(value, step);
    }
    return value;
  };
}

function parse(path: string): Step[] | undefined {
  const steps: Step[] = [];
  const token = /\.([^.[\]]+)|\[(-?\d{1,9})\]|\['([^']*)'\]|\["([^"]*)"\]/y;
  token.lastIndex = path.startsWith("$") ? 1 : 0;
  const text = path.startsWith("$") || path.startsWith("[") ? path : `.${path}`;
  while (token.lastIndex < text.length) {
    const match = token.exec(text);
    if (!match) return undefined;
    steps.push(match[2] === undefined ? ((match[1] ?? match[3] ?? match[4]) as string) : Number(match[2]));
  }
  return steps;
}
