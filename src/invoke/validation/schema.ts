/**
 * JSON schema draft 4, compiled once to functions, with the texts and the order of AWS's own validator: keywords by
 * their names, then members by theirs, and what is in an object or a list only while nothing is wrong yet.
 * The texts are those of the Java library json-schema-validator, which AWS's answers show
 * (`[object has missing required properties (["email"])]`). It is our own because of them, because libraries compile
 * a schema with `eval`, which workerd forbids, or walk it anew for every body, and because none bounds `pattern`.
 */
import { Pattern, type StepBudget } from "../../regex/pattern.ts";
import { formats } from "./formats.ts";
import {
  canonical,
  isObject,
  type Json,
  type JsonType,
  numberOf,
  print,
  typeOf,
  WrittenNumber,
} from "./json.ts";

interface Report {
  errors: string[];
  patterns: StepBudget;
  /** Levels of schemas that may still be entered. */
  depth: number;
}

type Check = (value: Json, report: Report) => void;
type Schema = { [name: string]: Json };

/** Steps of all patterns together, for one body. */
const mostPatternSteps = 5_000_000;
const deepest = 1000;

export type Validator = (document: Json) => string[];

/**
 * @param schemaOf the schema of another model by its URL, undefined when there is none
 * @returns what finds everything that is wrong with a document; it throws PatternTooCostly, and RangeError for what
 *   is nested too deeply
 */
export function compileSchema(schema: Json, schemaOf: (url: string) => Json | undefined): Validator {
  const check = new Compiler(schemaOf).compile(schema, schema);
  return (document) => {
    const report: Report = { errors: [], patterns: { left: mostPatternSteps }, depth: deepest };
    check(document, report);
    return report.errors;
  };
}

class Compiler {
  readonly #schemaOf: (url: string) => Json | undefined;
  readonly #compiled = new Map<Json, Check>();

  constructor(schemaOf: (url: string) => Json | undefined) {
    this.#schemaOf = schemaOf;
  }

  /** @param root of the document that the schema is part of: what `#/…` refers to */
  compile(schema: Json, root: Json): Check {
    if (!isObject(schema)) return () => {};
    const known = this.#compiled.get(schema);
    if (known) return known;
    // Schemas refer to one another in circles: whoever asks before the end gets what the end will be.
    let check: Check | undefined;
    const entered: Check = (value, report) => {
      if (--report.depth < 0) throw new RangeError("a document is nested too deeply for its schema");
      check?.(value, report);
      report.depth++;
    };
    this.#compiled.set(schema, entered);
    check = typeof schema.$ref === "string" ? this.#reference(schema.$ref, root) : this.#schema(schema, root);
    return entered;
  }

