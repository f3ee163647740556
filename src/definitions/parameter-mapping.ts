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

/** @returns undefined when `text` is none: `integration.request.{path|querystring|header}.{name}` */
export function parseRequestTarget(text: string): RequestTarget | undefined {
  const match = /^integration\.request\.(path|querystring|header)\.(.+)$/s.exec(text);
  return match ? { kind: match[1] as RequestTarget["kind"], name: match[2] as string } : undefined;
}

/** @returns the header's name; undefined when `text` is no `method.response.header.{name}` */
export function parseResponseTarget(text: string): string | undefined {
  return /^method\.response\.header\.(.+)$/s.exec(text)?.[1];
}

/** @returns undefined when `text` is no source of an integration request's mapping */
export function parseRequestSource(text: string): RequestSource | undefined {
  const match =
    /^method\.request\.(path|querystring|multivaluequerystring|header|multivalueheader)\.(.+)$/s.exec(text);
  if (match) return { kind: match[1] as "path", name: match[2] as string };
  return parseBody(text, "method.request.body") ?? parseShared(text);
}

/** The same for a WebSocket API, whose routes have no path. */
export function parseRouteSource(text: string): RequestSource | undefined {
  const match =
    /^route\.request\.(querystring|multivaluequerystring|header|multivalueheader)\.([a-zA-Z0-9._$-]+)$/.exec(
      text,
    );
  if (match) return { kind: match[1] as "header", name: match[2] as string };
  return parseBody(text, "route.request.body") ?? parseShared(text);
}

/** @returns undefined when `text` is no source of an integration response's mapping */
export function parseResponseSource(text: string): ResponseSource | undefined {
  const match = /^integration\.response\.(header|multivalueheader)\.(.+)$/s.exec(text);
  if (match) return { kind: match[1] as "header", name: match[2] as string };
  return parseBody(text, "integration.response.body") ?? parseShared(text);
}

function parseBody(text: string, prefix: string): { kind: "body"; jsonPath?: string } | undefined {
  if (text === prefix) return { kind: "body" };
  const rest = text.startsWith(prefix) ? text.slice(prefix.length) : "";
  return /^[.[]./s.test(rest) ? { kind: "body", jsonPath: `$${rest}` } : undefined;
}

function parseShared(text: string): SharedSource | undefined {
  if (/^'.*'$/s.test(text)) return { kind: "static", value: text.slice(1, -1) };
  const match = /^(context|stageVariables)\.(.+)$/s.exec(text);
  return match ? { kind: match[1] as "context", name: match[2] as string } : undefined;
}
