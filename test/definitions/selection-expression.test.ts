/** The examples are those of the guide's websocket-api-develop-routes, and expressions that AWS's users report. */
import { expect, test } from "vitest";
import {
  parseSelectionExpression as parse,
  type SelectionPart,
} from "../../src/definitions/selection-expression.ts";

const body = (jsonPath: string): SelectionPart => ({ kind: "request.body", jsonPath });
const text = (value: string): SelectionPart => ({ kind: "static", value });

test.each<[string, SelectionPart[]]>([
  ["$request.body.action", [body("$.action")]],
  ["${request.body.action}", [body("$.action")]],
  ["${request.body.service}/${request.body.action}", [body("$.service"), text("/"), body("$.action")]],
  [
    "${request.body.action}-${request.body.invalidPath}",
    [body("$.action"), text("-"), body("$.invalidPath")],
  ],
  ["action", [text("action")]],
  ["\\$default", [text("$default")]],
  ["$request.body[2]", [body("$[2]")]],
  ["$request.body.detail-type", [body("$.detail-type")]],
  ["$request.body['a b'].c", [body("$['a b'].c")]],
  ["$request.body", [body("$")]],
  ["$request.body.a$request.body.b", [body("$.a"), body("$.b")]],
  ["$request.body.a/b", [body("$.a"), text("/b")]],
  ["$request.header.x-api-key", [{ kind: "request.header", name: "x-api-key" }]],
  ["$context.authorizer.usageIdentifierKey", [{ kind: "context", name: "authorizer.usageIdentifierKey" }]],
  ["${integration.response.statuscode}", [{ kind: "integration.response.statuscode" }]],
  ["${integration.response.header.X}", [{ kind: "integration.response.header", name: "X" }]],
  [
    "${integration.response.multivalueheader.X}",
    [{ kind: "integration.response.multivalueheader", name: "X" }],
  ],
  [
    "${integration.response.body.errorMessage}",
    [{ kind: "integration.response.body", jsonPath: "$.errorMessage" }],
  ],
  ["a\\b", [text("a\\b")]],
  ["2\\$ {x}", [text("2$ {x}")]],
])("%s", (expression, parts) => {
  expect(parse(expression)).toEqual(parts);
});

test.each([
  "",
  "$",
  "$default",
  "${",
  "${}",
  "${request.body.a",
  "$nothing.x",
  "$request.bodyx",
  "$request.body.",
  "x$",
  "${request.header.}",
])("%j is none", (expression) => {
  expect(() => parse(expression)).toThrow(SyntaxError);
});
