import fc from "fast-check";
import { expect, test } from "vitest";
import {
  MalformedAuthorizerResult,
  readAuthorizerResult,
} from "../../../src/invoke/access/authorizer-result.ts";

const policyDocument = {
  Version: "2012-10-17",
  Statement: [{ Action: "execute-api:Invoke", Effect: "Allow", Resource: "arn:*" }],
};
const read = (result: unknown) => readAuthorizerResult(JSON.stringify(result));
const refusal = (result: unknown) => {
  try {
    read(result);
  } catch (error) {
    expect(error).toBeInstanceOf(MalformedAuthorizerResult);
    return (error as Error).message;
  }
  throw new Error("it was not refused");
};

test("everything that the guide names", () => {
  const result = read({
    principalId: "user",
    policyDocument,
    context: { stringKey: "value", numberKey: 1, booleanKey: true },
    usageIdentifierKey: "key",
  });
  expect(result).toMatchObject({
    principalId: "user",
    context: { stringKey: "value", numberKey: "1", booleanKey: "true" },
    usageIdentifierKey: "key",
    policyDocument: JSON.stringify(policyDocument),
  });
  const keys = () => undefined;
  expect(result.policy({ action: "execute-api:Invoke", resource: "arn:x", keys })).toBe("allow");
  expect(result.policy({ action: "execute-api:Invoke", resource: "x", keys })).toBe("implicit-deny");
});

test("a policy is enough, and null is nothing", () => {
  for (const result of [
    { policyDocument },
    { principalId: null, policyDocument, context: null, usageIdentifierKey: null },
  ]) {
    expect(read(result)).toMatchObject({ principalId: "", context: {} });
    expect(read(result)).not.toHaveProperty("usageIdentifierKey");
  }
  expect(read({ policyDocument, context: { a: null, b: "c" } }).context).toEqual({ b: "c" });
});

test("numbers stay as the function wrote them", () => {
  const payload = `{"policyDocument":${JSON.stringify(policyDocument)},"context":{"a":1.0,"b":12345678901234567890,"c":1e3}}`;
  expect(readAuthorizerResult(payload).context).toEqual({ a: "1.0", b: "12345678901234567890", c: "1e3" });
});

test("names that objects have are names like any other", () => {
  const payload = `{"policyDocument":${JSON.stringify(policyDocument)},"context":{"__proto__":"a","constructor":"b"}}`;
  expect(Object.entries(readAuthorizerResult(payload).context)).toEqual([
    ["__proto__", "a"],
    ["constructor", "b"],
  ]);
});

test.each([
  [null, "Could not parse policy"],
  [{ principalId: "user" }, "Could not parse policy"],
  [{ policyDocument: "{}" }, "Could not parse policy"],
  [{ policyDocument: { Statement: [{ Effect: "Allow" }] } }, "Could not parse policy"],
  [
    { policyDocument: { Statement: { Effect: "Allow", Action: "*", Resource: "a".repeat(513) } } },
    "Could not parse policy",
  ],
  ["Unauthorized", "Invalid JSON in response: it is no object"],
  [[], "Invalid JSON in response: it is no object"],
  [
    { errorType: "Error", errorMessage: "x" },
    'Invalid JSON in response: Unrecognized field "errorType" , not marked as ignorable',
  ],
  [
    { policyDocument, context: { roles: ["a"] } },
    "Invalid JSON in response: Can not deserialize instance of java.lang.String out of START_ARRAY token",
  ],
  [
    { policyDocument, context: { user: {} } },
    "Invalid JSON in response: Can not deserialize instance of java.lang.String out of START_OBJECT token",
  ],
  [
    { policyDocument, principalId: {} },
    "Invalid JSON in response: Can not deserialize instance of java.lang.String out of START_OBJECT token",
  ],
  [{ policyDocument, context: "x" }, "Invalid JSON in response: its context is no object"],
  [
    { policyDocument, context: { long: "x".repeat(65_536) } },
    "Invalid JSON in response: it is longer than 65536 bytes",
  ],
])("%j is no result", (result, message) => {
  expect(refusal(result)).toBe(message);
});

test("any JSON at all is a result or is told to be none", () => {
  const context = fc.option(fc.dictionary(fc.string(), fc.jsonValue()));
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), fc.record({ principalId: fc.jsonValue(), context })), (value) => {
      const result =
        typeof value === "object" && value !== null && "principalId" in value
          ? { ...value, policyDocument }
          : value;
      try {
        for (const text of Object.values(read(result).context)) expect(text).toBeTypeOf("string");
      } catch (error) {
        expect(error).toBeInstanceOf(MalformedAuthorizerResult);
      }
    }),
  );
});