  /** What stands beside a `$ref` does not count. One that leads nowhere refuses everything. */
  #reference(reference: string, root: Json): Check {
    const [url = "", pointer = ""] = reference.split("#", 2);
    const document = url === "" ? root : this.#schemaOf(url);
    const target = document === undefined ? undefined : at(document, pointer);
    if (target === undefined) {
      return (_value, { errors }) => void errors.push(`JSON Reference "${reference}" cannot be resolved`);
    }
    return this.compile(target, document as Json);
  }

  #schema(schema: Schema, root: Json): Check {
    const checks = Object.keys(keywords)
      .filter((name) => Object.hasOwn(schema, name))
      .flatMap((name) => {
        const check = keywords[name]?.(schema[name] as Json, schema, (inner) => this.compile(inner, root));
        return check ? [check] : [];
      });
    const inside = this.#inside(schema, root);
    return (value, report) => {
      for (const check of checks) check(value, report);
      if (report.errors.length === 0) inside(value, report);
    };
  }

  #inside(schema: Schema, root: Json): Check {
    const members = this.#members(schema, root);
    const elements = this.#elements(schema, root);
    return (value, report) => {
      if (Array.isArray(value)) elements?.(value, report);
      else if (isObject(value)) members?.(value, report);
    };
  }

  #members(schema: Schema, root: Json): ((value: Schema, report: Report) => void) | undefined {
    const named = new Map(
      entriesOf(schema.properties).map(([name, inner]) => [name, this.compile(inner, root)]),
    );
    const byPattern = entriesOf(schema.patternProperties).flatMap(([source, inner]) => {
      const pattern = patternOf(source);
      return pattern ? [{ pattern, check: this.compile(inner, root) }] : [];
    });
    const others = isObject(schema.additionalProperties ?? null)
      ? this.compile(schema.additionalProperties as Json, root)
      : undefined;
    if (named.size === 0 && byPattern.length === 0 && !others) return undefined;
    return (value, report) => {
      for (const name of Object.keys(value).sort()) {
        const member = value[name] as Json;
        const own = named.get(name);
        own?.(member, report);
        let isKnown = own !== undefined;
        for (const { pattern, check } of byPattern) {
          if (!pattern.test(name, report.patterns)) continue;
          isKnown = true;
          check(member, report);
        }
        if (!isKnown) others?.(member, report);
      }
    };
  }

  #elements(
    { items, additionalItems }: Schema,
    root: Json,
  ): ((value: Json[], report: Report) => void) | undefined {
    const others = isObject(additionalItems ?? null)
      ? this.compile(additionalItems as Json, root)
      : undefined;
    if (items !== undefined && !Array.isArray(items)) {
      const each = this.compile(items, root);
      return (value, report) => {
        for (const element of value) each(element, report);
      };
    }
    const checks = (items ?? []).map((item) => this.compile(item, root));
    if (checks.length === 0 && !others) return undefined;
    return (value, report) => {
      for (const [index, element] of value.entries()) (checks[index] ?? others)?.(element, report);
    };
  }
}

/** @returns undefined where the pointer leads nowhere */
function at(document: Json, pointer: string): Json | undefined {
  let value: Json | undefined = document;
  for (const step of decodeURIComponent(pointer).split("/").slice(1)) {
    const name = step.replaceAll("~1", "/").replaceAll("~0", "~");
    if (Array.isArray(value)) value = value[Number(name)];
    else if (value !== undefined && isObject(value) && Object.hasOwn(value, name)) value = value[name];
    else return undefined;
  }
  return value;
}

const entriesOf = (value: Json | undefined): [string, Json][] =>
  value !== undefined && isObject(value) ? Object.entries(value) : [];

/** One that is none matches nothing, and so constrains nothing. */
function patternOf(source: string): Pattern | undefined {
  try {
    return new Pattern(source, "", "ecmascript");
  } catch {
    return undefined;
  }
}

const isNumeric = (value: Json): value is number | WrittenNumber =>
  typeof value === "number" || value instanceof WrittenNumber;

type Keyword = (argument: Json, schema: Schema, compile: (inner: Json) => Check) => Check | undefined;

/** For a keyword of whole numbers. */
const counting =
  (check: (value: Json, limit: number) => string | undefined): Keyword =>
  (argument) => {
    if (!isNumeric(argument)) return undefined;
    const limit = numberOf(argument);
    return (value, { errors }) => {
      const error = check(value, limit);
      if (error !== undefined) errors.push(error);
    };
  };

/** Characters, of which some are two to JavaScript. */
const lengthOf = (text: string): number => (/[\ud800-\udfff]/.test(text) ? [...text].length : text.length);

/** How many of the schemas have nothing against the value. */
function matched(checks: Check[], value: Json, report: Report): number {
  let count = 0;
  for (const check of checks) {
    const inner: Report = { ...report, errors: [] };
    check(value, inner);
    if (inner.errors.length === 0) count++;
  }
  return count;
}

const several =
  (error: (matches: number, count: number) => string | undefined): Keyword =>
  (argument, _schema, compile) => {
    if (!Array.isArray(argument)) return undefined;
    const checks = argument.map(compile);
    return (value, report) => {
      const text = error(matched(checks, value, report), checks.length);
      if (text !== undefined) report.errors.push(text);
    };
  };

/** As the library lists them. */
const types: readonly JsonType[] = ["array", "boolean", "integer", "null", "number", "object", "string"];

