/** Where a request came from and on which door it knocked. */
import { hostOf } from "../request-host.ts";

export interface Connection {
  /** Null when the runtime does not say. */
  sourceIp: string | null;
  scheme: "http" | "https";
  /** Of the gateway, as text. */
  port: string;
}

/**
 * Cloudflare names the client in `CF-Connecting-IP`, which it never takes from the client itself; plain workerd
 * names the socket's other end in `request.cf.clientIp`, and there the header is the client's word only.
 */
export function connectionOf(request: Request): Connection {
  const socket = (request.cf as { clientIp?: unknown } | undefined)?.clientIp;
  const scheme = request.url.startsWith("https:") ? "https" : "http";
  const port = /:(\d+)$/.exec(hostOf(request))?.[1];
  return {
    sourceIp: typeof socket === "string" ? addressOf(socket) : request.headers.get("cf-connecting-ip"),
    scheme,
    port: port ?? (scheme === "https" ? "443" : "80"),
  };
}

/** `127.0.0.1:57638` and `[::1]:57638` without their ports. */
function addressOf(socket: string): string {
  const address = socket.slice(0, socket.lastIndexOf(":"));
  return address.startsWith("[") ? address.slice(1, -1) : address;
}

/**
 * `X-Forwarded-*` as proxy integrations are sent them: the client's own list of addresses goes on.
 * @returns lower-case names in alphabetical order
 */
export function forwardedHeaders(
  headers: Headers,
  { sourceIp, port, scheme }: Connection,
): [name: string, value: string][] {
  const before = headers.get("x-forwarded-for");
  const addresses = before && sourceIp ? `${before}, ${sourceIp}` : (before ?? sourceIp);
  return [
    ...(addresses ? ([["x-forwarded-for", addresses]] as [string, string][]) : []),
    ["x-forwarded-port", port],
    ["x-forwarded-proto", scheme],
  ];
}
