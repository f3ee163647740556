/**
 * Parameter mappings of REST and WebSocket APIs as data: what `integration.request.header.X: method.request.querystring.y`
 * names. Sources: the guide's request-response-data-mappings and websocket-api-data-mapping.
 */

/** Where a value comes from, in the mappings of an integration request. */
export type RequestSource =
  | { kind: "path" | "querystring" | "multivaluequerystring" | "header" | "multivalueheader"; name: string }
  | { kind: "body"; jsonPath?: string }
  | SharedSource;

/** Where a value comes from, in the mappings of an integration response. */
export type ResponseSource =
  | { kind: "header" | "multivalueheader"; name: string }
  | { kind: "body"; jsonPath?: string }
  | SharedSource;

type SharedSource =
  /** Dotted below `context.`: `identity.sourceIp`, `authorizer.claims.sub`. */
  | { kind: "context"; name: string }
  | { kind: "stageVariables"; name: string }
  /** A literal, without its quotes. */
  | { kind: "static"; value: string };

/** Where the value goes, on the way to the integration. */
export interface RequestTarget {
  kind: "path" | "querystring" | "header";
  name: string;
}

/** A header's name, as HTTP has it. */
const headerName = /^[\w!#$%&'*+.^`|~-]+$/;

/** @returns undefined when `text` is none: `integration.request.{path|querystring|header}.{name}` */
export function parseRequestTarget(text: string): RequestTarget | undefined {
  const [, kind, name = ""] = /^integration\.request\.(path|querystring|header)\.(\S+)$/.exec(text) ?? [];
  if (kind === undefined || (kind === "header" && !headerName.test(name))) return undefined;
  return { kind: kind as RequestTarget["kind"], name };
}

/** @returns the header's name; undefined when `text` is no `method.response.header.{name}` */
export const parseResponseTarget = (text: string): string | undefined =>
  parseHeader(text, /^method\.response\.header\.(.+)$/s);

/** The same for a WebSocket API, where it is written as in V1, or for routes. */
export const parseRouteResponseTarget = (text: string): string | undefined =>
  parseHeader(text, /^(?:route|method)\.response\.header\.(.+)$/s);

function parseHeader(text: string, pattern: RegExp): string | undefined {
  const [, name = ""] = pattern.exec(text) ?? [];
  return headerName.test(name) ? name : undefined;
}

/**
 * What a parameter may be called, as AWS's users report it of 2026; the guide's request-response-data-mappings and
 * websocket-api-data-mapping have it without the colon.
 */
export const parameterName = /^[a-zA-Z0-9:._$-]+$/;

/** @returns undefined when `text` is no source of an integration request's mapping */
export const parseRequestSource = (text: string): RequestSource | undefined =>
  parseParameter(text, methodParameter) ?? parseBody(text, "method.request.body") ?? parseShared(text);

const methodParameter =
  /^method\.request\.(path|querystring|multivaluequerystring|header|multivalueheader)\.(.+)$/s;

/** The same for a WebSocket API, whose routes have no path. */
export const parseRouteSource = (text: string): RequestSource | undefined =>
  parseParameter(text, routeParameter) ?? parseBody(text, "route.request.body") ?? parseShared(text);

const routeParameter = /^route\.request\.(querystring|multivaluequerystring|header|multivalueheader)\.(.+)$/s;

function parseParameter(text: string, pattern: RegExp): RequestSource | undefined {
  const [, kind, name = ""] = pattern.exec(text) ?? [];
  return kind !== undefined && parameterName.test(name) ? { kind: kind as "path", name } : undefined;
}

/** @returns undefined when `text` is no source of an integration response's mapping */
export function parseResponseSource(text: string): ResponseSource | undefined {
  const [, kind, name = ""] = /^integration\.response\.(header|multivalueheader)\.(.+)$/s.exec(text) ?? [];
  if (kind !== undefined && headerName.test(name)) return { kind: kind as "header", name };
  return parseBody(text, "integration.response.body") ?? parseShared(text);
}

function parseBody(text: string, prefix: string): { kind: "body"; jsonPath?: string } | undefined {
  if (text === prefix) return { kind: "body" };
  const rest = text.startsWith(prefix) ? text.slice(prefix.length) : "";
  return /^[.[]./s.test(rest) ? { kind: "body", jsonPath: `$${rest}` } : undefined;
}

function parseShared(text: string): SharedSource | undefined {
  if (/^'.*'$/s.test(text)) return { kind: "static", value: text.slice(1, -1) };
  const [, kind, name = ""] = /^(context|stageVariables)\.(\S+)$/.exec(text) ?? [];
  return kind === undefined ? undefined : { kind: kind as "context", name };
}
