/** Source: the guide's getting-started-lambda-non-proxy-integration. */
import { beforeAll, expect, inject, test } from "vitest";
import { call, load } from "./loading.ts";

let url: string;
beforeAll(async () => {
  url = `${await load("hello-lambda-custom", inject("origin"))}/Seattle`;
});

const john = { headers: { day: "Thursday" }, body: { callerName: "John" } };

test.each(["POST", "PUT"])(
  "%s greets with the path, the query string, a header and the body",
  async (method) => {
    expect(await call(`${url}?time=evening`, { method, ...john })).toEqual([
      200,
      { greeting: "Good evening, John of Seattle. Happy Thursday!" },
    ]);
  },
);

test("a required parameter that is missing never reaches the function", async () => {
  expect(await call(url, { method: "POST", ...john })).toEqual([
    400,
    { message: "Missing required request parameters: [time]" },
  ]);
  expect(await call(`${url}?time=evening`, { method: "POST", body: john.body })).toEqual([
    400,
    { message: "Missing required request parameters: [day]" },
  ]);
});

test("nor does a body that its model refuses", async () => {
  expect(await call(`${url}?time=evening`, { method: "POST", ...john, body: { callerName: 5 } })).toEqual([
    400,
    { message: "Invalid request body" },
  ]);
});

test("the preflight of a browser", async () => {
  const response = await fetch(url, { method: "OPTIONS" });
  expect([response.status, response.headers.get("access-control-allow-methods")]).toEqual([
    200,
    "DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT",
  ]);
});