/** A bound of numbers: lower ones or higher ones are wrong. */
const bound =
  (direction: 1 | -1, exclusive: string, wrong: string, limitWord: string, notStrictly: string): Keyword =>
  (argument, schema) => {
    if (!isNumeric(argument)) return undefined;
    const limit = numberOf(argument);
    const isExclusive = schema[exclusive] === true;
    return (value, { errors }) => {
      if (!isNumeric(value)) return;
      const difference = (numberOf(value) - limit) * direction;
      if (difference > 0)
        errors.push(
          `numeric instance is ${wrong} (${limitWord}: ${print(argument)}, found: ${print(value)})`,
        );
      else if (difference === 0 && isExclusive)
        errors.push(`numeric instance is not strictly ${notStrictly} ${print(argument)}`);
    };
  };

/** In the order in which they are checked, which is that of their names. */
const keywords: Record<string, Keyword> = {
  additionalItems: (argument, { items }) => {
    if (argument !== false || !Array.isArray(items)) return undefined;
    return (value, { errors }) => {
      if (!Array.isArray(value) || value.length <= items.length) return;
      errors.push(
        `schema only allows ${items.length} elements in array but instance has ${value.length} elements`,
      );
    };
  },
  additionalProperties: (argument, { properties, patternProperties }) => {
    if (argument !== false) return undefined;
    const known = new Set(entriesOf(properties).map(([name]) => name));
    const patterns = entriesOf(patternProperties).flatMap(([source]) => patternOf(source) ?? []);
    return (value, report) => {
      if (!isObject(value)) return;
      const unwanted = Object.keys(value).filter(
        (name) => !known.has(name) && !patterns.some((pattern) => pattern.test(name, report.patterns)),
      );
      if (unwanted.length === 0) return;
      report.errors.push(
        `object instance has properties which are not allowed by the schema: ${print(unwanted.sort())}`,
      );
    };
  },
  allOf: several((matches, count) =>
    matches === count
      ? undefined
      : `instance failed to match all required schemas (matched only ${matches} out of ${count})`,
  ),
  anyOf: several((matches, count) =>
    matches > 0 ? undefined : `instance failed to match at least one required schema among ${count}`,
  ),
  dependencies: (argument, _schema, compile) => {
    const dependencies = entriesOf(argument).map(([name, needs]) => ({
      name,
      needs: Array.isArray(needs) ? needs.map(String) : undefined,
      check: Array.isArray(needs) ? undefined : compile(needs),
    }));
    return (value, report) => {
      if (!isObject(value)) return;
      for (const { name, needs, check } of dependencies) {
        if (!Object.hasOwn(value, name)) continue;
        check?.(value, report);
        const missing = needs?.filter((one) => !Object.hasOwn(value, one)) ?? [];
        if (missing.length === 0) continue;
        report.errors.push(
          `property "${name}" of object has missing property dependencies (schema requires ${print(needs ?? [])}; missing: ${print(missing)})`,
        );
      }
    };
  },
  enum: (argument) => {
    if (!Array.isArray(argument)) return undefined;
    const allowed = new Set(argument.map(canonical));
    return (value, { errors }) => {
      if (allowed.has(canonical(value))) return;
      errors.push(`instance value (${print(value)}) not found in enum (possible values: ${print(argument)})`);
    };
  },
  format: (argument) => {
    const format = typeof argument === "string" ? formats.get(argument) : undefined;
    return (
      format &&
      ((value, { errors }) => {
        const error = typeof value === "string" ? format(value) : undefined;
        if (error !== undefined) errors.push(error);
      })
    );
  },
  maxItems: counting((value, limit) =>
    Array.isArray(value) && value.length > limit
      ? `array is too long: must have at most ${limit} elements but instance has ${value.length} elements`
      : undefined,
  ),
  maxLength: counting((value, limit) =>
    typeof value === "string" && lengthOf(value) > limit
      ? `string "${value}" is too long (length: ${lengthOf(value)}, maximum allowed: ${limit})`
      : undefined,
  ),
  maxProperties: counting((value, limit) =>
    isObject(value) && Object.keys(value).length > limit
      ? `object has too many properties (found ${Object.keys(value).length} but schema requires at most ${limit})`
      : undefined,
  ),
  maximum: bound(
    1,
    "exclusiveMaximum",
    "greater than the required maximum",
    "maximum",
    "lower than the required maximum",
  ),
  minItems: counting((value, limit) =>
    Array.isArray(value) && value.length < limit
      ? `array is too short: must have at least ${limit} elements but instance has ${value.length} elements`
      : undefined,
  ),
  minLength: counting((value, limit) =>
    typeof value === "string" && lengthOf(value) < limit
      ? `string "${value}" is too short (length: ${lengthOf(value)}, required minimum: ${limit})`
      : undefined,
  ),
  minProperties: counting((value, limit) =>
    isObject(value) && Object.keys(value).length < limit
      ? `object has too few properties (found ${Object.keys(value).length} but schema requires at least ${limit})`
      : undefined,
  ),
  minimum: bound(
    -1,
    "exclusiveMinimum",
    "lower than the required minimum",
    "minimum",
    "greater than the required minimum",
  ),
  multipleOf: (argument) => {
    if (!isNumeric(argument) || !(numberOf(argument) > 0)) return undefined;
    return (value, { errors }) => {
      if (!isNumeric(value) || isMultiple(numberOf(value), numberOf(argument))) return;
      errors.push(`remainder of division is not zero (${print(value)} / ${print(argument)})`);
    };
  },
  not: (argument, _schema, compile) => {
    const check = compile(argument);
    return (value, report) => {
      if (matched([check], value, report) === 1)
        report.errors.push("instance matched a schema which it should not have");
    };
  },
  oneOf: several((matches, count) =>
    matches === 1
      ? undefined
      : `instance failed to match exactly one schema (matched ${matches} out of ${count})`,
  ),
  pattern: (argument) => {
    const pattern = typeof argument === "string" ? patternOf(argument) : undefined;
    return (
      pattern &&
      ((value, report) => {
        if (typeof value !== "string" || pattern.test(value, report.patterns)) return;
        report.errors.push(`ECMA 262 regex "${argument}" does not match input string "${value}"`);
      })
    );
  },
  required: (argument) => {
    if (!Array.isArray(argument)) return undefined;
    const required = [...new Set(argument.map(String))].sort();
    return (value, { errors }) => {
      if (!isObject(value)) return;
      const missing = required.filter((name) => !Object.hasOwn(value, name));
      if (missing.length > 0) errors.push(`object has missing required properties (${print(missing)})`);
    };
  },
  type: (argument) => {
    const given: Json[] = Array.isArray(argument) ? argument : [argument];
    const allowed = types.filter(
      (type) => given.includes(type) || (type === "integer" && given.includes("number")),
    );
    if (allowed.length === 0) return undefined;
    return (value, { errors }) => {
      const type = typeOf(value);
      if (allowed.includes(type)) return;
      errors.push(
        `instance type (${type}) does not match any allowed primitive type (allowed: ${print(allowed as string[])})`,
      );
    };
  },
  uniqueItems: (argument) => {
    if (argument !== true) return undefined;
    return (value, { errors }) => {
      if (!Array.isArray(value) || new Set(value.map(canonical)).size === value.length) return;
      errors.push("array must not contain duplicate elements");
    };
  },
};

/** By their digits: 0.3 is a multiple of 0.1. */
function isMultiple(value: number, divisor: number): boolean {
  const places = (number: number): number => {
    const [mantissa = "", exponent = "0"] = String(number).split("e");
    return Math.max(0, (mantissa.split(".")[1]?.length ?? 0) - Number(exponent));
  };
  const scale = Math.max(places(value), places(divisor));
  if (scale > 300 || !Number.isFinite(value)) return false;
  const scaled = (number: number): bigint => {
    const [mantissa = "", exponent = "0"] = String(number).split("e");
    const [whole = "", fraction = ""] = mantissa.split(".");
    const shift = scale + Number(exponent) - fraction.length;
    return BigInt(whole + fraction) * 10n ** BigInt(Math.max(0, shift));
  };
  return scaled(value) % scaled(divisor) === 0n;
}
