/**
 * Whether a request is a handshake (RFC 6455, 4.2.1): the runtime would refuse some of those that are none, but only
 * after $connect has been run.
 */
import { GatewayError } from "../rest/gateway-error.ts";

/** Of 16 octets, in base64. */
const isKey = /^[A-Za-z0-9+/]{22}==$/;

/** @throws GatewayError 426 for a request that asks for no upgrade to this protocol, 400 for a handshake without a key */
export function checkHandshake({ method, headers }: Request): void {
  const asksForUpgrade =
    method === "GET" &&
    headers.get("upgrade")?.toLowerCase() === "websocket" &&
    hasToken(headers.get("connection"), "upgrade") &&
    headers.get("sec-websocket-version") === "13";
  if (!asksForUpgrade) throw new GatewayError("DEFAULT_4XX", "Upgrade Required", 426);
  if (!isKey.test(headers.get("sec-websocket-key") ?? "")) {
    throw new GatewayError("DEFAULT_4XX", "Bad Request");
  }
}

const hasToken = (list: string | null, token: string): boolean =>
  list
    ?.toLowerCase()
    .split(",")
    .some((item) => item.trim() === token) ?? false;
