/** Source: the guide's api-gateway-create-api-as-simple-proxy-for-http. */
import { beforeAll, expect, inject, test } from "vitest";
import { call, load } from "./loading.ts";

let url: string;
beforeAll(async () => {
  url = await load("http-proxy", inject("origin"));
});

test("the path and the query string are the backend's", async () => {
  expect(await call(`${url}/pets?type=gecko`)).toEqual([200, [{ id: 6, type: "gecko", price: 58 }]]);
  expect(await call(`${url}/pets/1`)).toEqual([200, { id: 1, type: "dog", price: 249.99 }]);
});

test("and so are the method and the body", async () => {
  const bird = { type: "bird", price: 12.5 };
  expect(await call(`${url}/pets`, { method: "POST", body: bird })).toEqual([
    200,
    { pet: { id: expect.any(Number), ...bird }, message: "success" },
  ]);
});

test("the backend's errors come back as they are", async () => {
  expect(await call(`${url}/pets/999`)).toEqual([404, { message: "There is no pet 999" }]);
});

test("the stage variable names another backend, with the same API", async () => {
  const backend = inject("origin").replace("http://", "");
  const { pathname } = new URL(await load("http-proxy", inject("origin"), { stageVariables: { backend } }));
  expect(pathname).toBe(new URL(url).pathname);
  await expect
    .poll(async () => (await fetch(`${url}/_sallyport/health`)).status, { timeout: 20_000 })
    .toBe(200);
});
