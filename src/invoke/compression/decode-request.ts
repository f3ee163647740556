/**
 * Requests whose payload is compressed: every integration sees it decompressed.
 * Source: the guide's api-gateway-make-request-with-compressed-payload.
 */
import { readBounded } from "../../bounded-body.ts";
import { maximumPayload, tooLong } from "../limits/payload.ts";
import { GatewayError } from "../rest/gateway-error.ts";

const unsupported = () => new GatewayError("UNSUPPORTED_MEDIA_TYPE", "Unsupported Media Type");

/**
 * @returns the request without its coding; itself when it has no payload
 * @throws GatewayError 415 for another coding and for what is not compressed with it, 413 for what becomes too long
 */
export async function decodeRequest(request: Request): Promise<Request> {
  const coding = request.headers.get("content-encoding")?.trim().toLowerCase();
  if (!coding || coding === "identity") return request;
  if (coding !== "gzip" && coding !== "deflate") throw unsupported();
  if (!request.body) return request;
  const body = await decompress(request.body, coding);
  const headers = new Headers(request.headers);
  headers.delete("content-encoding");
  headers.set("content-length", String(body.byteLength));
  return new Request(request, { headers, body: body as Uint8Array<ArrayBuffer> });
}

async function decompress(body: ReadableStream<Uint8Array>, coding: "gzip" | "deflate"): Promise<Uint8Array> {
  let octets: Uint8Array | undefined;
  try {
    const decompression = new DecompressionStream(coding) as TransformStream<Uint8Array, Uint8Array>;
    octets = await readBounded(body.pipeThrough(decompression), maximumPayload);
  } catch {
    throw unsupported();
  }
  if (!octets) throw tooLong();
  return octets;
}
