/**
 * What a function's result means as an HTTP response. Sources: the guide's set-up-lambda-proxy-integrations,
 * "Output format"; recorded: test_aws_proxy_response_payload_format_validation, test_aws_proxy_binary_response,
 * test_lambda_aws_proxy_response_format. The recorded answers are those of a typed reader that converts scalars
 * ("201", true) where a string, number or boolean is due and refuses everything else; so does this one.
 */
import { Buffer } from "node:buffer";
import { isBodyless } from "../bodyless.ts";
import { configurationError, type GatewayError } from "../rest/gateway-error.ts";
import { headerRules, isLegalHeader, responseHeaderName } from "./headers.ts";

export interface LambdaProxyResponse {
  /** 200 to 599. */
  status: number;
  /** By the names under which the client gets them, in order; a name may be there more than once. */
  headers: [name: string, value: string][];
  body: string | Uint8Array | ReadableStream<Uint8Array> | null;
}

/** What becomes of the request then. */
export const malformedResponse = (status: 502 | 500 = 502): GatewayError =>
  configurationError(
    "Malformed Lambda proxy response",
    status === 500 ? "API_CONFIGURATION_ERROR" : "DEFAULT_5XX",
    status,
  );

/** The function's result is no proxy response. */
export class MalformedLambdaProxyResponse extends Error {
  /** 502, or 500 for a body that should be base64 and isn't. */
  readonly status: 502 | 500;

  constructor(message: string, status: 502 | 500 = 502) {
    super(message);
    this.name = "MalformedLambdaProxyResponse";
    this.status = status;
  }
}

/** None of these is required; any other is refused. */
const members = new Set(["statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"]);
const base64 = /^[A-Za-z0-9+/\r\n]*={0,2}$/;
const rules = headerRules.AWS_PROXY;

/**
 * @param payload the function's result, JSON text
 * @param acceptsBinary whether the request's Accept is one of the API's binary media types: only then is a body
 *   that says `isBase64Encoded` decoded. The function's own Content-Type has no say.
 * @throws MalformedLambdaProxyResponse
 */
export function readLambdaProxyResponse(payload: string, acceptsBinary: boolean): LambdaProxyResponse {
  const result = parse(payload);
  for (const member in result) {
    if (!members.has(member)) throw new MalformedLambdaProxyResponse(`Unknown member '${member}'`);
  }
  const status = readStatus(result.statusCode);
  const headers = readHeaders(result.headers, result.multiValueHeaders);
  const text = readScalar(result.body, "body") ?? "";
  const isBase64 = readBoolean(result.isBase64Encoded);
  if (text === "" || isBodyless(status)) return { status, headers, body: null };
  return { status, headers, body: isBase64 && acceptsBinary ? decodeBase64(text) : text };
}

function parse(payload: string): Record<string, unknown> {
  let result: unknown;
  try {
    result = JSON.parse(payload);
  } catch {
    throw new MalformedLambdaProxyResponse("Not JSON");
  }
  if (!isObject(result)) throw new MalformedLambdaProxyResponse("Not an object");
  return result;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function readStatus(value: unknown): number {
  if (value === undefined || value === null || value === "") return 200;
  const status =
    typeof value === "number"
      ? Math.trunc(value)
      : typeof value === "string" && /^\s*\d{1,9}\s*$/.test(value)
        ? Number(value)
        : Number.NaN;
  if (!(status >= 200 && status <= 599)) throw new MalformedLambdaProxyResponse("Invalid statusCode");
  return status;
}

/** Both maps in one list. A header in both has the casing of `multiValueHeaders` and no value twice. */
function readHeaders(single: unknown, multi: unknown): [string, string][] {
  const headers: [string, string][] = [];
  const namesInMulti = new Map<string, string>();
  const multiValues = new Map<string, Set<string>>();
  for (const [name, values] of entriesOf(multi, "multiValueHeaders")) {
    if (values === null) continue;
    if (!Array.isArray(values))
      throw new MalformedLambdaProxyResponse(`multiValueHeaders.${name} is no list`);
    namesInMulti.set(name.toLowerCase(), name);
    const seen = new Set<string>();
    for (const value of values) {
      const text = readScalar(value, name);
      if (text === undefined) continue;
      seen.add(text);
      add(headers, name, text);
    }
    multiValues.set(name, seen);
  }
  for (const [name, value] of entriesOf(single, "headers")) {
    const text = readScalar(value, name);
    if (text === undefined) continue;
    const nameInMulti = namesInMulti.get(name.toLowerCase());
    if (nameInMulti !== undefined && multiValues.get(nameInMulti)?.has(text)) continue;
    add(headers, nameInMulti ?? name, text);
  }
  // The guide's api-gateway-known-issues: every response has a Content-Type, by default application/json.
  if (!headers.some(([name]) => name.toLowerCase() === "content-type")) {
    headers.push(["Content-Type", "application/json"]);
  }
  return headers;
}

function add(headers: [string, string][], name: string, value: string): void {
  if (!isLegalHeader(name, value)) throw new MalformedLambdaProxyResponse("Illegal header");
  const leaves = responseHeaderName(name, rules);
  if (leaves !== undefined) headers.push([leaves, value]);
}

function entriesOf(map: unknown, member: string): [string, unknown][] {
  if (map === undefined || map === null) return [];
  if (!isObject(map)) throw new MalformedLambdaProxyResponse(`${member} is no map`);
  return Object.entries(map);
}

/** A string, or a number or boolean written as one; undefined for null. */
function readScalar(value: unknown, of: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "object") throw new MalformedLambdaProxyResponse(`${of} is no string`);
  return String(value);
}

function readBoolean(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return false;
  if (typeof value === "boolean") return value;
  if (typeof value === "number") return value !== 0;
  if (value === "true" || value === "false") return value === "true";
  throw new MalformedLambdaProxyResponse("isBase64Encoded is no boolean");
}

function decodeBase64(text: string): Uint8Array {
  if (!base64.test(text.trimEnd())) throw new MalformedLambdaProxyResponse("body is no base64", 500);
  return Buffer.from(text, "base64");
}
