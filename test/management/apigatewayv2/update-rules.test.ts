import { describe, expect, it } from "vitest";
import { joined, joinedTexts, updated } from "../../../src/management/apigatewayv2/update-rules.ts";

describe("updated", () => {
  it("replaces what is given, takes away what is an empty text, and leaves the rest", () => {
    const before: { a?: string; b?: string; c?: string } = { a: "1", b: "2", c: "3" };
    expect(updated(before, { a: "4", b: "", c: undefined })).toEqual({ a: "4", c: "3" });
  });

  it("keeps false and zero", () => {
    expect(updated({ is: true, count: 1 }, { is: false, count: 0 })).toEqual({ is: false, count: 0 });
  });
});

describe("joined", () => {
  it("removes an entry by null, and is undefined without entries", () => {
    expect(joined({ a: 1, b: 2 }, { b: null, c: 3 })).toEqual({ a: 1, c: 3 });
    expect(joined({ a: 1 }, { a: null })).toBeUndefined();
    expect(joined(undefined, undefined)).toBeUndefined();
  });

  it("keeps an empty text, which joinedTexts takes for a removal", () => {
    expect(joined({ a: "1" }, { a: "" })).toEqual({ a: "" });
    expect(joinedTexts({ a: "1", b: "2" }, { a: "" })).toEqual({ b: "2" });
  });

  it("takes a name that objects have anyway for any other", () => {
    const entries = joined({}, JSON.parse('{"__proto__":"x","constructor":"y"}') as Record<string, string>);
    expect(Object.entries(entries ?? {})).toEqual([
      ["__proto__", "x"],
      ["constructor", "y"],
    ]);
    expect(Object.getPrototypeOf(entries)).toBe(Object.prototype);
  });
});
