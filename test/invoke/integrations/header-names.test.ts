import { expect, test } from "vitest";
import { canonicalHeaderName } from "../../../src/invoke/integrations/header-names.ts";

test.each([
  ["host", "Host"],
  ["user-agent", "User-Agent"],
  ["x-amzn-trace-id", "X-Amzn-Trace-Id"],
  ["content-md5", "Content-MD5"],
  ["sec-ch-ua-platform", "sec-ch-ua-platform"],
  ["sec-fetch-mode", "Sec-Fetch-Mode"],
  ["x--odd-", "X--Odd-"],
  ["referer", "Referer"],
  ["day", "day"],
  ["x_snake", "x_snake"],
])("%s is written %s", (name, canonical) => {
  expect(canonicalHeaderName(name)).toBe(canonical);
});

test("names beyond the ones remembered are still written right", () => {
  for (let i = 0; i < 2_000; i++) canonicalHeaderName(`x-flood-${i}`);
  expect(canonicalHeaderName("x-late-comer")).toBe("X-Late-Comer");
});
