/** The syntax tree of a mapping template. */
import type { JavaNumber } from "../java/numbers.ts";

export type Node =
  | { kind: "text"; text: string }
  | { kind: "reference"; reference: Reference; printed: PrintedReference }
  | { kind: "set"; target: Reference; value: Expression }
  | { kind: "if"; branches: { condition: Expression; body: Node[] }[]; otherwise: Node[] }
  | {
      kind: "foreach";
      variable: string;
      items: Expression | undefined;
      body: Node[];
      /** Whether the template may ask for `$velocityCount` and `$velocityHasNext`. */
      hasCounters: boolean;
    }
  | { kind: "define"; variable: string; body: Node[] }
  | { kind: "break"; scope: Expression | undefined }
  | { kind: "stop" }
  /** `#include` and `#parse`: there is nothing to include. */
  | { kind: "include"; name: string };

/** How a reference stands in the text: what it prints before its value, and what instead of it. */
export interface PrintedReference {
  /** What is left of the backslashes before it, and other dollar signs. */
  prefix: string;
  /** Behind an odd number of backslashes it prints itself. */
  isEscaped: boolean;
  /** Its own text, which it prints when it is escaped or leads to nothing printable; empty for `$!x`. */
  literal: string;
}

export interface Reference {
  /** Undefined where a name stands without `$`, which is null: `null` in `$map.put("k", null)`. */
  name: string | undefined;
  steps: Step[];
}

export type Step =
  | { kind: "property"; name: string }
  | { kind: "index"; index: Expression }
  | { kind: "call"; name: string; arguments: Expression[] };

export type Arithmetic = "+" | "-" | "*" | "/" | "%";
export type Comparison = "==" | "!=" | "<" | "<=" | ">" | ">=";

export type Expression =
  | { kind: "literal"; value: string | boolean | JavaNumber }
  | { kind: "interpolated"; nodes: Node[]; isPadded: boolean }
  | { kind: "reference"; reference: Reference }
  | { kind: "not"; operand: Expression }
  | { kind: "or" | "and"; left: Expression; right: Expression }
  | { kind: "comparison"; operator: Comparison; left: Expression; right: Expression }
  | {
      kind: "arithmetic";
      operator: Arithmetic;
      left: Expression;
      right: Expression;
      literals: [string, string];
    }
  | { kind: "list"; elements: Expression[] }
  | { kind: "map"; entries: [key: Expression, value: Expression][] }
  | { kind: "range"; from: Expression; to: Expression };
