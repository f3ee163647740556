/** Clients that send what no API takes, or ask for what is not there. */
import { createServer } from "node:http";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { listen } from "../listen.ts";
import { apiGatewayClient } from "./clients.ts";
import { rawRequest } from "./raw-http.ts";
import { mock, TestApi } from "./rest-api.ts";

const origin = inject("origin");
const client = apiGatewayClient(origin);
const closing: (() => void)[] = [];
let api: TestApi;

beforeAll(async () => {
  api = await TestApi.create(client);
  const echo = createServer((request, response) => {
    response.setHeader("X-Seen", JSON.stringify(request.headers));
    request.pipe(response);
  });
  const uri = `http://127.0.0.1:${await listen(echo)}/`;
  closing.push(() => echo.close());
  await api.method("POST", "/echo", {
    method: { requestParameters: { "method.request.querystring.h": false } },
    integration: {
      type: "HTTP_PROXY",
      integrationHttpMethod: "POST",
      uri,
      requestParameters: { "integration.request.header.X-Mapped": "method.request.querystring.h" },
    },
  });
  await api.method("POST", "/body", {
    integration: {
      ...mock(),
      requestTemplates: { "application/json": '#if($input.body == "")#end{"statusCode": 200}' },
    },
    responses: [{}],
  });
  await api.method("GET", "/mock/{name}", { integration: mock(), responses: [{}] });
  await api.deploy();
});
afterAll(() => {
  for (const close of closing) close();
});

const call = async (method: "GET" | "POST", path: string) => {
  const response = await fetch(api.url(origin, path), { method });
  return [response.status, await response.text()];
};

describe("payloads", () => {
  const post = (body: BodyInit, headers: Record<string, string> = {}) =>
    fetch(api.url(origin, "/echo"), { method: "POST", body, headers, duplex: "half" } as RequestInit);

  test("of 10 MB pass", async () => {
    const body = Buffer.alloc(10_485_760, 7);
    const response = await post(body);
    expect(Buffer.from(await response.arrayBuffer()).equals(body)).toBe(true);
  });

  test("beyond 10 MB are 413", async () => {
    const response = await post(Buffer.alloc(10_485_761));
    expect([response.status, await response.text()]).toEqual([413, '{"message":"Request Too Long"}']);
    expect(response.headers.get("x-amzn-errortype")).toBe("RequestTooLargeException");
  });

  test("beyond 10 MB whose length is not declared never arrive", async () => {
    const chunk = Buffer.alloc(1_048_576);
    let left = 12;
    const stream = new ReadableStream({
      pull(controller) {
        if (left-- > 0) controller.enqueue(chunk);
        else controller.close();
      },
    });
    const outcome = await post(stream).then(
      async (response) => (await response.arrayBuffer().catch(() => new ArrayBuffer(0))).byteLength,
      () => 0,
    );
    expect(outcome).toBeLessThanOrEqual(10_485_760);
  });

  test("header values of more than 10,240 bytes are refused", async () => {
    const response = await post("x", { "X-Long": "a".repeat(10_240) });
    expect([response.status, await response.text()]).toEqual([
      431,
      '{"message": "Request Header Fields Too Large"}',
    ]);
  });
});

test("a parameter cannot inject a header", async () => {
  const response = await fetch(api.url(origin, "/echo?h=a%0d%0aX-Injected:%20yes"), {
    method: "POST",
    body: "x",
  });
  expect(response.status).toBe(500);
  expect(await response.text()).toBe('{"message": "Internal server error"}');
});

test.each([
  ["dots", "/mock/../mock/a"],
  ["encoded dots", "/mock/%2e%2e/x"],
  ["no percent-encoding", "/mock/%zz"],
  ["octets that are no UTF-8", "/mock/%ff"],
])("a path with %s is 400", async (_, path) => {
  const { pathname } = new URL(api.url(origin, ""));
  const response = await rawRequest(
    origin,
    `GET ${pathname}${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
  );
  expect(response?.status).toBe(400);
  expect(response?.body).toContain('{"message": "Bad Request"}');
});

test("a body in chunks that are none is 400", async () => {
  const { pathname } = new URL(api.url(origin, "/body"));
  const response = await rawRequest(
    origin,
    `POST ${pathname} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n`,
  );
  expect([response?.status, response?.body]).toEqual([400, '{"message": "Bad Request"}']);
});

test("duplicate headers are joined, and the request is served", async () => {
  const { pathname } = new URL(api.url(origin, "/mock/a"));
  const response = await rawRequest(
    origin,
    `GET ${pathname} HTTP/1.1\r\nHost: a\r\nX-Twice: 1\r\nX-Twice: 2\r\nConnection: close\r\n\r\n`,
  );
  expect(response?.status).toBe(200);
});

test("an unknown path, method, stage or API is AWS's 403", async () => {
  const missing = '{"message":"Missing Authentication Token"}';
  expect(await call("GET", "/nothing")).toEqual([403, missing]);
  expect(await call("POST", "/mock/a")).toEqual([403, missing]);
  for (const url of [
    api.url(origin, "/", "nostage"),
    `${origin}/execute-api/nothing/test/`,
    `${origin}/execute-api/`,
    `${origin}/execute-api/__proto__/constructor/`,
  ]) {
    const response = await fetch(url);
    expect([url, response.status, await response.text()]).toEqual([url, 403, '{"message":"Forbidden"}']);
  }
});

test("a private API is not there for anyone outside", async () => {
  const secret = await TestApi.create(client, { endpointConfiguration: { types: ["PRIVATE"] } });
  await secret.method("GET", "/", { integration: mock(), responses: [{}] });
  await secret.deploy();
  const response = await fetch(secret.url(origin, "/"));
  expect([response.status, await response.text()]).toEqual([403, '{"message":"Forbidden"}']);
});

test("a mock that reads no body answers one that is sent anyway, on a connection that goes on", async () => {
  const unread = await TestApi.create(client);
  await unread.method("POST", "/", { integration: mock(), responses: [{}] });
  await unread.deploy();
  for (const length of [10, 1_000_000, 5_000_000, 10]) {
    const response = await fetch(unread.url(origin, "/"), { method: "POST", body: Buffer.alloc(length) });
    expect(response.status).toBe(200);
    await response.arrayBuffer();
  }
  const refused = await fetch(unread.url(origin, "/none"), { method: "POST", body: Buffer.alloc(5_000_000) });
  expect(refused.status).toBe(403);
  const unsigned = await fetch(`${origin}/restapis`, { method: "POST", body: Buffer.alloc(5_000_000) });
  expect(unsigned.status).toBe(403);
  const tooLong = await fetch(unread.url(origin, "/"), { method: "POST", body: Buffer.alloc(10_485_761) });
  expect(tooLong.status).toBe(413);
});
