/** The forms are those of the guide's request-response-data-mappings and websocket-api-data-mapping. */
import { expect, test } from "vitest";
import {
  parseRequestSource,
  parseRequestTarget,
  parseResponseSource,
  parseResponseTarget,
  parseRouteResponseTarget,
  parseRouteSource,
} from "../../src/definitions/parameter-mapping.ts";

test.each([
  ["method.request.path.id", { kind: "path", name: "id" }],
  ["method.request.querystring.a$b:c-d.e_f", { kind: "querystring", name: "a$b:c-d.e_f" }],
  ["method.request.multivaluequerystring.q", { kind: "multivaluequerystring", name: "q" }],
  ["method.request.header.X-Y", { kind: "header", name: "X-Y" }],
  ["method.request.multivalueheader.h", { kind: "multivalueheader", name: "h" }],
  ["method.request.body", { kind: "body" }],
  ["method.request.body.petstore.pets[0].name", { kind: "body", jsonPath: "$.petstore.pets[0].name" }],
  ["method.request.body[0]", { kind: "body", jsonPath: "$[0]" }],
  ["context.identity.sourceIp", { kind: "context", name: "identity.sourceIp" }],
  ["context.authorizer.claims.https://a/b", { kind: "context", name: "authorizer.claims.https://a/b" }],
  ["stageVariables.v", { kind: "stageVariables", name: "v" }],
  ["'it''s'", { kind: "static", value: "it''s" }],
  ["''", { kind: "static", value: "" }],
])("%s is a source of a REST API's request", (text, source) => {
  expect(parseRequestSource(text)).toEqual(source);
});

test.each([
  "",
  "true",
  "'a",
  "a'",
  "'Content-Type',Authorization",
  "method.request.path.",
  "method.request.querystring.filter[a]",
  "method.request.header.a b",
  "method.request.cookie.a",
  "method.request.bodyx",
  "method.request.body.",
  "route.request.body",
  "integration.response.body",
  "context.",
  "context.a b",
  "stageVariables",
])("%j is none", (text) => {
  expect(parseRequestSource(text)).toBeUndefined();
});

test("a route has no path", () => {
  expect(parseRouteSource("route.request.header.a")).toEqual({ kind: "header", name: "a" });
  expect(parseRouteSource("route.request.path.a")).toBeUndefined();
  expect(parseRouteSource("method.request.header.a")).toBeUndefined();
});

test("an integration's answer has headers and a body", () => {
  expect(parseResponseSource("integration.response.header.X-Y")).toEqual({ kind: "header", name: "X-Y" });
  expect(parseResponseSource("integration.response.body.a")).toEqual({ kind: "body", jsonPath: "$.a" });
  expect(parseResponseSource("integration.response.header.a b")).toBeUndefined();
  expect(parseResponseSource("integration.response.statuscode")).toBeUndefined();
});

test("a value goes to a header by its name, to the query and the path by any", () => {
  expect(parseRequestTarget("integration.request.header.x-a")).toEqual({ kind: "header", name: "x-a" });
  expect(parseRequestTarget("integration.request.querystring.page[size]")).toEqual({
    kind: "querystring",
    name: "page[size]",
  });
  for (const text of [
    "integration.request.header.a:b",
    "integration.request.header.",
    "integration.request.body",
  ]) {
    expect(parseRequestTarget(text)).toBeUndefined();
  }
  expect(parseResponseTarget("method.response.header.x-a")).toBe("x-a");
  expect(parseResponseTarget("method.response.header.a b")).toBeUndefined();
  expect(parseResponseTarget("route.response.header.x-a")).toBeUndefined();
  expect(parseRouteResponseTarget("route.response.header.x-a")).toBe("x-a");
  expect(parseRouteResponseTarget("method.response.header.x-a")).toBe("x-a");
});
