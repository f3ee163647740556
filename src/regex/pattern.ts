/**
 * Regular expressions that users write, matched in bounded time: the engine of JavaScript has no limit, and a pattern
 * such as `(a+)+$` would hold the whole isolate. This one counts its steps and gives up. It backtracks as Java's and
 * ECMAScript's do, so that groups, lookarounds and backreferences mean what they mean there.
 */
import type { RegexNode } from "./ast.ts";
import { type Dialect, parseRegex } from "./parse.ts";

/** A match took more than the steps that one may take. */
export class PatternTooCostly extends Error {
  override name = "PatternTooCostly";

  constructor() {
    super("a regular expression takes too long");
  }
}

/** Steps of one match; tens of milliseconds at most. */
const mostSteps = 500_000;
/** Repetitions of a group within one another. */
const deepest = 1500;

/** Steps that matches may still take together. */
export interface StepBudget {
  left: number;
}

interface State {
  text: string;
  budget: StepBudget;
  depth: number;
  /** Start and end of each group; -1 for one that took no part. */
  groups: number[];
}

type Next = (at: number) => boolean;
type Matcher = (state: State, at: number, next: Next) => boolean;

export interface Match {
  start: number;
  end: number;
  /** The groups, from 1; undefined for one that took no part. */
  groups: (string | undefined)[];
}

export class Pattern {
  readonly #match: Matcher;
  readonly #groups: number;

  /**
   * @param flags of `i` (either case), `s` (a dot is any character), `m` (`^` and `$` at lines)
   * @throws SyntaxError
   */
  constructor(source: string, flags = "", dialect: Dialect = "java") {
    const { node, groups } = parseRegex(source, flags, dialect);
    this.#match = compile(node);
    this.#groups = groups;
  }

  #state(text: string, budget: StepBudget): State {
    return { text, budget, depth: 0, groups: new Array(this.#groups * 2 + 2).fill(-1) };
  }

  #run(state: State, at: number, next: Next): boolean {
    try {
      return this.#match(state, at, next);
    } catch (error) {
      if (error instanceof RangeError) throw new PatternTooCostly();
      throw error;
    }
  }

  /** Whether it matches the whole text. @throws PatternTooCostly */
  matches(text: string, budget: StepBudget = { left: mostSteps }): boolean {
    return this.#run(this.#state(text, budget), 0, (end) => end === text.length);
  }

  /** Whether it matches anywhere. @throws PatternTooCostly */
  test(text: string, budget?: StepBudget): boolean {
    return this.find(text, 0, budget) !== undefined;
  }

  /** The first match from there on. @throws PatternTooCostly */
  find(text: string, from: number, budget: StepBudget = { left: mostSteps }): Match | undefined {
    const state = this.#state(text, budget);
    for (let start = from; start <= text.length; start++) {
      spend(state, 1);
      let end = -1;
      const isFound = this.#run(state, start, (at) => {
        end = at;
        return true;
      });
      if (isFound) {
        const groups = Array.from({ length: this.#groups + 1 }, (_, index) => textOf(state, index));
        return { start, end, groups };
      }
    }
    return undefined;
  }

  /** All matches, one behind the other. @throws PatternTooCostly */
  *findAll(text: string, budget: StepBudget = { left: mostSteps }): Generator<Match> {
    let at = 0;
    while (at <= text.length) {
      const match = this.find(text, at, budget);
      if (!match) return;
      yield match;
      at = match.end > match.start ? match.end : match.end + 1;
    }
  }
}

function textOf({ text, groups }: State, index: number): string | undefined {
  const start = groups[index * 2] as number;
  return start < 0 ? undefined : text.slice(start, groups[index * 2 + 1]);
}

function spend(state: State, steps: number): void {
  state.budget.left -= steps;
  if (state.budget.left < 0) throw new PatternTooCostly();
}

function compile(node: RegexNode): Matcher {
  switch (node.kind) {
    case "class": {
      const { includes } = node;
      return (state, at, next) => {
        spend(state, 1);
        const { text } = state;
        if (at >= text.length) return false;
        const codePoint = text.codePointAt(at) as number;
        return includes(codePoint) && next(codePoint > 0xffff ? at + 2 : at + 1);
      };
    }
    case "sequence":
      return node.nodes.map(compile).reduceRight<Matcher>(
        (rest, first) => (state, at, next) => first(state, at, (end) => rest(state, end, next)),
        (_state, at, next) => next(at),
      );
    case "alternatives": {
      const matchers = node.nodes.map(compile);
      return (state, at, next) => {
        spend(state, 1);
        return matchers.some((match) => match(state, at, next));
      };
    }
    case "group":
      return compileGroup(node.index, compile(node.node));
    case "repeat":
      return compileRepeat(node);
    case "atomic":
      return compileAtomic(compile(node.node));
    case "look":
      return compileLook(node);
    case "backreference":
      return compileBackreference(node.index, node.ignoresCase);
    case "assert": {
      const { holds } = node;
      return (state, at, next) => holds(state.text, at) && next(at);
    }
  }
}

