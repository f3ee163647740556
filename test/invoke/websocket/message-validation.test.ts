/** The rules are those of the guide's websocket-api-request-validation. */
import { describe, expect, test } from "vitest";
import type { Route } from "../../../src/definitions/websocket-api.ts";
import { compileMessageValidation } from "../../../src/invoke/websocket/message-validation.ts";
import { opening } from "./integrations/carry-out.ts";
import { routeOf, snapshotOf } from "./published.ts";

const model = (name: string, schema: object) => ({
  modelId: name,
  name,
  contentType: "application/json",
  schema: JSON.stringify(schema),
});
const models = [
  model("Join", { type: "object", required: ["room"], properties: { room: { type: "string" } } }),
  model("Say", {
    type: "object",
    properties: { to: { $ref: "https://apigateway.amazonaws.com/restapis/api1/models/Join" } },
  }),
];

const compile = (route: Partial<Route>) =>
  compileMessageValidation(routeOf({ routeKey: "$default", ...route }), snapshotOf({ models }));

const check = (route: Partial<Route>, body: string, opened?: ReturnType<typeof opening>) =>
  compile(route)?.({ body, context: {}, ...(opened ? { opening: opened } : {}) });

const byAction = { modelSelectionExpression: "$request.body.action" };

test("a route without anything to check has no check", () => {
  expect(compile({})).toBeUndefined();
  expect(compile({ requestModels: { $default: "Join" } })).toBeUndefined();
  expect(compile({ requestParameters: { "route.request.header.a": { required: false } } })).toBeUndefined();
});

describe("a message", () => {
  const route = { ...byAction, requestModels: { join: "Join", $default: "Say" } };

  test("is checked by the model that it selects, or that of $default", () => {
    expect(() => check(route, '{"action":"join","room":"a"}')).not.toThrow();
    expect(() => check(route, '{"action":"join"}')).toThrow("Invalid request body");
    expect(() => check(route, '{"action":"say"}')).not.toThrow();
    expect(() => check(route, '{"action":"say","to":{}}')).toThrow("Invalid request body");
  });

  test("is told what is wrong with it where the API shows it", () => {
    expect(() => check(route, '{"action":"join"}')).toThrow(
      expect.objectContaining({
        type: "BAD_REQUEST_BODY",
        status: 400,
        validationErrors: '[object has missing required properties (["room"])]',
      }),
    );
  });

  test("that is no JSON fails", () => {
    expect(() => check(route, "hello")).toThrow(
      expect.objectContaining({ validationErrors: "[Unable to parse JSON]" }),
    );
  });

  test("fails without a model for it and without $default", () => {
    const routes: Partial<Route>[] = [{ requestModels: { join: "Join" } }, { requestModels: {} }, {}];
    for (const models of routes) {
      expect(() => check({ ...byAction, ...models }, '{"action":"say"}')).toThrow("Invalid request body");
    }
  });

  test("is not looked up among the members of every object", () => {
    expect(() => check({ ...byAction, requestModels: {} }, '{"action":"constructor"}')).toThrow(
      "Invalid request body",
    );
  });

  test("needs no parameters: it has none", () => {
    const requestParameters = { "route.request.header.token": { required: true } };
    expect(() => check({ requestParameters }, "x")).not.toThrow();
  });
});

describe("a connection that opens", () => {
  const requestParameters = {
    "route.request.querystring.room": { required: true },
    "route.request.header.Token": { required: true },
    "route.request.header.other": { required: false },
  };

  test("has the headers and the query that it must have", () => {
    expect(() => check({ requestParameters }, "", opening({ token: "t" }, [["room", ["a"]]]))).not.toThrow();
  });

  test("lacks some", () => {
    expect(() => check({ requestParameters }, "", opening({ token: " " }))).toThrow(
      expect.objectContaining({
        type: "BAD_REQUEST_PARAMETERS",
        status: 400,
        message: "Missing required request parameters: [Token, room]",
      }),
    );
  });
});
