/**
 * `$input`: the payload and the parameters of the request.
 * Source: the guide's api-gateway-mapping-template-reference; mapping-templates, "$input".
 */
import { JavaMap, JavaObject, print, printJson, type Value } from "../java/values.ts";
import { compileJsonPath, type JsonPath } from "../json/path.ts";
import { readJson } from "../json/read.ts";
import type { TemplateScope } from "../template-scope.ts";

type Kind = keyof TemplateScope["params"];
/** In this order a parameter is looked for, and they are printed. */
const kinds: readonly Kind[] = ["path", "querystring", "header"];

const paths = new Map<string, JsonPath>();
const mostPaths = 500;

/** Compiled once; a template names the same one for each request. */
function pathOf(source: string): JsonPath {
  let path = paths.get(source);
  if (!path) {
    path = compileJsonPath(source);
    if (paths.size >= mostPaths) paths.clear();
    paths.set(source, path);
  }
  return path;
}

export class Input extends JavaObject {
  readonly #body: string;
  readonly #scope: TemplateScope;
  /** `path` and `json` share one document: what a template changes in it shows in both. */
  #document: Value | undefined;

  constructor(scope: TemplateScope) {
    super();
    // Recorded: test_input_body_formatting, an empty body is the empty object.
    this.#body = scope.body || "{}";
    this.#scope = scope;
  }

  override get(name: string): Value | undefined {
    return name === "body" ? this.#body : undefined;
  }

  override call(name: string, values: Value[]): Value | undefined {
    const [value] = values;
    switch (name) {
      case "getBody":
        return values.length === 0 ? this.#body : undefined;
      case "path":
        return values.length === 1 ? (this.#read(value as Value) ?? null) : undefined;
      case "json": {
        if (values.length !== 1) return undefined;
        // Of nothing it is an empty text, with its quotes.
        return printJson(this.#read(value as Value) ?? "");
      }
      case "params":
        if (values.length === 0) return this.#all();
        return values.length === 1 ? this.#parameter(print(value as Value)) : undefined;
      default:
        return undefined;
    }
  }

  #read(path: Value): Value | undefined {
    const compiled = pathOf(print(path));
    this.#document ??= readJson(this.#body);
    return compiled.read(this.#document);
  }

  #parameter(name: string): Value {
    const { params } = this.#scope;
    for (const kind of kinds) {
      const value = params[kind].get(name);
      if (value !== undefined) return value;
    }
    // Headers have no case, and arrive in any.
    const lower = name.toLowerCase();
    for (const [key, value] of params.header) if (key.toLowerCase() === lower) return value;
    return null;
  }

  #all(): Value {
    return new JavaMap(kinds.map((kind) => [kind, new JavaMap(this.#scope.params[kind])]));
  }
}
