/** Java's regular expressions, as templates use them in the methods of texts. */
import { type Match, Pattern, PatternTooCostly } from "../../../regex/pattern.ts";
import { TemplateError } from "../template-scope.ts";

const patterns = new Map<string, Pattern>();
const mostPatterns = 200;

/** Compiled once; a template names the same one for each request. @throws TemplateError for what is none */
export function patternOf(source: string, flags = ""): Pattern {
  const key = `${flags}/${source}`;
  let pattern = patterns.get(key);
  if (!pattern) {
    try {
      pattern = new Pattern(source, flags);
    } catch (error) {
      throw new TemplateError(`${source} is no regular expression: ${(error as Error).message}`);
    }
    if (patterns.size >= mostPatterns) patterns.clear();
    patterns.set(key, pattern);
  }
  return pattern;
}

/** Steps that the patterns of one rendering may take; rendering does not wait for anything, so there is only one. */
const mostSteps = 5_000_000;
const budget = { left: mostSteps };

/** For a rendering that begins. */
export function allowPatterns(): void {
  budget.left = mostSteps;
}

/** @throws TemplateError for a match that takes too long */
function guarded<Result>(use: () => Result): Result {
  try {
    return use();
  } catch (error) {
    if (error instanceof PatternTooCostly) throw new TemplateError(error.message);
    throw error;
  }
}

/** Java's String.matches. */
export const matches = (text: string, pattern: string, flags = ""): boolean =>
  guarded(() => patternOf(pattern, flags).matches(text, budget));

/** Java's String.replaceAll, or replaceFirst: `$1` is a group, and a backslash takes a `$` as it is. */
export function replace(text: string, source: string, replacement: string, isAll: boolean): string {
  const pattern = patternOf(source);
  return guarded(() => {
    let result = "";
    let at = 0;
    for (const match of pattern.findAll(text, budget)) {
      result += text.slice(at, match.start) + expand(replacement, match, text);
      at = match.end;
      if (!isAll) break;
    }
    return result + text.slice(at);
  });
}

function expand(replacement: string, { start, end, groups }: Match, text: string): string {
  if (!/[\\$]/.test(replacement)) return replacement;
  return replacement.replace(/\\([\s\S])|\$(\d)|[\\$]/g, (whole, escaped?: string, group?: string) => {
    if (escaped !== undefined) return escaped;
    if (group === undefined) throw new TemplateError(`${whole} is no replacement`);
    if (group === "0") return text.slice(start, end);
    if (Number(group) >= groups.length) throw new TemplateError(`there is no group ${group}`);
    return groups[Number(group)] ?? "";
  });
}

/** Java's String.split. @param limit as there: 0 leaves out the empty texts at the end */
export function split(text: string, source: string, limit: number): string[] {
  const pattern = patternOf(source);
  return guarded(() => {
    if (text === "") return [""];
    const parts: string[] = [];
    let at = 0;
    for (const { start, end } of pattern.findAll(text, budget)) {
      if (limit > 0 && parts.length === limit - 1) break;
      // A match of nothing at the beginning divides nothing.
      if (end === 0 || (start === end && start >= text.length)) continue;
      parts.push(text.slice(at, start));
      at = end;
    }
    parts.push(text.slice(at));
    if (limit === 0) while (parts.length > 1 && parts.at(-1) === "") parts.pop();
    return limit === 0 && parts.length === 1 && parts[0] === "" ? [] : parts;
  });
}
