/**
 * JSONPath as Jayway 2.0 reads it, compiled once. A path that may lead to several values (`.*`, `[0,2]`, `[1:3]`,
 * `[?(…)]`, `..a`) gives their list, which is empty when any step of it fails; any other gives the value.
 * Source: the guide's request-response-data-mappings.
 */
import { JavaMap, List, type Value } from "../java/values.ts";
import { TemplateError } from "../template-scope.ts";
import { InvalidPath, PathNotFound } from "./path-error.ts";
import { compileFilter } from "./path-filter.ts";

/** What a step of the path tells the next one of. */
interface Search {
  root: Value;
  found: Value[];
  /** Values that it may still touch. */
  left: number;
}

type Visit = (value: Value, search: Search) => void;
type Predicate = (value: Value, root: Value) => boolean;

type Token =
  | { kind: "scan" }
  | { kind: "wildcard" }
  | { kind: "properties"; names: string[] }
  | { kind: "filter"; accepts: Predicate }
  | { kind: "index"; index: number }
  /** `[(@.length-1)]` */
  | { kind: "fromEnd"; offset: number }
  | { kind: "indexes"; indexes: number[] }
  | { kind: "slice"; from: number | undefined; to: number | undefined };

export interface JsonPath {
  /** Whether it leads to one value at most. */
  isDefinite: boolean;
  /** Whether it begins at the document (`$`) and not at the value that is filtered (`@`). */
  isRoot: boolean;
  /** @returns undefined when a definite path leads nowhere. @throws TemplateError when it leads to too many values */
  read(document: Value): Value | undefined;
  /** As read, of a value that is filtered; a step that cannot be taken there is an error of the whole path. */
  readWithin(value: Value, root: Value): Value | undefined;
}

const mostValues = 1_000_000;

/** As `compileJsonPath`; undefined for a path that is none. */
export function findJsonPath(source: string): JsonPath | undefined {
  try {
    return compileJsonPath(source);
  } catch (error) {
    if (error instanceof TemplateError) return undefined;
    throw error;
  }
}

/** @throws TemplateError for a path that is none */
export function compileJsonPath(source: string): JsonPath {
  const path = source.trim();
  if (path === "" || path.endsWith("..")) throw invalid(source);
  const isRooted = path.startsWith("$") || path.startsWith("@");
  let tokens: Token[];
  try {
    tokens = tokensOf(isRooted ? path.slice(1) : `.${path}`);
  } catch (error) {
    if (error instanceof InvalidPath || error instanceof RangeError) throw invalid(source);
    throw error;
  }
  const isDefinite = tokens.every(
    ({ kind }) => kind === "properties" || kind === "index" || kind === "fromEnd",
  );
  const visit = chain(tokens, 0);
  const find = (value: Value, root: Value): Value | undefined => {
    const search: Search = { root, found: [], left: mostValues };
    visit(value, search);
    return isDefinite ? search.found[0] : new List(search.found, "json");
  };
  return {
    isDefinite,
    isRoot: !path.startsWith("@"),
    read: (document) => {
      if (document === null) return undefined;
      try {
        return find(document, document);
      } catch (error) {
        if (!isPathFailure(error)) throw error;
        return isDefinite ? undefined : new List([], "json");
      }
    },
    readWithin: (value, root) => {
      try {
        return find(value, root);
      } catch (error) {
        if (error instanceof PathNotFound) return undefined;
        throw error;
      }
    },
  };
}

const isPathFailure = (error: unknown): boolean =>
  error instanceof PathNotFound || error instanceof InvalidPath;
const invalid = (path: string) => new TemplateError(`${path} is no JSONPath`);

function tokensOf(path: string): Token[] {
  if (path !== "" && path[0] !== "." && path[0] !== "[") throw new InvalidPath();
  const tokens: Token[] = [];
  let at = 0;
  while (at < path.length) {
    switch (path[at]) {
      case " ":
        throw new InvalidPath();
      case "[": {
        const end = closingBracket(path, at);
        tokens.push(bracketed(path.slice(at, end)));
        at = end;
        break;
      }
      case ".":
        at++;
        if (at >= path.length) throw new InvalidPath();
        if (path[at] === ".") {
          tokens.push({ kind: "scan" });
          at++;
          break;
        }
        at = member(path, at, tokens);
        break;
      case "*":
        tokens.push({ kind: "wildcard" });
        at++;
        break;
      default:
        at = member(path, at, tokens);
    }
  }
  return tokens;
}

/** `a` of `.a`; nothing where a bracket follows the dot. @returns where it ends */
function member(path: string, start: number, tokens: Token[]): number {
  let end = start;
  while (end < path.length && !". [".includes(path[end] as string)) end++;
  const name = path.slice(start, end);
  if (name === "*") tokens.push({ kind: "wildcard" });
  else if (name !== "") tokens.push({ kind: "properties", names: [name] });
  return end;
}

function closingBracket(path: string, start: number): number {
  let nested = 0;
  for (let at = start + 1; at < path.length; at++) {
    if (path[at] === "[") nested++;
    else if (path[at] === "]" && nested-- === 0) return at + 1;
  }
  throw new InvalidPath();
}

/** What is between brackets: the first character that tells decides. */
function bracketed(fragment: string): Token {
  if (fragment === "[*]") return { kind: "wildcard" };
  const telling = /[?'"0-9:@-]/.exec(fragment);
  switch (telling?.[0]) {
    case undefined:
      throw new InvalidPath();
    case "?":
      return { kind: "filter", accepts: compileFilter(fragment, compileJsonPath) };
    case "'":
    case '"': {
      const names = Array.from(
        fragment.matchAll(/'([^']*)'|"([^"]*)"/g),
        ([, one, other]) => one ?? (other as string),
      );
      if (names.length === 0) throw new InvalidPath();
      return { kind: "properties", names };
    }
    default:
      return elements(fragment.slice(telling?.index, -1).replaceAll(" ", ""));
  }
}

