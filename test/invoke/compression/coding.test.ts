import { deflateSync, gunzipSync, gzipSync, inflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { decodeRequest } from "../../../src/invoke/compression/decode-request.ts";
import { encodeResponse } from "../../../src/invoke/compression/encode-response.ts";

const text = JSON.stringify({ type: "dog", price: 249.99 });
const send = (body: Uint8Array | string, coding: string) =>
  new Request("http://gateway.test/", {
    method: "POST",
    body: body as Uint8Array<ArrayBuffer>,
    headers: { "content-encoding": coding },
  });

describe("a compressed request", () => {
  test.each([
    ["gzip", gzipSync(text)],
    ["deflate", deflateSync(text)],
    ["GZIP", gzipSync(text)],
    ["identity", text],
  ])("with %s becomes what was compressed", async (coding, body) => {
    const request = await decodeRequest(send(body, coding));
    expect(await request.text()).toBe(text);
    if (coding !== "identity") expect(request.headers.has("content-encoding")).toBe(false);
  });

  test.each([
    ["br", text],
    ["gzip, gzip", gzipSync(gzipSync(text))],
    ["gzip", text],
    ["gzip", gzipSync(text).subarray(0, 20)],
    ["deflate", gzipSync(text)],
  ])("that is not compressed with %s is refused", async (coding, body) => {
    await expect(decodeRequest(send(body, coding))).rejects.toMatchObject({
      type: "UNSUPPORTED_MEDIA_TYPE",
      status: 415,
    });
  });

  test("that becomes too long is refused before it has", async () => {
    const bomb = gzipSync(Buffer.alloc(200_000_000), { level: 9 });
    await expect(decodeRequest(send(bomb, "gzip"))).rejects.toMatchObject({ status: 413 });
  });

  test("without a payload is left alone", async () => {
    const request = new Request("http://gateway.test/", { headers: { "content-encoding": "gzip" } });
    expect(await decodeRequest(request)).toBe(request);
  });
});

describe("a response", () => {
  const body = "x".repeat(1000);
  const encode = (response: Response, minimumSize: number, accept: string | null = "gzip") =>
    encodeResponse(
      response,
      minimumSize,
      new Request("http://gateway.test/", accept === null ? {} : { headers: { "accept-encoding": accept } }),
    );

  test.each([0, 1000])("of the least size %i is compressed", async (size) => {
    const response = await encode(new Response(body, { status: 201 }), size);
    expect(response.headers.get("content-encoding")).toBe("gzip");
    expect(response.status).toBe(201);
    expect(gunzipSync(await response.bytes()).toString()).toBe(body);
  });

  test("is compressed with what the client wants most", async () => {
    const response = await encode(new Response(body), 0, "gzip;q=0.1, deflate");
    expect(inflateSync(await response.bytes()).toString()).toBe(body);
  });

  test("that streams is compressed, in whatever pieces it comes", async () => {
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let index = 0; index < 100; index++) controller.enqueue(new Uint8Array(10).fill(index));
        controller.close();
      },
    });
    const response = await encode(new Response(stream), 500);
    expect(gunzipSync(await response.bytes()).byteLength).toBe(1000);
  });

  test.each([
    ["a smaller one", new Response(body), 1001, "gzip"],
    [
      "a smaller one by its declared length",
      new Response(body, { headers: { "content-length": "1000" } }),
      1001,
      "gzip",
    ],
    ["one for a client that asks for nothing", new Response(body), 0, null],
    ["one for a client that wants something else", new Response(body), 0, "br, gzip"],
    [
      "one that is compressed already",
      new Response(body, { headers: { "content-encoding": "br" } }),
      0,
      "gzip",
    ],
  ])("%s is left as it is", async (_, response, size, accept) => {
    const left = await encode(response, size, accept);
    expect(left.headers.get("content-encoding")).toBe(response.headers.get("content-encoding"));
    expect(await left.text()).toBe(body);
  });

  test("without a body is left alone", async () => {
    const response = new Response(null, { status: 204 });
    expect(await encode(response, 0)).toBe(response);
  });
});
