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

/** Names seen so far; bounded, since clients choose them. */
const known = new Map(irregular.map((name) => [name.toLowerCase(), name]));
const mostKnown = 1_000;

/**
 * @param name a lower-case header name
 * @returns the same with its usual casing: `user-agent` is `User-Agent`, `content-md5` is `Content-MD5`
 */
export function canonicalHeaderName(name: string): string {
  const seen = known.get(name);
  if (seen !== undefined) return seen;
  const canonical = name.replace(/(?:^|-)[a-z]/g, (letter) => letter.toUpperCase());
  if (known.size < mostKnown) known.set(name, canonical);
  return canonical;
}
