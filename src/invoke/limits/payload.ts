/** The limits of a request's payload and headers (the guide's limits). */
import { readBounded } from "../../bounded-body.ts";
import { GatewayError } from "../rest/gateway-error.ts";

/** Bytes. */
export const maximumPayload = 10_485_760;
/** Bytes of all header values together. */
const maximumHeaderValues = 10_240;

export const tooLong = () => new GatewayError("REQUEST_TOO_LARGE", "Request Too Long");

/**
 * Reads the headers once for all who ask which there are.
 * @returns their lower-case names
 * @throws GatewayError 431
 */
export function checkHeaders(headers: Headers): string[] {
  const names: string[] = [];
  let length = 0;
  for (const [name, value] of headers) {
    names.push(name);
    length += value.length;
  }
  if (length <= maximumHeaderValues) return names;
  throw new GatewayError("DEFAULT_4XX", "Request Header Fields Too Large", 431);
}

/** The declared length; undefined for a body whose length is not declared. @throws GatewayError 413 */
export function declaredLength(headers: Headers): number | undefined {
  const declared = headers.get("content-length");
  if (declared === null) return undefined;
  const length = Number(declared);
  if (length > maximumPayload) throw tooLong();
  return length;
}

/** Reads the whole body. @returns null when there is none @throws GatewayError 413; 400 for one that breaks off */
export async function readPayload(request: Request): Promise<Uint8Array | null> {
  // Asking for the stream of a body that is read in one piece takes longer than reading it.
  const isDeclared = declaredLength(request.headers) !== undefined;
  if (!isDeclared && !request.body) return null;
  const octets = isDeclared ? request.bytes() : readBounded(request.body, maximumPayload);
  const body = await octets.catch(brokenOff);
  if (!body) throw tooLong();
  return body;
}

/** A body of declared length, decoded as it is read. @throws GatewayError 400 for one that breaks off */
export const readPayloadText = (request: Request): Promise<string> => request.text().catch(brokenOff);

/** The client has left, or what it sends is no body. */
function brokenOff(): never {
  throw new GatewayError("DEFAULT_4XX", "Bad Request");
}

/**
 * The body as a stream that ends with an error beyond the limit. A body of declared length passes untouched.
 * @throws GatewayError 413 when the declared length is too large
 */
export function boundedStream(request: Request): ReadableStream<Uint8Array> | null {
  if (!request.body || declaredLength(request.headers) !== undefined) return request.body;
  let length = 0;
  return request.body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        length += chunk.byteLength;
        if (length > maximumPayload) controller.error(tooLong());
        else controller.enqueue(chunk);
      },
    }),
  );
}