function elements(text: string): Token {
  const fromEnd = /^@\.(?:length|size)\(?\)?(-\d+)\)?$/.exec(text);
  if (fromEnd) return { kind: "fromEnd", offset: Number(fromEnd[1]) };
  if (/^-?\d+$/.test(text)) return { kind: "index", index: Number(text) };
  if (/^-?\d+(?:,-?\d+)+,?$/.test(text)) {
    return { kind: "indexes", indexes: text.replace(/,$/, "").split(",").map(Number) };
  }
  const slice = /^(-?\d+)?:(-?\d+)?$/.exec(text);
  if (!slice || text === ":") throw new InvalidPath();
  return { kind: "slice", from: boundOf(slice[1]), to: boundOf(slice[2]) };
}

const boundOf = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : Number(text);

/** The visit of the token at `index`, which leads to those behind it. */
function chain(tokens: Token[], index: number): Visit {
  const token = tokens[index];
  if (!token) return (value, { found }) => void found.push(value);
  const isLeaf = index === tokens.length - 1;
  const next = chain(tokens, index + 1);
  switch (token.kind) {
    case "scan":
      return scan(tokens, index + 1);
    case "wildcard":
      return (value, search) => {
        if (value instanceof JavaMap) {
          for (const [, entry] of value.entries) go(next, entry, search);
        } else if (value instanceof List) {
          for (const item of value.items) attempt(next, item, search);
        }
      };
    case "properties":
      return token.names.length === 1
        ? property(token.names[0] as string, next, isLeaf)
        : properties(token.names, isLeaf);
    case "filter":
      return filter(token.accepts, next);
    default:
      return (value, search) => {
        if (!(value instanceof List)) throw value === null ? new PathNotFound() : new InvalidPath();
        const { items } = value;
        for (const position of positions(token, items.length)) {
          const item = items[position];
          if (item === undefined) throw new PathNotFound();
          go(next, item, search);
        }
      };
  }
}

function go(visit: Visit, value: Value, search: Search): void {
  if (--search.left < 0) throw new TemplateError("a JSONPath leads to too many values");
  visit(value, search);
}

/** Of the elements of a list, those that a path does not lead on from are left out. */
function attempt(visit: Visit, value: Value, search: Search): void {
  try {
    go(visit, value, search);
  } catch (error) {
    if (!(error instanceof PathNotFound)) throw error;
  }
}

function property(name: string, next: Visit, isLeaf: boolean): Visit {
  return (value, search) => {
    if (!(value instanceof JavaMap)) throw new PathNotFound();
    const entry = value.get(name);
    if (entry === undefined) {
      // A last step that leads nowhere adds nothing; one on the way ends it all.
      if (isLeaf) return;
      throw new PathNotFound();
    }
    go(next, entry, search);
  };
}

/** `['a','b']` makes an object of them, and ends the path. */
function properties(names: string[], isLeaf: boolean): Visit {
  return (value, search) => {
    if (!(value instanceof JavaMap)) throw new PathNotFound();
    if (!isLeaf) throw new InvalidPath();
    const merged = new JavaMap();
    for (const name of names) {
      const entry = value.entries.get(name);
      if (entry !== undefined) merged.entries.set(name, entry);
    }
    search.found.push(merged);
  };
}

function filter(accepts: Predicate, next: Visit): Visit {
  return (value, search) => {
    if (value instanceof JavaMap) {
      if (accepts(value, search.root)) go(next, value, search);
    } else if (value instanceof List) {
      for (const item of value.items) if (accepts(item, search.root)) go(next, item, search);
    } else throw new InvalidPath();
  };
}

function positions(token: Token, length: number): number[] {
  switch (token.kind) {
    case "index":
      return [token.index];
    case "fromEnd":
      return [length + token.offset];
    case "indexes":
      return token.indexes;
    case "slice": {
      const { from, to } = token;
      if (from === undefined)
        return between(0, to === undefined || to >= 0 ? Math.min(length, to ?? 0) : length + to);
      if (to === undefined) return between(Math.max(0, from < 0 ? length + from : from), length);
      return between(from, Math.min(length, to));
    }
    default:
      return [];
  }
}

const between = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);

/** `..`: the value and all in it that the next step can be taken from. */
function scan(tokens: Token[], index: number): Visit {
  const token = tokens[index];
  if (!token) throw new InvalidPath();
  const isLeaf = index === tokens.length - 1;
  const here = chain(tokens, index);
  const behind = chain(tokens, index + 1);
  const matches = scanPredicate(token);
  const walk = (value: Value, search: Search, depth: number): void => {
    if (--search.left < 0 || depth > 500) throw new TemplateError("a JSONPath leads to too many values");
    if (value instanceof JavaMap) {
      if (matches(value, search.root)) here(value, search);
      for (const [, entry] of value.entries) walk(entry, search, depth + 1);
    } else if (value instanceof List) {
      if (matches(value, search.root)) {
        if (isLeaf) here(value, search);
        else for (const item of value.items) go(behind, item, search);
      }
      for (const item of value.items) walk(item, search, depth + 1);
    }
  };
  return (value, search) => walk(value, search, 0);
}

function scanPredicate(token: Token): Predicate {
  switch (token.kind) {
    case "properties":
      return (value) => value instanceof JavaMap && token.names.every((name) => value.entries.has(name));
    case "wildcard":
      return () => true;
    case "filter":
      return token.accepts;
    case "scan":
      return () => false;
    default:
      return (value) => value instanceof List;
  }
}
