/** Recorded: test_http_integration_with_lambda, where HTTP_PROXY tells the endpoint who asked, and HTTP does not. */
import { createServer } from "node:http";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { listen } from "../listen.ts";
import { apiGatewayClient } from "./clients.ts";
import { TestApi } from "./rest-api.ts";

const origin = inject("origin");
const echo = createServer((request, response) => response.end(JSON.stringify(request.headers)));
let api: TestApi;

beforeAll(async () => {
  const uri = `http://127.0.0.1:${await listen(echo)}/`;
  api = await TestApi.create(apiGatewayClient(origin));
  for (const type of ["HTTP_PROXY", "HTTP"] as const) {
    const integration = { type, integrationHttpMethod: "GET", uri };
    await api.method("GET", `/${type}`, { integration, responses: type === "HTTP" ? [{}] : [] });
  }
  await api.deploy();
});
afterAll(() => {
  echo.closeAllConnections();
  echo.close();
});

const seen = async (type: string, headers: Record<string, string> = {}) =>
  (await fetch(api.url(origin, `/${type}`), { headers })).json() as Promise<Record<string, string>>;

test("HTTP_PROXY: the client's address, the gateway's port and the scheme", async () => {
  expect(await seen("HTTP_PROXY")).toMatchObject({
    "x-forwarded-for": "127.0.0.1",
    "x-forwarded-port": new URL(origin).port,
    "x-forwarded-proto": "http",
    "x-amzn-apigateway-api-id": api.id,
  });
});

test("HTTP_PROXY: the client's own list goes on, and its word on port and scheme does not count", async () => {
  const headers = { "x-forwarded-for": "203.0.113.9", "x-forwarded-port": "1", "x-forwarded-proto": "https" };
  expect(await seen("HTTP_PROXY", headers)).toMatchObject({
    "x-forwarded-for": "203.0.113.9, 127.0.0.1",
    "x-forwarded-port": new URL(origin).port,
    "x-forwarded-proto": "http",
  });
});

test("HTTP is sent none of them", async () => {
  const headers = Object.keys(await seen("HTTP", { "x-forwarded-for": "203.0.113.9" }));
  expect(headers.filter((name) => name.startsWith("x-forwarded"))).toEqual([]);
});
