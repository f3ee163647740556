import { describe, expect, test } from "vitest";
import { compileSelection, type SelectionSource } from "../../../src/invoke/websocket/selection.ts";
import { message, selections } from "./guide-selections.ts";

const source = (body: string, more: Partial<SelectionSource> = {}): SelectionSource => ({
  body,
  header: () => undefined,
  context: () => undefined,
  ...more,
});
const select = (expression: string, from: SelectionSource) => compileSelection(expression)(from);
const join = source(JSON.stringify(message));

test.each([...selections, ["$request.body.action.deeper", ""]])("%s is %j", (expression, key) => {
  expect(select(expression, join)).toBe(key);
});

describe("what is no text is made one", () => {
  test.each([
    ["12", "12"],
    ["1.50", "1.5"],
    ["12345678901234567890", "12345678901234567890"],
    ["true", "true"],
    ["null", ""],
    ['["item1","item2"]', "[item1, item2]"],
    ["[]", "[]"],
    ['{"a":1,"b":"x"}', "{a=1, b=x}"],
    ['"a\\"b"', 'a"b'],
  ])("%s", (value, key) => {
    expect(select("$request.body.a", source(`{"a":${value}}`))).toBe(key);
  });
});

describe("a body without the value is the empty text", () => {
  test.each([
    "",
    "hello",
    "{action: join}",
    "{'action':'join'}",
    '{"action":"join"',
    "[1]",
    '"join"',
    "null",
  ])("%j", (body) => {
    expect(select("$request.body.action", source(body))).toBe("");
  });
});

test("a list of messages and their members are reached too", () => {
  expect(select("$request.body[1].type", source('[{"type":"a"},{"type":"b"}]'))).toBe("b");
});

test("members of the prototype are none", () => {
  expect(select("$request.body.constructor", source("{}"))).toBe("");
});

test("what a key is made of is not evaluated again", () => {
  expect(select("$request.body.action", source('{"action":"$request.body.x"}'))).toBe("$request.body.x");
});

test("headers and context", () => {
  const from = source("", {
    header: (name) => (name === "x-api-key" ? "k1" : undefined),
    context: (name) => (name === "authorizer.usageIdentifierKey" ? "k2" : undefined),
  });
  expect(select("$request.header.x-api-key", from)).toBe("k1");
  expect(select("$request.header.other", from)).toBe("");
  expect(select("$context.authorizer.usageIdentifierKey", from)).toBe("k2");
  expect(select("$context.authorizer.other", from)).toBe("");
});

test("an integration's answer, once there is one", () => {
  const answer = {
    statusCode: 404,
    header: (name: string) => (name === "Kind" ? "odd" : undefined),
    body: '{"errorMessage":"no such room"}',
  };
  const from = source('{"action":"join"}', { answer });
  expect(select("${integration.response.statuscode}", from)).toBe("404");
  expect(select("${integration.response.header.Kind}", from)).toBe("odd");
  expect(select("${integration.response.multivalueheader.Kind}", from)).toBe("odd");
  expect(select("${integration.response.body.errorMessage}", from)).toBe("no such room");
  expect(select("${request.body.action}:${integration.response.statuscode}", from)).toBe("join:404");
  expect(select("${integration.response.statuscode}", source(""))).toBe("");
});

test("a JSONPath that is none leads nowhere", () => {
  expect(select("${request.body[x}-${request.body..}", join)).toBe("-");
});

test("what is no expression cannot be compiled", () => {
  expect(() => compileSelection("$nothing")).toThrow(SyntaxError);
});

test("a filter that takes too long ends", () => {
  const body = JSON.stringify({ items: [{ name: `${"a".repeat(5000)}!` }] });
  expect(select("${request.body.items[?(@.name =~ /(a+)+$/)]}", source(body))).toMatch(/^(\[\])?$/);
});
