import { expect, test } from "vitest";
import { parseIpRange } from "../../../../src/invoke/access/policy/ip-range.ts";

test.each([
  ["203.0.113.0/24", "203.0.113.77", true],
  ["203.0.113.0/24", "203.0.114.1", false],
  ["123.4.5.6/24", "123.4.5.200", true],
  ["203.0.113.7", "203.0.113.7", true],
  ["203.0.113.7", "203.0.113.8", false],
  ["0.0.0.0/0", "8.8.8.8", true],
  ["0.0.0.0/0", "2001:db8::1", false],
  ["2001:db8::/32", "2001:db8:ffff::1", true],
  ["2001:db8::/32", "2001:db9::1", false],
  ["::/0", "2001:db8::1", true],
  ["::1", "0:0:0:0:0:0:0:1", true],
  ["192.0.2.0/24", "::ffff:192.0.2.9", true],
  ["192.0.2.0/24", "no address", false],
  ["192.0.2.0/24", "", false],
])("%s holds %s: %s", (range, address, expected) => {
  expect(parseIpRange(range)?.(address)).toBe(expected);
});

test.each([
  "",
  "1.2.3",
  "1.2.3.256",
  "1.2.3.4/33",
  "1.2.3.4/",
  "1.2.3.4/8/8",
  "1.2.3.4/-1",
  "::1::",
  "1:2:3:4:5:6:7",
  "1:2:3:4:5:6:7:8:9",
  "1:2:3:4::5:6:7:8",
  "g::1",
  "::1.2.3",
])("%j is no range", (range) => {
  expect(parseIpRange(range)).toBeUndefined();
});
