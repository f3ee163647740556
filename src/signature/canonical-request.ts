/** The canonical request of Signature Version 4: what signer and verifier must agree on to the last octet. */
import type { SignedRequest } from "./signed-request.ts";
import type { Signature } from "./sigv4.ts";

/** @param payloadHash hexadecimal SHA-256 of the body, or `UNSIGNED-PAYLOAD` */
export function canonicalRequest(
  { method, path, query, headers }: SignedRequest,
  { signedHeaders, presigned }: Pick<Signature, "signedHeaders" | "presigned">,
  payloadHash: string,
): string {
  const lines = signedHeaders.map((name) => `${name}:${headerValue(name, headers)}\n`);
  return `${method}\n${canonicalPath(path)}\n${canonicalQuery(query, presigned)}\n${lines.join("")}\n${signedHeaders.join(";")}\n${payloadHash}`;
}

/** The empty text for what no header can be named: signers choose the names. */
const headerValue = (name: string, headers: Headers): string =>
  isToken.test(name) ? (headers.get(name) ?? "").trim().replace(/ +/g, " ") : "";

const isToken = /^[\w!#$%&'*+.^`|~-]+$/;

/** Normalised, then each octet encoded once more: every service but S3 signs so. */
function canonicalPath(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(encode(segment));
  }
  const slash = path.endsWith("/") && segments.length > 0 ? "/" : "";
  return `/${segments.join("/")}${slash}`;
}

function canonicalQuery(query: string, presigned: boolean): string {
  return pairsOf(query)
    .map(([name, value]) => [encode(decode(name)), encode(decode(value))] as const)
    .filter(([name]) => !(presigned && name === "X-Amz-Signature"))
    .sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : x > y ? 1 : 0))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
}

/** Names and values, percent-encoded as they were sent. */
export function pairsOf(query: string): [string, string][] {
  if (query === "") return [];
  return query.split("&").flatMap((pair) => {
    if (pair === "") return [];
    const equals = pair.indexOf("=");
    return [equals === -1 ? [pair, ""] : [pair.slice(0, equals), pair.slice(equals + 1)]] as [
      string,
      string,
    ][];
  });
}

/** What is no percent-encoding of UTF-8 stays as it is, and is encoded as such. */
export function decode(text: string): string {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** All but RFC 3986's unreserved characters. */
function encode(text: string): string {
  if (/^[\w.~-]*$/.test(text)) return text;
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
