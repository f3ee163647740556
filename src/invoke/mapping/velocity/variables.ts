/**
 * What a template can reach: `$input`, `$context`, `$util`, `$stageVariables`, and nothing else.
 * Source: the guide's api-gateway-mapping-template-reference; mapping-templates, "$input" and "$context".
 */
import { Buffer } from "node:buffer";
import { compileJsonPath, type Structure } from "../json-path.ts";
import { parsePermissively } from "../permissive-json.ts";
import { TemplateError, type TemplateScope } from "../template-scope.ts";
import { fromJson, Host, JsonList, print, printJson, type Value } from "./values.ts";

export function variablesOf(scope: TemplateScope): Map<string, Value> {
  return new Map<string, Value>([
    ["input", inputOf(scope)],
    ["context", contextOf(scope)],
    ["util", util],
    ["stageVariables", new Map(Object.entries(scope.stageVariables))],
  ]);
}

function inputOf({ body, params }: TemplateScope): Host {
  /** `path` and `json` share one document: what a template changes in it shows in both. */
  let document: Value | undefined;
  const read = (path: Value | undefined): Value | undefined => {
    document ??= fromJson(parsePermissively(body === "" ? "{}" : body));
    return find(document, print(path ?? "$"));
  };
  const one = (name: string): Value =>
    params.path.get(name) ?? params.querystring.get(name) ?? headerOf(params.header, name) ?? "";
  return new Host({
    // Recorded: test_input_body_formatting, an empty body is the empty object.
    get: (name) => (name === "body" ? body || "{}" : undefined),
    methods: {
      json: (path) => {
        const value = read(path);
        return value === undefined ? '""' : printJson(value);
      },
      path: (path) => read(path) ?? "",
      params: (name) => {
        if (name === undefined) return allParameters(params);
        const kind = print(name);
        if (kind === "path" || kind === "querystring" || kind === "header") {
          return one(kind) || new Map<string, Value>(params[kind]);
        }
        return one(kind);
      },
    },
  });
}

const headerOf = (headers: ReadonlyMap<string, string>, name: string): string | undefined => {
  const exact = headers.get(name);
  if (exact !== undefined) return exact;
  const lower = name.toLowerCase();
  for (const [key, value] of headers) if (key.toLowerCase() === lower) return value;
  return undefined;
};

/** The kinds come as path, querystring, header. */
const allParameters = ({ path, querystring, header }: TemplateScope["params"]): Value =>
  new Map<string, Value>([
    ["path", new Map<string, Value>(path)],
    ["querystring", new Map<string, Value>(querystring)],
    ["header", new Map<string, Value>(header)],
  ]);

type Find = (document: unknown) => unknown;
const paths = new Map<string, Find>();
const mostPaths = 500;

/** @throws TemplateError for a path that is none */
function find(document: Value, path: string): Value | undefined {
  let steps = paths.get(path);
  if (!steps) {
    const compiled = compileJsonPath(path, structure);
    if (!compiled) throw new TemplateError(`the JSONPath ${path} is not supported`);
    if (paths.size >= mostPaths) paths.clear();
    paths.set(path, compiled);
    steps = compiled;
  }
  return steps(document) as Value | undefined;
}

const structure: Structure = {
  into: (value, step) => {
    if (typeof step === "number") return Array.isArray(value) ? value.at(step) : undefined;
    return value instanceof Map ? value.get(step) : undefined;
  },
  children: (value) =>
    Array.isArray(value) ? value : value instanceof Map ? [...value.values()] : undefined,
  list: (values) => JsonList.from(values as Value[]) as JsonList,
};

function contextOf({ context, overrides }: TemplateScope): Host {
  /** Members that a template sets itself. */
  const own = new Map<string, Value>();
  const requestOverride = new Host({
    get: (name) =>
      name === "path" || name === "querystring" || name === "header"
        ? overrideMap(overrides.request[name])
        : undefined,
  });
  const responseHeaders = overrideMap(overrides.response.header);
  const responseOverride = new Host({
    get: (name) =>
      name === "header" ? responseHeaders : name === "status" ? (overrides.response.status ?? "") : undefined,
    set: (name, value) => {
      if (name !== "status") return false;
      overrides.response.status = print(value);
      return true;
    },
  });
  const get = (name: string): Value | undefined => {
    if (name === "requestOverride") return requestOverride;
    if (name === "responseOverride") return responseOverride;
    return own.get(name) ?? (Object.hasOwn(context, name) ? fromJson(context[name]) : undefined);
  };
  return new Host({
    get,
    set: (name, value) => {
      own.set(name, value);
      return true;
    },
    methods: { get: (name) => get(print(name ?? "")) ?? "" },
  });
}

/** A map that writes through to an override. */
function overrideMap(entries: Map<string, string>): Host {
  const put = (name: string, value: Value) => {
    const before = entries.get(name) ?? "";
    entries.set(name, print(value));
    return before;
  };
  return new Host({
    get: (name) => entries.get(name),
    set: (name, value) => {
      put(name, value);
      return true;
    },
    methods: {
      get: (name) => entries.get(print(name ?? "")) ?? "",
      put: (name, value) => put(print(name ?? ""), value ?? ""),
    },
  });
}

const escapes: Record<string, string> = {
  '"': '\\"',
  "'": "\\'",
  "\\": "\\\\",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

const util = new Host({
  methods: {
    escapeJavaScript: (value) =>
      print(value ?? "").replace(/["'\\\b\f\n\r\t]/g, (character) => escapes[character] as string),
    parseJson: (value) => fromJson(parsePermissively(print(value ?? ""))),
    // As java.net.URLEncoder: a space is a plus sign.
    urlEncode: (value) =>
      encodeURIComponent(print(value ?? "").toWellFormed())
        .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
        .replaceAll("%20", "+"),
    urlDecode: (value) => {
      try {
        return decodeURIComponent(print(value ?? "").replaceAll("+", " "));
      } catch {
        throw new TemplateError("what is to be decoded is no percent-encoding");
      }
    },
    base64Encode: (value) => Buffer.from(print(value ?? "")).toString("base64"),
    base64Decode: (value) => Buffer.from(print(value ?? ""), "base64").toString(),
  },
});
