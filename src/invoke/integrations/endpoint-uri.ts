/**
 * The URI of an HTTP integration: its `{path}` parameters and stage variables filled in, the query appended.
 * Source: the guide's setup-http-integrations; aws-api-gateway-stage-variables-reference.
 */
import type { ParameterSource } from "../mapping/parameters.ts";
import { configurationError } from "../rest/gateway-error.ts";

export type PathValues = ReadonlyMap<string, { value: string; isEncoded: boolean }>;

/** Where stage variables are found. */
type Variables = Pick<ParameterSource, "stage">;

/** @throws GatewayError 500 for what is no URI with its parameters filled in */
export type EndpointUri = (path: PathValues, query: string, context: Variables) => string;

type Part = string | { path: string } | { stageVariable: string };

export function compileEndpointUri(uri: string): EndpointUri {
  const text = compileUriText(uri);
  if (text.constant !== undefined && isHttpUri(uri)) return (_path, query) => withQuery(uri, query);
  return (path, query, context) => {
    const filled = text.fill(path, context);
    if (!isHttpUri(filled)) throw invalidEndpoint();
    return withQuery(filled, query);
  };
}

export const invalidEndpoint = () => configurationError("Invalid endpoint address");

export interface UriText {
  /** The text, when there is nothing to fill in. */
  constant: string | undefined;
  fill(path: PathValues, context: Variables): string;
}

/** A text with `{path}` parameters and `${stageVariables.name}`, read once. */
export function compileUriText(text: string): UriText {
  const parts = parse(text);
  if (parts.every((part) => typeof part === "string")) return { constant: text, fill: () => text };
  return {
    constant: undefined,
    fill: (path, context) => parts.map((part) => textOf(part, path, context)).join(""),
  };
}

const parse = (uri: string): Part[] =>
  uri
    .split(/(\$\{stageVariables\.[A-Za-z0-9_]+\}|\{[^{}]+\})/)
    .filter((text) => text !== "")
    .map((text) => {
      if (text.startsWith("${")) return { stageVariable: text.slice("${stageVariables.".length, -1) };
      return text.startsWith("{") ? { path: text.slice(1, -1) } : text;
    });

function textOf(part: Part, path: PathValues, { stage: { variables } }: Variables): string {
  if (typeof part === "string") return part;
  if ("stageVariable" in part) {
    return Object.hasOwn(variables, part.stageVariable) ? (variables[part.stageVariable] as string) : "";
  }
  const found = path.get(part.path);
  // Without a mapping the placeholder stays, and no server knows it.
  if (!found) return `%7B${encodeURIComponent(part.path)}%7D`;
  // What is part of the client's URL is passed on as it is; anything else may hold what a path may not.
  return found.isEncoded ? found.value : encodeURIComponent(found.value.toWellFormed());
}

function isHttpUri(uri: string): boolean {
  try {
    const { protocol } = new URL(uri);
    return protocol === "http:" || protocol === "https:";
  } catch {
    return false;
  }
}

const withQuery = (uri: string, query: string): string =>
  query === "" ? uri : `${uri}${uri.includes("?") ? "&" : "?"}${query}`;

/** @returns `name=value&…`, percent-encoded */
export const queryString = (parameters: Iterable<readonly [name: string, value: string]>): string =>
  Array.from(
    parameters,
    ([name, value]) =>
      `${encodeURIComponent(name.toWellFormed())}=${encodeURIComponent(value.toWellFormed())}`,
  ).join("&");
