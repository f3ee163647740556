/**
 * Parameter mappings, compiled to functions. Sources: the guide's request-response-data-mappings; recorded:
 * test_http_proxy_integration_request_data_mappings, test_apigateway_header_remapping_http.
 */
import {
  parseRequestSource,
  parseRequestTarget,
  parseResponseSource,
  parseResponseTarget,
  type RequestSource,
  type RequestTarget,
  type ResponseSource,
} from "../../definitions/parameter-mapping.ts";
import { textOfContext } from "./context-variable.ts";
import { allowPatterns } from "./java/patterns.ts";
import { printJson } from "./java/values.ts";
import { findJsonPath, type JsonPath } from "./json/path.ts";
import { readJson } from "./json/read.ts";
import { TemplateError } from "./template-scope.ts";

/** What mappings read of a request, or of an event on a connection. */
export interface ParameterSource {
  readonly request: { readonly headers: { get(name: string): string | null } };
  readonly query: ReadonlyMap<string, readonly string[]>;
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly stage: { readonly variables: Readonly<Record<string, string>> };
  /** One variable of `$context`; undefined when it is not there. */
  variable(name: string): unknown;
}

/** Several values for `multivalue…` sources; undefined when the source is not there, which maps nothing. */
type MappedValue = string | readonly string[] | undefined;

export interface RequestMapping extends RequestTarget {
  /** Still percent-encoded when it comes from the path. */
  read: (source: ParameterSource, body: () => string) => MappedValue;
  /** Whether the value is a piece of the client's own URL, and so encoded. */
  isEncoded: boolean;
}

/**
 * Mappings of an integration request; one that cannot be read maps nothing.
 * @param parseSource by the kind of API: what a value may be taken from
 */
export function compileRequestMappings(
  parameters: Record<string, string> | undefined,
  parseSource: (text: string) => RequestSource | undefined = parseRequestSource,
): RequestMapping[] {
  return Object.entries(parameters ?? {}).flatMap(([targetText, sourceText]) => {
    const target = parseRequestTarget(targetText);
    const source = parseSource(sourceText);
    if (!target || !source) return [];
    return [{ ...target, read: compileRequestSource(source), isEncoded: source.kind === "path" }];
  });
}

/** Whether a mapping reads the body. */
export const readsBody = (parameters: Record<string, string> | undefined): boolean =>
  Object.values(parameters ?? {}).some((source) => source.startsWith("method.request.body"));

function compileRequestSource(source: RequestSource): RequestMapping["read"] {
  switch (source.kind) {
    case "path": {
      const { name } = source;
      return ({ pathParameters }) => (Object.hasOwn(pathParameters, name) ? pathParameters[name] : undefined);
    }
    case "querystring":
      return ({ query }) => query.get(source.name)?.at(-1);
    case "multivaluequerystring":
      return ({ query }) => query.get(source.name);
    case "header":
    case "multivalueheader":
      // Repeated headers reach a Worker joined: both are the whole of it.
      return ({ request }) => request.headers.get(source.name) ?? undefined;
    case "body":
      return compileBody(source.jsonPath);
    default:
      return compileShared(source);
  }
}

/** A JSONPath that is none maps nothing. */
function compileBody(jsonPath: string | undefined): (context: unknown, body: () => string) => MappedValue {
  if (jsonPath === undefined) return (_context, body) => body() || undefined;
  const path = findJsonPath(jsonPath);
  return (_context, body) => path && textOfJson(body(), path);
}

/** A string bare, anything else as JSON; undefined for what is not there or no JSON. */
function textOfJson(body: string, path: JsonPath): string | undefined {
  allowPatterns();
  try {
    const value = path.read(readJson(body)) ?? null;
    if (value === null) return undefined;
    return typeof value === "string" ? value : printJson(value);
  } catch (error) {
    if (error instanceof TemplateError) return undefined;
    throw error;
  }
}

type Shared = Extract<RequestSource, { kind: "context" | "stageVariables" | "static" }>;

function compileShared(source: Shared): (context: ParameterSource) => MappedValue {
  switch (source.kind) {
    case "static":
      return () => source.value;
    case "stageVariables":
      return ({ stage: { variables } }) =>
        Object.hasOwn(variables, source.name) ? variables[source.name] : undefined;
    case "context":
      return (context) => textOfContext(context, source.name);
  }
}

/** An endpoint's answer, as far as mappings and selection read it. */
export interface EndpointResponse {
  status: number;
  headers: { get(name: string): string | null };
  /** As text. */
  body: string;
}

export interface ResponseMapping {
  /** Name of the header. */
  name: string;
  /** Set when the value is the same for every response. */
  constant: string | undefined;
  read: (response: EndpointResponse, context: ParameterSource) => MappedValue;
}

/**
 * Mappings of an integration response; one that cannot be read maps nothing.
 * @param parseTarget by the kind of API: the name of the header that a value goes to
 */
export function compileResponseMappings(
  parameters: Record<string, string> | undefined,
  parseTarget: (text: string) => string | undefined = parseResponseTarget,
): ResponseMapping[] {
  return Object.entries(parameters ?? {}).flatMap(([targetText, sourceText]) => {
    const name = parseTarget(targetText);
    const source = parseResponseSource(sourceText);
    if (!name || !source) return [];
    const constant = source.kind === "static" ? source.value : undefined;
    return [{ name, constant, read: compileResponseSource(source) }];
  });
}

function compileResponseSource(source: ResponseSource): ResponseMapping["read"] {
  switch (source.kind) {
    case "header":
    case "multivalueheader":
      return ({ headers }) => headers.get(source.name) ?? undefined;
    case "body": {
      const read = compileBody(source.jsonPath);
      return ({ body }, context) => read(context, () => body);
    }
    default: {
      const read = compileShared(source);
      return (_response, context) => read(context);
    }
  }
}
