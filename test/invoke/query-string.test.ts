import fc from "fast-check";
import { expect, test } from "vitest";
import { parseQueryString } from "../../src/invoke/query-string.ts";

const parsed = (query: string) => [...parseQueryString(query)];

test("values of one name stay together, in the order of the request", () => {
  expect(parsed("category=electronics&price=10&category=books&price=20")).toEqual([
    ["category", ["electronics", "books"]],
    ["price", ["10", "20"]],
  ]);
});

// Recorded: test_lambda_aws_proxy_integration, "invocation-payload-with-params-encoding".
test.each([
  ["dateTimeOffset=2023-06-12T18:05:10.123456+00:00", "2023-06-12T18:05:10.123456 00:00"],
  ["email=test%2Balias@gmail.com", "test+alias@gmail.com"],
  ["plus=test+alias@gmail.com", "test alias@gmail.com"],
  ["url=https://www.google.com/", "https://www.google.com/"],
  ["whitespace=foo%20bar", "foo bar"],
])("%s is %s", (query, value) => {
  expect(parsed(query)[0]?.[1]).toEqual([value]);
});

test("a semicolon separates", () => {
  expect(parsed("a=1;b=2")).toEqual([
    ["a", ["1"]],
    ["b", ["2"]],
  ]);
});

test("a name without = has the empty value", () => {
  expect(parsed("flag&b=")).toEqual([
    ["flag", [""]],
    ["b", [""]],
  ]);
});

test("only the first = separates", () => {
  expect(parsed("filter=a=b")).toEqual([["filter", ["a=b"]]]);
});

test.each([
  ["a=%", "%"],
  ["a=%zz+1", "%zz 1"],
  ["a=100%+%41", "100% A"],
  ["a=%ff%41", "\ufffdA"],
  ["a=%E2%82", "\ufffd"],
])("bad percent-encoding in %s is no error", (query, value) => {
  expect(parsed(query)[0]?.[1]).toEqual([value]);
});

test("__proto__ is a name like others", () => {
  expect(parsed("__proto__=1&constructor=2")).toEqual([
    ["__proto__", ["1"]],
    ["constructor", ["2"]],
  ]);
});

test("what URLSearchParams writes is read back", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.string({ unit: "grapheme", minLength: 1 }), fc.string({ unit: "grapheme" }))),
      (pairs) => {
        const flat = [...parseQueryString(new URLSearchParams(pairs).toString())].flatMap(([name, values]) =>
          values.map((value) => [name, value]),
        );
        expect(flat.toSorted()).toEqual(pairs.toSorted());
      },
    ),
  );
});
