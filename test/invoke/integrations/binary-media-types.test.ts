import { describe, expect, test } from "vitest";
import { compileBinaryMediaTypes } from "../../../src/invoke/integrations/binary-media-types.ts";

test("without binary media types nothing is binary", () => {
  expect(compileBinaryMediaTypes(undefined)("image/png")).toBe(false);
  expect(compileBinaryMediaTypes([])("image/png")).toBe(false);
});

// Recorded: test_aws_proxy_binary_response.
describe("an API with image/png and */test", () => {
  const isBinary = compileBinaryMediaTypes(["image/png", "*/test"]);

  test.each([
    ["image/png", true],
    ["image/jpg", false],
    ["image/*", false],
    ["*/test", false],
    ["random/test", false],
    ["*/*", false],
    ["image/webp,image/png,*/*;q=0.8", false],
    ["image/png,image/*,*/*;q=0.8", true],
    ["application", false],
    [null, false],
  ])("Accept: %s is binary: %s", (accept, binary) => {
    expect(isBinary(accept)).toBe(binary);
  });
});

describe("an API with application/*", () => {
  const isBinary = compileBinaryMediaTypes(["image/png", "application/*"]);

  test.each([
    ["application/whatever", true],
    ["application/test", true],
    ["application/*", true],
    ["application", false],
    ["applications/test", false],
  ])("Accept: %s is binary: %s", (accept, binary) => {
    expect(isBinary(accept)).toBe(binary);
  });
});

test("*/* makes everything binary, even without a header", () => {
  const isBinary = compileBinaryMediaTypes(["*/*"]);
  expect(isBinary("text/plain")).toBe(true);
  expect(isBinary(null)).toBe(true);
});

test("parameters of a media type do not count", () => {
  expect(compileBinaryMediaTypes(["image/png"])("image/png; q=0.9")).toBe(true);
});
