/** Which coding a client wants. Source: the guide's api-gateway-enable-compression. */

export type Coding = "gzip" | "deflate";

const member = /^\s*([^\s;,]+)\s*(?:;\s*q\s*=\s*(\d(?:\.\d{0,3})?)\s*)?$/i;

/**
 * The coding that is wanted most counts, the first of several: is it none of ours (`br, gzip`), nothing is compressed.
 * A star is no explicit wish.
 * @param header Accept-Encoding; null without one
 */
export function preferredCoding(header: string | null): Coding | undefined {
  let best: { coding: string; quality: number } | undefined;
  for (const part of header?.split(",") ?? []) {
    const match = member.exec(part);
    if (!match) continue;
    const quality = Number(match[2] ?? 1);
    if (quality > 0 && (!best || quality > best.quality)) {
      best = { coding: (match[1] as string).toLowerCase(), quality };
    }
  }
  return best?.coding === "gzip" || best?.coding === "deflate" ? best.coding : undefined;
}
