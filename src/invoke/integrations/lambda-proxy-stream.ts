/**
 * Lambda proxy integrations whose response streams: metadata as JSON, eight null bytes, and the body as it comes.
 * Source: the guide's response-transfer-mode-lambda.
 */
import { isBodyless } from "../bodyless.ts";
import { internalError } from "../rest/gateway-error.ts";
import { type LambdaCall, streamLambda } from "./lambda.ts";
import {
  type LambdaProxyResponse,
  MalformedLambdaProxyResponse,
  malformedResponse,
  readLambdaProxyResponse,
} from "./lambda-proxy-response.ts";
import { streamedBody } from "./proxied-body.ts";

/** Bytes within which the delimiter must have come. */
const longestMetadata = 16_384;
const delimiterLength = 8;

/**
 * @param idle milliseconds in which the stream must go on
 * @throws GatewayError 502 for a function that fails before its metadata or writes others, and as `streamLambda`
 */
export function streamLambdaProxy(call: LambdaCall, idle: number): Promise<LambdaProxyResponse> {
  const deadline = AbortSignal.timeout(call.timeout);
  return streamLambda(call, async (stream) => {
    const { metadata, first } = await readMetadata(stream);
    const { status, headers } = readStatusAndHeaders(metadata);
    if (isBodyless(status)) {
      stream.cancel().catch(() => undefined);
      return { status, headers, body: null };
    }
    return { status, headers, body: streamedBody(stream, { deadline, idle, first }) };
  });
}

const utf8 = new TextDecoder();

/** @returns the metadata's JSON text, and what has come of the body with it */
async function readMetadata(
  stream: ReadableStream<Uint8Array>,
): Promise<{ metadata: string; first: Uint8Array }> {
  const reader = stream.getReader();
  let read = new Uint8Array(0);
  try {
    while (read.byteLength <= longestMetadata) {
      const { done, value } = await reader.read();
      if (done) break;
      const joined = new Uint8Array(read.byteLength + value.byteLength);
      joined.set(read);
      joined.set(value, read.byteLength);
      read = joined;
      const end = delimiterIn(read);
      if (end !== -1 && end <= longestMetadata) {
        return {
          metadata: utf8.decode(read.subarray(0, end)),
          first: read.subarray(end + delimiterLength),
        };
      }
    }
  } catch (error) {
    throw internalError("DEFAULT_5XX", 502).because(
      `Lambda execution failed: ${error instanceof Error ? error.message : error}`,
    );
  } finally {
    reader.releaseLock();
  }
  stream.cancel().catch(() => undefined);
  throw malformedResponse();
}

/** Index of the first eight null bytes in a row; -1 without. */
function delimiterIn(octets: Uint8Array): number {
  let zeros = 0;
  for (let index = 0; index < octets.byteLength; index++) {
    zeros = octets[index] === 0 ? zeros + 1 : 0;
    if (zeros === delimiterLength) return index + 1 - delimiterLength;
  }
  return -1;
}

/** As of any proxy response, and `cookies`, each a `Set-Cookie`. */
function readStatusAndHeaders(metadata: string): Pick<LambdaProxyResponse, "status" | "headers"> {
  try {
    const parsed: unknown = JSON.parse(metadata);
    if (typeof parsed !== "object" || parsed === null) throw new MalformedLambdaProxyResponse("no object");
    const { cookies = [], ...rest } = parsed as { cookies?: unknown };
    if (!Array.isArray(cookies)) throw new MalformedLambdaProxyResponse("cookies is no list");
    const withCookies =
      cookies.length === 0
        ? rest
        : {
            ...rest,
            multiValueHeaders: {
              ...(rest as { multiValueHeaders?: object }).multiValueHeaders,
              "Set-Cookie": cookies,
            },
          };
    return readLambdaProxyResponse(JSON.stringify(withCookies), false);
  } catch (error) {
    if (error instanceof MalformedLambdaProxyResponse || error instanceof SyntaxError)
      throw malformedResponse();
    throw error;
  }
}
