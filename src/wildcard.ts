/** Texts with wildcards, as AWS's policies have them: `*` stands for any text, `?` for one character. */

/** A pattern taken apart: UTF-16 units, and the two wildcards, which are none. */
export type Wildcards = readonly number[];

const anyText = -1;
const anyCharacter = -2;
const colon = 58;

export const wildcardsOf = (pattern: string): number[] =>
  Array.from({ length: pattern.length }, (_, index) => {
    const unit = pattern.charCodeAt(index);
    return unit === 42 ? anyText : unit === 63 ? anyCharacter : unit;
  });

/** The pattern that stands for this text alone, whatever is in it. */
export const literalOf = (text: string): number[] =>
  Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));

/**
 * Whether all of the text is what the pattern stands for. Only the last `*` is ever gone back to, so the steps are at
 * most the text's length times that of the longest stretch between two stars.
 */
export function isLike(text: string, pattern: Wildcards): boolean {
  let at = 0;
  let patternAt = 0;
  let star = -1;
  let starText = 0;
  while (at < text.length) {
    const expected = pattern[patternAt];
    if (expected === anyText) {
      star = patternAt++;
      starText = at;
    } else if (expected === anyCharacter || expected === text.charCodeAt(at)) {
      patternAt++;
      at++;
    } else if (star !== -1) {
      patternAt = star + 1;
      at = ++starText;
    } else {
      return false;
    }
  }
  while (pattern[patternAt] === anyText) patternAt++;
  return patternAt === pattern.length;
}

/** Each of an ARN's six parts is matched by itself: in the first five, `*` stands for any text without a colon. */
export function isArnLike(arn: string, pattern: Wildcards): boolean {
  const texts = arn.split(":");
  const parts = texts.length <= 6 ? texts : [...texts.slice(0, 5), texts.slice(5).join(":")];
  const patterns = patternParts(pattern);
  return (
    parts.length === patterns.length && patterns.every((part, index) => isLike(parts[index] as string, part))
  );
}

function patternParts(pattern: Wildcards): Wildcards[] {
  const parts: Wildcards[] = [];
  let start = 0;
  for (const [index, unit] of pattern.entries()) {
    if (unit !== colon || parts.length === 5) continue;
    parts.push(pattern.slice(start, index));
    start = index + 1;
  }
  return [...parts, pattern.slice(start)];
}
