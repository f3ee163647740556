/** A request's query string, read as REST APIs read it. */

/**
 * Names to their values, in the order of the request.
 * `+` is a space (recorded: test_lambda_aws_proxy_integration) and `;` separates as `&` does (the guide's
 * api-gateway-known-issues: "results in the data being split"). What is not valid percent-encoding stays as it is.
 * @param query what follows the `?` of the URL, still percent-encoded
 */
export function parseQueryString(query: string): Map<string, string[]> {
  const parameters = new Map<string, string[]>();
  if (query === "") return parameters;
  for (const pair of query.includes(";") ? query.split(/[&;]/) : query.split("&")) {
    if (pair === "") continue;
    const equals = pair.indexOf("=");
    const name = decodeQueryPart(equals === -1 ? pair : pair.slice(0, equals));
    const value = equals === -1 ? "" : decodeQueryPart(pair.slice(equals + 1));
    const values = parameters.get(name);
    if (values) values.push(value);
    else parameters.set(name, [value]);
  }
  return parameters;
}

function decodeQueryPart(part: string): string {
  const text = part.includes("+") ? part.replaceAll("+", " ") : part;
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text.replace(/(?:%[0-9a-f]{2})+/gi, decodeOctets);
  }
}

const utf8 = new TextDecoder();

/** Octets that are not UTF-8 become U+FFFD. */
const decodeOctets = (octets: string) =>
  utf8.decode(Uint8Array.from(octets.slice(1).split("%"), (octet) => Number.parseInt(octet, 16)));
