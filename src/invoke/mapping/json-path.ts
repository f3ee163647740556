/**
 * JSONPath as Jayway 2.0 reads it, compiled once: members `$.a['b']`, elements `[0]` and `[-1]`, all of them `.*`
 * and `[*]`, several elements `[0,2]`, slices `[1:3]`, and every depth `..a`. Filters are not read.
 * A path that may lead to several values gives their list, which is empty when it leads to none.
 * Source: the guide's request-response-data-mappings.
 */
import { TemplateError } from "./template-scope.ts";

/** All members or elements. */
const everything = Symbol("*");

type Slice = { from: number | undefined; to: number | undefined };
type Selector = string | number | Slice | number[] | typeof everything;
interface Step {
  selector: Selector;
  deep: boolean;
}

/** How a kind of document is entered: one member or element, or everything in it (undefined for a leaf). */
export interface Structure {
  into(value: unknown, step: string | number): unknown;
  children(value: unknown): unknown[] | undefined;
  list(values: unknown[]): unknown;
}

/** Parsed JSON; only own members count. */
const json: Structure = {
  into: (value, step) => {
    if (typeof step === "number") return Array.isArray(value) ? value.at(step) : undefined;
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    return Object.hasOwn(value, step) ? (value as Record<string, unknown>)[step] : undefined;
  },
  children: (value) => (typeof value === "object" && value !== null ? Object.values(value) : undefined),
  list: (values) => values,
};

/** Values that one reading of a path may touch. */
const mostValues = 1_000_000;

/**
 * @param structure for documents of another kind
 * @returns what finds the value, undefined where the path leads nowhere; or undefined itself when this is no such path.
 *   It throws TemplateError for a path that branches into too many values
 */
export function compileJsonPath(
  path: string,
  structure: Structure = json,
): ((document: unknown) => unknown) | undefined {
  const steps = parse(path);
  if (!steps) return undefined;
  if (steps.some(leadsToSeveral)) return (document) => findAll(document, steps, structure);
  const single = steps.map(({ selector }) => selector as string | number);
  return (document) => {
    let value = document;
    for (const step of single) {
      if (value === undefined) return undefined;
      value = structure.into(value, step);
    }
    return value;
  };
}

const leadsToSeveral = ({ selector, deep }: Step): boolean =>
  deep || selector === everything || typeof selector === "object";

function findAll(document: unknown, steps: Step[], structure: Structure): unknown {
  let touched = 0;
  let values = [document];
  for (const { selector, deep } of steps) {
    const found: unknown[] = [];
    for (const value of values) {
      const nodes = deep ? withDescendants(value, structure, mostValues - touched) : [value];
      for (const node of nodes) {
        const selected = select(node, selector, structure);
        touched += 1 + selected.length;
        if (touched > mostValues) throw new TemplateError("a JSONPath leads to too many values");
        for (const one of selected) if (one !== undefined) found.push(one);
      }
    }
    values = found;
  }
  return structure.list(values);
}

function withDescendants(value: unknown, { children }: Structure, most: number): unknown[] {
  const nodes: unknown[] = [];
  const open = [value];
  while (open.length > 0 && nodes.length <= most) {
    const node = open.pop();
    const inside = children(node);
    if (!inside) continue;
    nodes.push(node);
    for (let at = inside.length - 1; at >= 0; at--) open.push(inside[at]);
  }
  return nodes;
}

function select(value: unknown, selector: Selector, { into, children }: Structure): unknown[] {
  if (selector === everything) return children(value) ?? [];
  if (typeof selector !== "object") return [into(value, selector)];
  if (!Array.isArray(selector)) return Array.isArray(value) ? slice(value, selector) : [];
  // Several elements are all there, or none is.
  const elements = selector.map((index) => into(value, index));
  return elements.includes(undefined) ? [] : elements;
}

/** Only a slice with one end may count from the end of the list. */
function slice(list: unknown[], { from, to }: Slice): unknown[] {
  if (from !== undefined && to !== undefined && (from < 0 || to < from)) return [];
  return list.slice(from, to);
}

const dotted = /\.([^.[\]*]+)|\.(\*)/y;
const bracketed =
  /\[\s*(?:(\*)|'([^']*)'|"([^"]*)"|(?=-?\d|:-?\d)(-?\d{1,9})?:(-?\d{1,9})?|(-?\d{1,9})|(\d{1,9}(?:\s*,\s*\d{1,9})+))\s*\]/y;

function parse(path: string): Step[] | undefined {
  const text = path.startsWith("$") ? path.slice(1) : path.startsWith("[") ? path : `.${path}`;
  const steps: Step[] = [];
  let at = 0;
  while (at < text.length) {
    const deep = text.startsWith("..", at);
    if (deep) at += text[at + 2] === "[" ? 2 : 1;
    const pattern = text[at] === "[" ? bracketed : dotted;
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (!match) return undefined;
    at = pattern.lastIndex;
    const selector = pattern === dotted ? (match[1] ?? everything) : inBrackets(match);
    if (deep && typeof selector === "number") return undefined;
    steps.push({ selector, deep });
  }
  return steps;
}

function inBrackets([, all, single, double, from, to, index, indexes]: RegExpExecArray): Selector {
  if (all) return everything;
  if (index !== undefined) return Number(index);
  if (indexes !== undefined) return indexes.split(",").map(Number);
  return single ?? double ?? { from: boundOf(from), to: boundOf(to) };
}

const boundOf = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : Number(text);
