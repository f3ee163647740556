/** GetModelTemplate: a mapping template that makes a payload of a model's structure, to begin with. */
import { elements, isObject, member, members } from "../openapi/json.ts";
import { type ModelScope, parse, referredModel } from "./model-schema.ts";

/** Levels of the sample, and values in it: models that refer to one another could make it endless, or huge. */
const deepest = 20;
const mostValues = 1_000;

/** @param schema a model's, as text @returns a template in the Velocity Template Language */
export function sampleTemplate(schema: string, scope: ModelScope): string {
  return `#set($inputRoot = $input.path('$'))\n${new Sample(scope, parse(schema)).of()}`;
}

class Sample {
  readonly #scope: ModelScope;
  /** The document that references within a schema (`#/definitions/x`) lead into. */
  readonly #root: unknown;
  readonly #parsed = new Map<string, unknown>();
  #values = 0;

  constructor(scope: ModelScope, root: unknown) {
    this.#scope = scope;
    this.#root = root;
  }

  of(): string {
    return this.#value(this.#root, this.#root, "", 0);
  }

  #value(given: unknown, givenRoot: unknown, indent: string, depth: number): string {
    const { schema, root } = this.#resolved(given, givenRoot);
    if (depth > deepest || ++this.#values > mostValues) return "{ }";
    const properties = members(member(schema, "properties"));
    switch (typeOf(schema)) {
      case "object":
        return properties.length === 0 ? "{ }" : this.#object(properties, root, indent, depth);
      case "array":
        return this.#array(member(schema, "items"), root, indent, depth);
      case "integer":
        return "42";
      case "number":
        return "3.14";
      case "boolean":
        return "true";
      case "null":
        return "null";
      default:
        return '"foo"';
    }
  }

  #object(properties: [string, unknown][], root: unknown, indent: string, depth: number): string {
    const inner = `${indent}  `;
    const lines = properties.map(
      ([name, schema]) => `${inner}${JSON.stringify(name)} : ${this.#value(schema, root, inner, depth + 1)}`,
    );
    return `{\n${lines.join(",\n")}\n${indent}}`;
  }

  #array(items: unknown, root: unknown, indent: string, depth: number): string {
    const inner = `${indent}  `;
    const element = this.#value(Array.isArray(items) ? items[0] : items, root, inner, depth + 1);
    return [
      "[",
      "##TODO: Update this foreach loop to reference array from input json",
      "#foreach($elem in $inputRoot)",
      `${inner}${element} `,
      "#if($foreach.hasNext),#end",
      "#end",
      `${indent}]`,
    ].join("\n");
  }

  #model(name: string): unknown {
    if (!this.#parsed.has(name)) this.#parsed.set(name, parse(this.#scope.schemaOf(name) ?? ""));
    return this.#parsed.get(name);
  }

  /** Follows references to other models, and to definitions of the same one. */
  #resolved(schema: unknown, root: unknown): { schema: unknown; root: unknown } {
    for (let hops = 0; hops < deepest; hops++) {
      const reference = member(schema, "$ref");
      if (typeof reference !== "string") return { schema, root };
      const name = referredModel(reference, this.#scope.restApiId);
      if (name) root = this.#model(name);
      schema = name ? root : name === "" ? atPointer(root, reference) : undefined;
    }
    return { schema: undefined, root };
  }
}

/** What `#/definitions/x` leads to. */
function atPointer(root: unknown, reference: string): unknown {
  return reference
    .split("/")
    .slice(1)
    .reduce((value, part) => member(value, part.replaceAll("~1", "/").replaceAll("~0", "~")), root);
}

/** A schema need not say its type: what it describes says it. */
function typeOf(schema: unknown): unknown {
  const type = member(schema, "type");
  const first = Array.isArray(type) ? elements(type)[0] : type;
  if (first !== undefined) return first;
  if (isObject(member(schema, "properties"))) return "object";
  return member(schema, "items") === undefined ? "string" : "array";
}
