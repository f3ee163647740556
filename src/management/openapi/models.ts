/** `definitions` and `components.schemas`: models; and the models that schemas elsewhere name or make. */
import type { Model } from "../../definitions/rest-api.ts";
import type { OpenApiDocument } from "./document.ts";
import type { ImportReport } from "./import-report.ts";
import { compact, isObject, member, members, text } from "./json.ts";
import { isReference, modelName, references, schemaText } from "./schemas.ts";

type ImportedModel = Omit<Model, "id">;

/** The models of one import. */
export class Models {
  readonly #models = new Map<string, ImportedModel>();
  /** Names of models made of schemas without one, by the schema's text. */
  readonly #made = new Map<string, string>();
  readonly #document: OpenApiDocument;
  readonly #restApiId: string;
  readonly #existing: ReadonlySet<string>;
  readonly #report: ImportReport;

  /**
   * @param existing names of models that the API has and keeps
   */
  constructor(
    document: OpenApiDocument,
    restApiId: string,
    existing: ReadonlySet<string>,
    report: ImportReport,
  ) {
    this.#document = document;
    this.#restApiId = restApiId;
    this.#existing = existing;
    this.#report = report;
    const defined = members(
      document.version === "2.0"
        ? member(document.root, "definitions")
        : member(member(document.root, "components"), "schemas"),
    );
    const names = new Set(defined.map(([name]) => name));
    for (const [name, schema] of defined) this.#define(name, schema, names);
  }

  list(): ImportedModel[] {
    return [...this.#models.values()];
  }

  /**
   * The model of a request's or a response's schema.
   * @returns undefined, with a warning, when it names one that is not there
   */
  nameOf(schema: unknown): string | undefined {
    if (!isObject(schema)) return undefined;
    if (!isReference(schema)) return this.#make(schema);
    const name = modelName(schema.$ref) ?? schema.$ref;
    if (this.#models.has(name) || this.#existing.has(name)) return name;
    this.#report.warn(`Reference to model '${name}' not found. Ignoring.`);
    return undefined;
  }

  #define(name: string, schema: unknown, names: ReadonlySet<string>): void {
    const fault = !isAlphanumeric(name)
      ? `Model name must be alphanumeric: ${name}`
      : this.#faultOf(schema, (referred) => names.has(referred) || this.#existing.has(referred));
    if (fault) this.#report.error(`Unable to create model for '${name}': ${fault}`);
    else this.#add(name, schema);
  }

  #add(name: string, schema: unknown): void {
    const model = {
      name,
      description: text(member(schema, "description")),
      contentType: "application/json",
      schema: schemaText(schema, this.#restApiId, this.#document.version),
    };
    this.#models.set(name, compact(model));
  }

  /** A schema that stands where it is used becomes a model of its own; the same schema twice, one model. */
  #make(schema: unknown): string | undefined {
    const key = JSON.stringify(schema);
    const made = this.#made.get(key);
    if (made) return made;
    const name = this.#freshName();
    const fault = this.#faultOf(schema, (other) => this.#models.has(other) || this.#existing.has(other));
    if (fault) {
      this.#report.error(`Unable to create model for '${name}': ${fault}`);
      return undefined;
    }
    this.#made.set(key, name);
    this.#add(name, schema);
    return name;
  }

  #freshName(): string {
    for (;;) {
      const digits = crypto.getRandomValues(new Uint8Array(3));
      const name = `MODEL${Array.from(digits, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
      if (!this.#models.has(name) && !this.#existing.has(name)) return name;
    }
  }

  #faultOf(schema: unknown, isThere: (name: string) => boolean): string | undefined {
    const faults: string[] = isObject(schema) ? [] : ["Invalid model schema specified"];
    for (const reference of references(schema)) {
      const name = modelName(reference);
      if (name === undefined) faults.push("Model reference must be in canonical form");
      else if (!isThere(name) || !isAlphanumeric(name)) faults.push(`Invalid model specified: ${name}`);
    }
    if (faults.length === 0) return undefined;
    return `Invalid model specified: Validation Result: warnings : [], errors : [${[...new Set(faults)].join(", ")}]`;
  }
}

const isAlphanumeric = (name: string) => /^[A-Za-z0-9]+$/.test(name);
