/** Source: the guide's api-gateway-create-api-as-simple-proxy-for-lambda. */
import { beforeAll, expect, inject, test } from "vitest";
import { call, load } from "./loading.ts";

let url: string;
beforeAll(async () => {
  url = `${await load("hello-lambda-proxy", inject("origin"))}/helloworld`;
});

test.each(["POST", "PUT"])("%s greets with the query string, a header and the body", async (method) => {
  expect(
    await call(`${url}?name=John&city=Seattle`, {
      method,
      headers: { day: "Thursday" },
      body: '{ "time": "evening" }',
    }),
  ).toEqual([
    200,
    {
      message: "Good evening, John of Seattle. Happy Thursday!",
      input: expect.objectContaining({
        resource: "/helloworld",
        path: "/helloworld",
        httpMethod: method,
        headers: expect.objectContaining({ day: "Thursday", "X-Forwarded-Proto": "http" }),
        multiValueHeaders: expect.objectContaining({ day: ["Thursday"] }),
        queryStringParameters: { city: "Seattle", name: "John" },
        multiValueQueryStringParameters: { city: ["Seattle"], name: ["John"] },
        pathParameters: null,
        stageVariables: null,
        body: '{ "time": "evening" }',
        isBase64Encoded: false,
      }),
    },
  ]);
});

test("GET has no body, and the function's own header comes through", async () => {
  const response = await fetch(url);
  expect(response.headers.get("x-custom-header")).toBe("my custom header value");
  expect(await response.json()).toMatchObject({ message: "Good day, you of World.", input: { body: null } });
});

test("what the function throws is 502", async () => {
  expect(await call(url, { method: "POST", body: '{ "time": ' })).toEqual([
    502,
    { message: "Internal server error" },
  ]);
});
