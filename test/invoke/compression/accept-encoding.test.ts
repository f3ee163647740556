import { expect, test } from "vitest";
import { preferredCoding } from "../../../src/invoke/compression/accept-encoding.ts";

// The forms that api-gateway-enable-compression lists, and what it says of them.
test.each([
  ["gzip", "gzip"],
  ["deflate,gzip", "deflate"],
  ["deflate;q=0.5,gzip;q=1.0", "gzip"],
  ["gzip;q=1.0,identity;q=0.5,*;q=0", "gzip"],
  ["gzip, deflate, br", "gzip"],
  ["GZIP", "gzip"],
  ["", undefined],
  ["*", undefined],
  ["br, gzip", undefined],
  ["identity, gzip;q=0.5", undefined],
  ["gzip;q=0", undefined],
  ["gzip;q=x, deflate", "deflate"],
  [null, undefined],
])("%s: %s", (header, coding) => {
  expect(preferredCoding(header)).toBe(coding);
});
