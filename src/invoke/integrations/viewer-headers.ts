/**
 * The headers that edge-optimized APIs add to a proxy integration's request: what the edge knows of the viewer.
 * Recorded: test_lambda_aws_proxy_integration (an EDGE API), and test_apigateway_header_remapping_aws (a REGIONAL
 * one, without them). `Via` and `X-Amz-Cf-Id` name a hop through CloudFront that a request here did not take.
 */

/** What the network says of the viewer, where it does (Cloudflare's `request.cf`). */
export interface ViewerOrigin {
  /** Number of the autonomous system. */
  asn?: number | undefined;
  /** ISO 3166-1 alpha-2. */
  country?: string | undefined;
}

type Header = readonly [name: string, value: string];

const smartTvs = [
  "SmartTV",
  "SMART-TV",
  "Smart TV",
  "GoogleTV",
  "AppleTV",
  "HbbTV",
  "BRAVIA",
  "Web0S",
  "Roku/",
];
const tablets = ["iPad", "Tablet", "Kindle", "Silk/", "PlayBook"];
const phones = ["Mobi", "iPhone", "iPod", "BlackBerry", "Opera Mini", "IEMobile"];

/** Device headers by user agent; bounded, since clients choose them. */
const devicesOf = new Map<string, readonly Header[]>();
const mostDevices = 500;

/**
 * @param userAgent of the request; empty when it has none
 * @param scheme `http` or `https`, of the request
 * @returns lower-case names in alphabetical order
 */
export function viewerHeaders(userAgent: string, scheme: string, origin: ViewerOrigin | undefined): Header[] {
  let devices = devicesOf.get(userAgent);
  if (!devices) {
    devices = deviceHeaders(userAgent);
    if (devicesOf.size < mostDevices) devicesOf.set(userAgent, devices);
  }
  const headers: Header[] = [["cloudfront-forwarded-proto", scheme], ...devices];
  if (origin?.asn !== undefined) headers.push(["cloudfront-viewer-asn", `${origin.asn}`]);
  if (origin?.country !== undefined) headers.push(["cloudfront-viewer-country", origin.country]);
  return headers;
}

function deviceHeaders(userAgent: string): Header[] {
  const has = (words: string[]) => words.some((word) => userAgent.includes(word));
  const smartTv = has(smartTvs);
  const phone = !smartTv && has(phones) && !userAgent.includes("iPad");
  const tablet = !smartTv && !phone && (has(tablets) || userAgent.includes("Android"));
  return [
    ["cloudfront-is-desktop-viewer", `${!smartTv && !phone && !tablet}`],
    ["cloudfront-is-mobile-viewer", `${phone}`],
    ["cloudfront-is-smarttv-viewer", `${smartTv}`],
    ["cloudfront-is-tablet-viewer", `${tablet}`],
  ];
}
