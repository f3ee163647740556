/** Character classes: those with a name, and what is written between brackets. */
import type { CharacterClass } from "./ast.ts";

export const not =
  (includes: CharacterClass): CharacterClass =>
  (codePoint) =>
    !includes(codePoint);

export const range =
  (from: number, to: number): CharacterClass =>
  (codePoint) =>
    codePoint >= from && codePoint <= to;

export const anyOf =
  (classes: CharacterClass[]): CharacterClass =>
  (codePoint) =>
    classes.some((includes) => includes(codePoint));

export const allOf =
  (classes: CharacterClass[]): CharacterClass =>
  (codePoint) =>
    classes.every((includes) => includes(codePoint));

export const only =
  (one: number): CharacterClass =>
  (codePoint) =>
    codePoint === one;

const fold = (codePoint: number): number => {
  const character = String.fromCodePoint(codePoint);
  return (character.toLowerCase().codePointAt(0) as number) ?? codePoint;
};

/** A letter of either case. */
export const onlyIgnoringCase = (one: number): CharacterClass => {
  const folded = fold(one);
  return (codePoint) => codePoint === one || fold(codePoint) === folded;
};

/** Whether either case of the code point belongs to it. */
export const ignoringCase =
  (includes: CharacterClass): CharacterClass =>
  (codePoint) => {
    if (includes(codePoint)) return true;
    const character = String.fromCodePoint(codePoint);
    return (
      includes(character.toLowerCase().codePointAt(0) as number) ||
      includes(character.toUpperCase().codePointAt(0) as number)
    );
  };

const digit = range(0x30, 0x39);
const upper = range(0x41, 0x5a);
const lower = range(0x61, 0x7a);
const letter = anyOf([upper, lower]);
const alphanumeric = anyOf([letter, digit]);
export const word = anyOf([alphanumeric, only(0x5f)]);
const space = anyOf([range(0x09, 0x0d), only(0x20)]);
const blank = anyOf([only(0x20), only(0x09)]);
const visible = range(0x21, 0x7e);
export const lineEnd = anyOf([only(0x0a), only(0x0d), only(0x85), only(0x2028), only(0x2029)]);
export const any: CharacterClass = () => true;

/** `\d`, `\w`, … by their letter; the capital is everything else. */
export const byLetter: Record<string, CharacterClass> = {
  d: digit,
  w: word,
  s: space,
  h: anyOf([
    blank,
    only(0xa0),
    only(0x1680),
    range(0x2000, 0x200a),
    only(0x202f),
    only(0x205f),
    only(0x3000),
  ]),
  v: anyOf([range(0x0a, 0x0d), only(0x85), only(0x2028), only(0x2029)]),
};

const posix: Record<string, CharacterClass> = {
  Lower: lower,
  Upper: upper,
  ASCII: range(0, 0x7f),
  Alpha: letter,
  Digit: digit,
  Alnum: alphanumeric,
  Punct: (codePoint) => visible(codePoint) && !alphanumeric(codePoint),
  Graph: visible,
  Print: range(0x20, 0x7e),
  Blank: blank,
  Cntrl: anyOf([range(0, 0x1f), only(0x7f)]),
  XDigit: anyOf([digit, range(0x41, 0x46), range(0x61, 0x66)]),
  Space: space,
};

/** `\p{Alpha}`, `\p{Lu}`, `\p{IsGreek}`. @throws SyntaxError for a property that is none */
export function property(name: string): CharacterClass {
  const known = posix[name];
  if (known) return known;
  const plain = name.replace(/^Is/, "");
  for (const unicode of [name, plain, `Script=${plain}`]) {
    try {
      const pattern = new RegExp(`^\\p{${unicode}}$`, "u");
      return (codePoint) => pattern.test(String.fromCodePoint(codePoint));
    } catch {
      // Another name may be the right one.
    }
  }
  throw new SyntaxError(`${name} is no property of characters`);
}
