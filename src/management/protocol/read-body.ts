/** A request's body, read within bounds. */
import { ServiceError } from "./service-error.ts";

/**
 * @param limit bytes
 * @throws ServiceError RequestEntityTooLargeException; nothing beyond the limit is kept
 */
export async function readBody(request: Request, limit: number): Promise<Uint8Array> {
  const tooLarge = () =>
    new ServiceError(
      "RequestEntityTooLargeException",
      413,
      `Request entity too large: at most ${limit} bytes are allowed`,
    );
  const declared = Number(request.headers.get("content-length") ?? 0);
  if (declared > limit) throw tooLarge();
  if (!request.body) return new Uint8Array(0);
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body) {
    length += chunk.byteLength;
    if (length > limit) throw tooLarge();
    chunks.push(chunk);
  }
  if (chunks.length === 1) return chunks[0] as Uint8Array;
  const body = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return body;
}
