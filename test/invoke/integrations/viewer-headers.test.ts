import { expect, test } from "vitest";
import { viewerHeaders } from "../../../src/invoke/integrations/viewer-headers.ts";

const kinds = { desktop: "desktop", mobile: "mobile", smarttv: "smarttv", tablet: "tablet" };

test.each([
  // Recorded: test_lambda_aws_proxy_integration.
  ["python-requests/testing", kinds.desktop],
  ["", kinds.desktop],
  [
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
    "desktop",
  ],
  ["Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148", kinds.mobile],
  [
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36",
    kinds.mobile,
  ],
  ["Mozilla/5.0 (iPad; CPU OS 12_2 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148", kinds.tablet],
  ["Mozilla/5.0 (Linux; Android 14; SM-X710) AppleWebKit/537.36 Chrome/140.0 Safari/537.36", kinds.tablet],
  ["Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/537.36", kinds.smarttv],
])("%s is a %s viewer", (userAgent, kind) => {
  const is = Object.fromEntries(viewerHeaders(userAgent, "https", undefined));
  for (const other of Object.values(kinds)) {
    expect(is[`cloudfront-is-${other}-viewer`]).toBe(`${other === kind}`);
  }
});

test("names are in alphabetical order", () => {
  const names = viewerHeaders("", "https", { asn: 64496, country: "NZ" }).map(([name]) => name);
  expect(names).toEqual(names.toSorted());
  expect(names.at(-1)).toBe("cloudfront-viewer-country");
});

test("what the network does not say is not there", () => {
  expect(viewerHeaders("", "http", undefined).map(([name]) => name)).not.toContain("cloudfront-viewer-asn");
});
