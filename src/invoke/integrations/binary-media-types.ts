/**
 * Is a payload binary to this API? Asked of the request by its Content-Type, of the response by its Accept.
 * Source: the guide's api-gateway-payload-encodings; recorded: test_aws_proxy_binary_response.
 */

/** @param header `Content-Type` or `Accept`; null when the request has none */
export type IsBinary = (header: string | null) => boolean;

/**
 * Only the first media type of a header counts, and it is compared letter by letter. An entry may have a wildcard
 * on its right side (`image/*`), or be `*` + `/*`, which makes everything binary; one with a wildcard on its left
 * side alone matches nothing.
 * @param types the API's `binaryMediaTypes`
 */
export function compileBinaryMediaTypes(types: readonly string[] | undefined): IsBinary {
  if (!types || types.length === 0) return () => false;
  const entries = types.map(mediaType);
  if (entries.includes("*/*")) return () => true;
  const literal = new Set(entries.filter((type) => type.includes("/") && !type.startsWith("*/")));
  const wildcards = [...literal].filter((type) => type.endsWith("/*")).map((type) => type.slice(0, -1));
  return (header) => {
    if (header === null) return false;
    const type = mediaType(header);
    return literal.has(type) || wildcards.some((prefix) => type.startsWith(prefix));
  };
}

/** The first media type of a header, without parameters. */
function mediaType(header: string): string {
  const end = header.search(/[,;]/);
  return (end === -1 ? header : header.slice(0, end)).trim();
}
