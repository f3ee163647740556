/** What a hostile client can do to a connection, before any API is asked: it is refused, and the next one served. */
import { afterEach, describe, expect, inject, test } from "vitest";
import { rawRequest } from "./raw-http.ts";

const origin = inject("origin");

afterEach(async () => {
  expect((await fetch(`${origin}/_sallyport/health`)).status).toBe(200);
});

/** Refused with 4xx, or by closing the connection. */
async function expectRefusal(text: string): Promise<void> {
  const status = (await rawRequest(origin, text))?.status ?? 400;
  expect(status).toBeGreaterThanOrEqual(400);
  expect(status).toBeLessThan(500);
}

describe("requests that are not HTTP", () => {
  test.each([
    ["a TLS hello", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"],
    ["no path", "GET test/mock HTTP/1.1\r\nHost: a\r\n\r\n"],
    ["an unknown version", "GET /test/mock HTTP/9.9\r\nHost: a\r\n\r\n"],
    ["no Host", "GET /test/mock HTTP/1.1\r\nConnection: close\r\n\r\n"],
    ["an empty Host", "GET /test/mock HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n"],
    ["NUL in the path", "GET /test/\0 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"],
    ["an octet over 127 in the path", "GET /caf\xe9 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"],
    ["NUL in a header", "GET /test/mock HTTP/1.1\r\nHost: a\r\nX: a\0b\r\nConnection: close\r\n\r\n"],
    ["a header without colon", "GET /test/mock HTTP/1.1\r\nHost: a\r\nnocolon\r\nConnection: close\r\n\r\n"],
    ["a blank before the colon", "GET /test/mock HTTP/1.1\r\nHost: a\r\nX : 1\r\nConnection: close\r\n\r\n"],
    ["a folded header", "GET /test/mock HTTP/1.1\r\nHost: a\r\nX: 1\r\n 2\r\nConnection: close\r\n\r\n"],
    ["a bare CR", "GET /test/mock HTTP/1.1\r\nHost: a\r\nX: a\rb\r\nConnection: close\r\n\r\n"],
    ["a path of 100 KB", `GET /${"a".repeat(100_000)} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`],
    ["a negative length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\nConnection: close\r\n\r\n"],
    [
      "a length that is no number",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5x\r\nConnection: close\r\n\r\nhello",
    ],
    [
      "two lengths",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\nConnection: close\r\n\r\nhello!",
    ],
    [
      "an unknown transfer coding",
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\nConnection: close\r\n\r\n0\r\n\r\n",
    ],
    [
      "two transfer codings",
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\nConnection: close\r\n\r\n0\r\n\r\n",
    ],
  ])("%s", async (_, text) => {
    await expectRefusal(text);
  });
});

describe("Host", () => {
  test.each([
    "a b.execute-api.localhost",
    "abc.execute-api.localhost:99999",
    "abc.execute-api.localhost:x",
    "[abc.execute-api.localhost",
    "abc.execute-api.localhost/../x",
    "abc.execute-api.localhost@evil",
    "abc.execute-api.localhost, evil",
    "%zz.execute-api.localhost",
    ".execute-api.localhost",
    "__proto__.execute-api.localhost",
    "..execute-api.localhost",
    "abc.execute-api.",
    "evil?.execute-api.localhost",
    "evil#.execute-api.localhost",
    "a b",
    "[",
    "a:99999",
    `${"a".repeat(5_000)}.execute-api.localhost`,
  ])("%s names no API", async (host) => {
    await expectRefusal(`GET /test/mock HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  });

  test("twice names no API", async () => {
    const hosts = "Host: abc.execute-api.localhost\r\nHost: evil";
    await expectRefusal(`GET /test/mock HTTP/1.1\r\n${hosts}\r\nConnection: close\r\n\r\n`);
  });
});
