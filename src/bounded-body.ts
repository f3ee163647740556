/** Reads a body that anyone may have sent. */

/**
 * @param limit bytes; nothing beyond it is kept
 * @returns undefined when the body is longer than the limit
 */
export async function readBounded(
  stream: ReadableStream<Uint8Array> | null,
  limit: number,
): Promise<Uint8Array | undefined> {
  if (!stream) return new Uint8Array(0);
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    length += chunk.byteLength;
    if (length > limit) return undefined;
    chunks.push(chunk);
  }
  if (chunks.length === 1) return chunks[0];
  const body = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return body;
}

/** Bytes. */
const mostDiscarded = 33_554_432;
/** Bytes of a body that is discarded at once: taking its pieces one by one costs more than all of it. */
const smallBody = 65_536;

/**
 * Takes a body that no step has read, up to a bound: a client that is still sending would see its connection close,
 * and not the answer.
 */
export async function discardUnread(request: Request): Promise<void> {
  if (request.bodyUsed || request.body === null) return;
  let left = mostDiscarded;
  const declared = request.headers.get("content-length");
  try {
    if (declared !== null && Number(declared) <= smallBody) {
      await request.arrayBuffer();
      return;
    }
    for await (const chunk of request.body) {
      left -= chunk.byteLength;
      if (left < 0) return;
    }
  } catch {
    // It is on its way to a backend, or the client has gone.
  }
}
