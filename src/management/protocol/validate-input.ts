/**
 * Whether an input keeps to the model's constraints: required members, enumerations, patterns, ranges. All that are
 * violated are listed, as AWS does (rest-behaviour, rule 4).
 */
import { type Member, models, type ServiceModel, type Shape, type StructureShape } from "./model.ts";
import { ServiceError } from "./service-error.ts";

/** Of those that are listed; a hostile input could violate any number. */
const mostListed = 100;

/** @throws ServiceError ValidationException */
export function validateInput(service: string, operation: string, input: Record<string, unknown>): void {
  const { operations, shapes } = models[service] as ServiceModel;
  const inputShape = operations[operation]?.input;
  if (inputShape === undefined) return;
  const shape = shapes[inputShape] as StructureShape;
  const validator = new Validator(shapes);
  // Recorded for V1: members of the body are named below the operation's input, and come before the others.
  const root = service === "lambda" ? "" : `${lowerFirst(operation)}Input.`;
  const isInBody = ([, [, place]]: [string, Member]) => place === "body" && !shape.payload;
  const members = Object.entries(shape.members);
  for (const member of members.filter(isInBody)) validator.member(shape, member, input, root);
  for (const member of members.filter((member) => !isInBody(member)))
    validator.member(shape, member, input, "");
  const { violations } = validator;
  if (violations.length === 0) return;
  throw new ServiceError(
    "ValidationException",
    400,
    `${violations.length} validation error${violations.length === 1 ? "" : "s"} detected: ${violations.slice(0, mostListed).join("; ")}`,
  );
}

const lowerFirst = (name: string) => name.charAt(0).toLowerCase() + name.slice(1);

class Validator {
  readonly violations: string[] = [];
  readonly #shapes: Record<string, Shape>;

  constructor(shapes: Record<string, Shape>) {
    this.#shapes = shapes;
  }

  member(
    { required }: StructureShape,
    [name, [shapeName]]: [string, Member],
    holder: Record<string, unknown>,
    prefix: string,
  ): void {
    const path = prefix + lowerFirst(name);
    const value = holder[name];
    if (value !== undefined) this.value(shapeName, value, path);
    else if (required?.includes(name)) this.#report(null, path, "Member must not be null");
  }

  value(shapeName: string, value: unknown, path: string): void {
    const shape = this.#shapes[shapeName] as Shape;
    switch (shape.type) {
      case "structure":
        for (const member of Object.entries(shape.members)) {
          this.member(shape, member, value as Record<string, unknown>, `${path}.`);
        }
        break;
      case "list":
        this.#list(shape, value as unknown[], path);
        break;
      case "map":
        for (const entry of Object.values(value as object)) {
          if (entry !== null) this.value(shape.value, entry, `${path}.member`);
        }
        break;
      default:
        for (const violated of violatedBy(shape, value)) this.#report(value, path, violated);
    }
  }

  /** A list of simple values is refused as a whole, with every constraint of its members. */
  #list(shape: Extract<Shape, { type: "list" }>, value: unknown[], path: string): void {
    for (const violated of lengthViolations(shape, value.length)) this.#report(value, path, violated);
    const memberShape = this.#shapes[shape.member] as Shape;
    if (memberShape.type === "structure" || memberShape.type === "list" || memberShape.type === "map") {
      for (const [index, element] of value.entries()) {
        const elementPath = `${path}.${index + 1}.member`;
        if (element === null) this.#report(null, elementPath, "Member must not be null");
        else this.value(shape.member, element, elementPath);
      }
    } else if (value.some((element) => element === null || violatedBy(memberShape, element).length > 0)) {
      const constraints = constraintsOf(memberShape);
      if (value.includes(null)) constraints.push("Member must not be null");
      this.#report(value, path, `Member must satisfy constraint: [${constraints.join(", ")}]`);
    }
  }

  #report(value: unknown, path: string, constraint: string): void {
    this.violations.push(`Value ${quoted(value)} at '${path}' failed to satisfy constraint: ${constraint}`);
  }
}

/** As Java prints it; long texts are cut, since an error repeats what the caller sent. */
function quoted(value: unknown): string {
  if (value === null) return "null";
  const text = textOf(value);
  return `'${text.length > 1000 ? `${text.slice(0, 1000)}…` : text}'`;
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(textOf).join(", ")}]`;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function violatedBy(shape: Shape, value: unknown): string[] {
  switch (shape.type) {
    case "string": {
      const text = value as string;
      const violated = lengthViolations(shape, text.length);
      if (violated.length > 0) return violated;
      if (shape.pattern !== undefined && !patternOf(shape.pattern).test(text))
        violated.push(patternText(shape.pattern));
      if (shape.enum && !shape.enum.includes(text)) violated.push(enumText(shape.enum));
      return violated;
    }
    case "integer":
    case "long":
    case "double":
    case "float": {
      const number = value as number;
      return [
        ...(shape.max !== undefined && number > shape.max
          ? [`Member must have value less than or equal to ${shape.max}`]
          : []),
        ...(shape.min !== undefined && number < shape.min
          ? [`Member must have value greater than or equal to ${shape.min}`]
          : []),
      ];
    }
    default:
      return [];
  }
}

/** All of a simple shape's constraints, violated or not. */
function constraintsOf(shape: Shape): string[] {
  if (shape.type !== "string") return [];
  return [
    ...(shape.max === undefined ? [] : [`Member must have length less than or equal to ${shape.max}`]),
    ...(shape.min === undefined ? [] : [`Member must have length greater than or equal to ${shape.min}`]),
    ...(shape.pattern === undefined ? [] : [patternText(shape.pattern)]),
    ...(shape.enum ? [enumText(shape.enum)] : []),
  ];
}

function lengthViolations({ min, max }: { min?: number; max?: number }, length: number): string[] {
  return [
    ...(max !== undefined && length > max ? [`Member must have length less than or equal to ${max}`] : []),
    ...(min !== undefined && length < min ? [`Member must have length greater than or equal to ${min}`] : []),
  ];
}

const patternText = (pattern: string) => `Member must satisfy regular expression pattern: ${pattern}`;
const enumText = (values: string[]) => `Member must satisfy enum value set: [${values.join(", ")}]`;

const patterns = new Map<string, RegExp>();

function patternOf(pattern: string): RegExp {
  let compiled = patterns.get(pattern);
  if (!compiled) {
    compiled = new RegExp(`^(?:${pattern})$`, /\\[pP]\{/.test(pattern) ? "u" : "");
    patterns.set(pattern, compiled);
  }
  return compiled;
}
