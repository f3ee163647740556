/** Requests that would open a connection: which of them are handshakes, and what the others are answered. */
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { firstResponse, type RawResponse } from "./raw-http.ts";
import type { TestWebSocketApi } from "./websocket-api.ts";
import { WebSocketBackend } from "./websocket-backend.ts";

const origin = inject("origin");
let api: TestWebSocketApi;
let backend: WebSocketBackend;

beforeAll(async () => {
  backend = await WebSocketBackend.start();
  api = await backend.createApi(origin, undefined, []);
  await api.deploy();
});
afterAll(() => backend.stop());

const handshake = {
  Upgrade: "websocket",
  Connection: "Upgrade",
  "Sec-WebSocket-Version": "13",
  "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
};
type Lines = Record<string, string | string[] | undefined>;

/** @param changed headers of a good handshake that are others, or several, or not there */
function request(changed: Lines, method = "GET"): Promise<RawResponse> {
  const lines = Object.entries<string | string[] | undefined>({ Host: "localhost", ...handshake, ...changed })
    .flatMap(([name, values = []]) => [values].flat().map((value) => `${name}: ${value}\r\n`))
    .join("");
  const path = `/execute-api/${api.id}/test`;
  return firstResponse(origin, `${method} ${path} HTTP/1.1\r\n${lines}\r\n`);
}

/** One that opens comes behind them: nothing of the others is under way any more. */
async function expectNothingRun(before: number): Promise<void> {
  expect((await request({})).status).toBe(101);
  expect(backend.events.slice(before).filter(({ type }) => type === "CONNECT")).toHaveLength(1);
}

const withIds = {
  "x-amzn-requestid": expect.stringMatching(/^[\w-]{15}=$/),
  "x-amz-apigw-id": expect.stringMatching(/^[\w-]{15}=$/),
  "x-amzn-errortype": "BadRequestException",
  "content-type": "application/json",
};

describe("a request that asks for no upgrade to this version", () => {
  test.each<[string, Lines, string?]>([
    ["without Upgrade", { Upgrade: undefined, Connection: "keep-alive" }],
    ["to another protocol", { Upgrade: "h2c" }],
    ["whose Connection does not name it", { Connection: "keep-alive" }],
    ["without Connection", { Connection: undefined }],
    ["with POST", {}, "POST"],
    ["without a version", { "Sec-WebSocket-Version": undefined }],
    ["to version 8", { "Sec-WebSocket-Version": "8" }],
    ["to two versions", { "Sec-WebSocket-Version": ["13", "8"] }],
  ])("%s is told to upgrade, and no backend is", async (_, changed, method) => {
    const before = backend.events.length;
    const response = await request(changed, method);
    expect(response.status).toBe(426);
    expect(response.headers).toMatchObject({ ...withIds, "sec-websocket-version": "13" });
    expect(response.body).toBe('{"message":"Upgrade Required"}');
    await expectNothingRun(before);
  });
});

describe("a handshake is refused, and no backend is told of it,", () => {
  test.each<[string, string | string[] | undefined]>([
    ["without a key", undefined],
    ["with an empty key", ""],
    ["with a key that is no base64", "dGhlIHNhbXBsZSBub25*ZQ=="],
    ["with a key of 15 octets", "dGhlIHNhbXBsZSBub25j"],
    ["with a key of 17 octets", "dGhlIHNhbXBsZSBub25jZWQ="],
    ["with two keys", [handshake["Sec-WebSocket-Key"], handshake["Sec-WebSocket-Key"]]],
  ])("%s", async (_, key) => {
    const before = backend.events.length;
    const response = await request({ "Sec-WebSocket-Key": key });
    expect(response.status).toBe(400);
    expect(response.headers).toMatchObject(withIds);
    expect(response.body).toBe('{"message":"Bad Request"}');
    await expectNothingRun(before);
  });
});

test.each<[string, Lines]>([
  ["names in other letters", { Upgrade: "WebSocket", Connection: "upgrade" }],
  ["more in Connection", { Connection: "keep-alive, Upgrade" }],
  ["Connection twice", { Connection: ["keep-alive", "Upgrade"] }],
  ["a key whose last letter has bits to spare", { "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZR==" }],
])("a handshake with %s opens a connection", async (_, changed) => {
  expect((await request(changed)).status).toBe(101);
});

test("a connection that the backend refuses has the ids of its request", async () => {
  backend.answer = () => ({ status: 401, body: "not you" });
  const response = await request({});
  backend.answer = () => undefined;
  expect(response).toMatchObject({ status: 401, body: "not you" });
  expect(response.headers).toMatchObject({
    "x-amzn-requestid": withIds["x-amzn-requestid"],
    "x-amz-apigw-id": withIds["x-amz-apigw-id"],
  });
});
