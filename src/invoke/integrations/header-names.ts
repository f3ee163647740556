/**
 * The casing of request header names. AWS shows functions and templates a client's own casing; workerd's Headers
 * lower-case every name, and HTTP/2 has no other. So names get the casing that HTTP/1.1 clients usually send.
 */

/** Names that are not simply each word with a capital. `sec-ch-*` are lower-case in the browsers that send them. */
const irregular = [
  "CDN-Loop",
  "CF-Connecting-IP",
  "CF-IPCountry",
  "CF-Ray",
  "CF-Visitor",
  "CloudFront-Forwarded-Proto",
  "CloudFront-Is-Desktop-Viewer",
  "CloudFront-Is-Mobile-Viewer",
  "CloudFront-Is-SmartTV-Viewer",
  "CloudFront-Is-Tablet-Viewer",
  "CloudFront-Viewer-ASN",
  "CloudFront-Viewer-Country",
  "Content-MD5",
  "DNT",
  "ETag",
  "HTTP2-Settings",
  "NEL",
  "SOAPAction",
  "Sec-WebSocket-Accept",
  "Sec-WebSocket-Extensions",
  "Sec-WebSocket-Key",
  "Sec-WebSocket-Protocol",
  "Sec-WebSocket-Version",
  "TE",
  "WWW-Authenticate",
  "X-ATT-DeviceId",
  "X-UA-Compatible",
  "X-WebKit-CSP",
  "X-XSS-Protection",
  "sec-ch-ua",
  "sec-ch-ua-arch",
  "sec-ch-ua-bitness",
  "sec-ch-ua-full-version-list",
  "sec-ch-ua-mobile",
  "sec-ch-ua-model",
  "sec-ch-ua-platform",
  "sec-ch-ua-platform-version",
];

/**
 * HTTP's own names of one word. Any other name of one word is an application's, and stays in lower case: the
 * guide's functions read `event.headers.day`.
 */
const oneWord = [
  "Accept",
  "Age",
  "Allow",
  "Authorization",
  "Connection",
  "Cookie",
  "Date",
  "Depth",
  "Destination",
  "Expect",
  "Expires",
  "Forwarded",
  "From",
  "Host",
  "Link",
  "Location",
  "Origin",
  "Overwrite",
  "Pragma",
  "Priority",
  "Purpose",
  "Range",
  "Referer",
  "Server",
  "Timeout",
  "Trailer",
  "Upgrade",
  "Vary",
  "Via",
  "Warning",
];

/** Names seen so far; bounded, since clients choose them. */
const known = new Map([...irregular, ...oneWord].map((name) => [name.toLowerCase(), name]));
const mostKnown = 1_000;

/**
 * @param name a lower-case header name
 * @returns the same with its usual casing: `user-agent` is `User-Agent`, `content-md5` is `Content-MD5`, `day` is `day`
 */
export function canonicalHeaderName(name: string): string {
  const seen = known.get(name);
  if (seen !== undefined) return seen;
  const canonical = name.includes("-")
    ? name.replace(/(?:^|-)[a-z]/g, (letter) => letter.toUpperCase())
    : name;
  if (known.size < mostKnown) known.set(name, canonical);
  return canonical;
}
