import { expect, test } from "vitest";
import type { Authorizer } from "../../../src/definitions/rest-api.ts";
import { compileIdentity, type IdentifiedRequest } from "../../../src/invoke/access/identity.ts";
import { parseQueryString } from "../../../src/invoke/query-string.ts";
import { GatewayError } from "../../../src/invoke/rest/gateway-error.ts";

const request = (headers: Record<string, string> = {}, query = ""): IdentifiedRequest => ({
  request: { headers: new Headers(headers) },
  query: parseQueryString(query),
  stage: { variables: { v: "one", empty: "" } },
  variable: (name) => (name === "identity" ? { sourceIp: "192.0.2.1", user: null } : undefined),
});

const read = (authorizer: Partial<Authorizer>, given: IdentifiedRequest) => {
  try {
    return compileIdentity({ id: "a", name: "a", type: "REQUEST", ...authorizer })(given).map(
      ({ values }) => values,
    );
  } catch (error) {
    expect(error).toBeInstanceOf(GatewayError);
    const { type, status } = error as GatewayError;
    return `${status} ${type}`;
  }
};

const unauthorized = "401 UNAUTHORIZED";

test.each([
  ["method.request.header.Auth", request({ auth: "x" }), [["x"]]],
  ["method.request.header.Auth", request({ auth: "" }), unauthorized],
  ["method.request.header.Auth", request(), unauthorized],
  ["method.request.querystring.a", request({}, "a=1&a=2&b=3"), [["1", "2"]]],
  ["method.request.querystring.a", request({}, "A=1"), unauthorized],
  ["method.request.querystring.a", request({}, "a"), unauthorized],
  ["method.request.querystring.a", request({}, "a=1&a="), unauthorized],
  ["stageVariables.v", request(), [["one"]]],
  ["stageVariables.empty", request(), unauthorized],
  ["stageVariables.__proto__", request(), unauthorized],
  ["context.identity.sourceIp", request(), [["192.0.2.1"]]],
  ["context.identity.user", request(), unauthorized],
  ["context.identity", request(), unauthorized],
  ["stageVariables.v , method.request.header.Auth,", request({ auth: "x" }), [["one"], ["x"]]],
  ["stageVariables.v, method.request.header.Auth", request(), unauthorized],
  [undefined, request(), []],
])("%s", (identitySource, given, expected) => {
  expect(read(identitySource === undefined ? {} : { identitySource }, given)).toEqual(expected);
});

const token = (expression: string | undefined, value: string) =>
  read(
    {
      type: "TOKEN",
      identitySource: "method.request.header.Auth",
      ...(expression === undefined ? {} : { identityValidationExpression: expression }),
    },
    request({ auth: value }),
  );

test("a token is valid when all of it matches", () => {
  expect(token(undefined, "anything")).toEqual([["anything"]]);
  expect(token("^x-[a-z]+", "x-abc")).toEqual([["x-abc"]]);
  expect(token("^x-[a-z]+", "x-abc7")).toBe(unauthorized);
  expect(token("Bearer .*", "Bearer abc")).toEqual([["Bearer abc"]]);
  expect(token("Bearer .*", "My Bearer abc")).toBe(unauthorized);
});

test("a TOKEN authorizer without its header lets nobody in", () => {
  expect(read({ type: "TOKEN" }, request({ auth: "x" }))).toBe(unauthorized);
});

test("an expression that takes too long is the authorizer's fault", () => {
  expect(token("(a+)+b", "a".repeat(40))).toBe("500 AUTHORIZER_CONFIGURATION_ERROR");
});

test("a request is not validated by an expression", () => {
  const authorizer = { identitySource: "stageVariables.v", identityValidationExpression: "x" };
  expect(read(authorizer, request())).toEqual([["one"]]);
});
