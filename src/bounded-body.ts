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

/** Bytes of a refused body that are still taken. */
const mostDiscarded = 33_554_432;

/**
 * Takes the rest of a body that is refused: a client that is still sending would see its connection close, and not
 * the answer. One that sends very much more sees just that.
 */
export async function discard(stream: ReadableStream<Uint8Array> | null): Promise<void> {
  let left = mostDiscarded;
  try {
    for await (const chunk of stream ?? []) {
      left -= chunk.byteLength;
      if (left < 0) return;
    }
  } catch {
    // The client has gone: nobody waits for the answer.
  }
}