function compileGroup(index: number, match: Matcher): Matcher {
  return (state, at, next) => {
    const { groups } = state;
    const { [index * 2]: start, [index * 2 + 1]: end } = groups;
    const isMatched = match(state, at, (stop) => {
      const { [index * 2]: innerStart, [index * 2 + 1]: innerEnd } = groups;
      groups[index * 2] = at;
      groups[index * 2 + 1] = stop;
      if (next(stop)) return true;
      groups[index * 2] = innerStart as number;
      groups[index * 2 + 1] = innerEnd as number;
      return false;
    });
    if (!isMatched) {
      groups[index * 2] = start as number;
      groups[index * 2 + 1] = end as number;
    }
    return isMatched;
  };
}

type Repeat = Extract<RegexNode, { kind: "repeat" }>;

function compileRepeat(node: Repeat): Matcher {
  if (node.mode === "possessive") return compileAtomic(compileRepeat({ ...node, mode: "greedy" }));
  if (node.node.kind === "class") return compileCharacters(node, node.node.includes);
  const { least, most, mode } = node;
  const match = compile(node.node);
  return (state, start, next) => {
    const attempt = (count: number, at: number): boolean => {
      spend(state, 1);
      if (++state.depth > deepest) throw new PatternTooCostly();
      const again = () =>
        count < most &&
        // A repetition of nothing is none.
        match(state, at, (end) => (end > at || count < least) && attempt(count + 1, end));
      const isMatched =
        mode === "lazy" ? (count >= least && next(at)) || again() : again() || (count >= least && next(at));
      state.depth--;
      return isMatched;
    };
    return attempt(0, start);
  };
}

/** Repeated characters: without a step into the depth for each. */
function compileCharacters({ least, most, mode }: Repeat, includes: (codePoint: number) => boolean): Matcher {
  const widthAt = (text: string, at: number): number => {
    if (at >= text.length) return 0;
    const codePoint = text.codePointAt(at) as number;
    if (!includes(codePoint)) return 0;
    return codePoint > 0xffff ? 2 : 1;
  };
  return (state, start, next) => {
    const { text } = state;
    let at = start;
    let count = 0;
    const forward = (): boolean => {
      spend(state, 1);
      const width = widthAt(text, at);
      at += width;
      if (width > 0) count++;
      return width > 0;
    };
    while (count < least) if (!forward()) return false;
    if (mode === "lazy") {
      for (;;) {
        if (next(at)) return true;
        if (count >= most || !forward()) return false;
      }
    }
    while (count < most && forward());
    for (;;) {
      if (next(at)) return true;
      if (count === least) return false;
      spend(state, 1);
      count--;
      at -= at - 2 >= start && (text.codePointAt(at - 2) as number) > 0xffff ? 2 : 1;
    }
  };
}

function compileAtomic(match: Matcher): Matcher {
  return (state, at, next) => {
    let end = -1;
    const isMatched = match(state, at, (stop) => {
      end = stop;
      return true;
    });
    return isMatched && next(end);
  };
}

function compileLook({ node, isBehind, isNegative }: Extract<RegexNode, { kind: "look" }>): Matcher {
  const match = compile(node);
  const isThere = (state: State, at: number): boolean => {
    if (!isBehind) return match(state, at, () => true);
    for (let start = at; start >= 0; start--) {
      spend(state, 1);
      if (match(state, start, (end) => end === at)) return true;
    }
    return false;
  };
  return (state, at, next) => isThere(state, at) !== isNegative && next(at);
}

function compileBackreference(index: number, ignoresCase: boolean): Matcher {
  return (state, at, next) => {
    const text = textOf(state, index);
    if (text === undefined) return false;
    spend(state, 1 + text.length);
    const there = state.text.slice(at, at + text.length);
    const isSame = ignoresCase ? there.toLowerCase() === text.toLowerCase() : there === text;
    return isSame && next(at + text.length);
  };
}
