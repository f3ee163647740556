/** The syntax tree of a regular expression. */

/** Whether a code point belongs to a class. */
export type CharacterClass = (codePoint: number) => boolean;

export type RegexNode =
  | { kind: "class"; includes: CharacterClass }
  | { kind: "sequence"; nodes: RegexNode[] }
  | { kind: "alternatives"; nodes: RegexNode[] }
  | { kind: "group"; index: number; node: RegexNode }
  | { kind: "repeat"; node: RegexNode; least: number; most: number; mode: "greedy" | "lazy" | "possessive" }
  | { kind: "look"; node: RegexNode; isBehind: boolean; isNegative: boolean }
  /** Once it has matched, it is not tried otherwise. */
  | { kind: "atomic"; node: RegexNode }
  | { kind: "backreference"; index: number; ignoresCase: boolean }
  | { kind: "assert"; holds: (text: string, at: number) => boolean };
