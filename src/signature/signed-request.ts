/** A request as its signer saw it. */
import { hostOf } from "../request-host.ts";

/** A request as it came over the wire: nothing decoded, nothing normalised. */
export interface SignedRequest {
  method: string;
  /** Percent-encoded, as it was sent. */
  path: string;
  /** What follows the `?`, percent-encoded, as it was sent. */
  query: string;
  /** With `host`. */
  headers: Headers;
}

/** With the host, which HTTP/2 does not have among its headers. */
function headersWithHost(request: Request): Headers {
  if (request.headers.has("host")) return request.headers;
  const headers = new Headers(request.headers);
  headers.set("host", hostOf(request));
  return headers;
}

/** What was signed, taken from the request line as it came: `request.url` is not normalised. */
export function signedRequestOf(request: Request): SignedRequest {
  const { url, method } = request;
  const pathStart = url.indexOf("/", url.indexOf("//") + 2);
  const fragmentless = pathStart === -1 ? "/" : (url.slice(pathStart).split("#", 1)[0] as string);
  const question = fragmentless.indexOf("?");
  return {
    method,
    path: question === -1 ? fragmentless : fragmentless.slice(0, question),
    query: question === -1 ? "" : fragmentless.slice(question + 1),
    headers: headersWithHost(request),
  };
}
