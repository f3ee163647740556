/** The syntax tree of a mapping template. */

export type Node =
  | { kind: "text"; text: string }
  | { kind: "reference"; reference: Reference }
  | { kind: "set"; target: Reference; value: Expression }
  | { kind: "if"; branches: { condition: Expression; body: Node[] }[]; otherwise: Node[] }
  | { kind: "foreach"; variable: string; items: Expression; body: Node[] }
  | { kind: "break" }
  | { kind: "stop" };

export interface Reference {
  name: string;
  steps: Step[];
}

export type Step =
  | { kind: "property"; name: string }
  | { kind: "index"; index: Expression }
  | { kind: "call"; name: string; arguments: Expression[] };

export type BinaryOperator =
  | "or"
  | "and"
  | "=="
  | "!="
  | "<"
  | "<="
  | ">"
  | ">="
  | "+"
  | "-"
  | "*"
  | "/"
  | "%";

export type Expression =
  | { kind: "literal"; value: string | number | boolean | null; isDouble?: boolean }
  | { kind: "interpolated"; nodes: Node[] }
  | { kind: "reference"; reference: Reference }
  | { kind: "not"; operand: Expression }
  | { kind: "binary"; operator: BinaryOperator; left: Expression; right: Expression }
  | { kind: "list"; elements: Expression[] }
  | { kind: "map"; entries: [key: Expression, value: Expression][] }
  | { kind: "range"; from: Expression; to: Expression };
