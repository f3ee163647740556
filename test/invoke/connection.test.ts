import { describe, expect, test } from "vitest";
import { connectionOf, forwardedHeaders } from "../../src/invoke/connection.ts";

const request = (url: string, headers: Record<string, string> = {}, cf?: object) =>
  Object.assign(new Request(url, { headers }), { cf });

describe("the client's address", () => {
  test.each([
    ["127.0.0.1:57638", "127.0.0.1"],
    ["[2001:db8::1]:443", "2001:db8::1"],
  ])("of the socket %s is %s, whatever the client says", (clientIp, address) => {
    const spoofed = request("http://a/", { "cf-connecting-ip": "203.0.113.1" }, { clientIp });
    expect(connectionOf(spoofed).sourceIp).toBe(address);
  });

  test("is what Cloudflare says where it says it", () => {
    const at = request("https://a/", { "cf-connecting-ip": "203.0.113.1" }, { colo: "AKL" });
    expect(connectionOf(at).sourceIp).toBe("203.0.113.1");
  });
});

test.each([
  ["http://a.example:8787/x", "http", "8787"],
  ["http://a.example/x", "http", "80"],
  ["https://a.example/x", "https", "443"],
])("%s is %s on port %s", (url, scheme, port) => {
  expect(connectionOf(request(url))).toMatchObject({ scheme, port });
});

describe("X-Forwarded-For", () => {
  const connection = { sourceIp: "192.0.2.1", scheme: "https", port: "443" } as const;

  test("is the client's address", () => {
    expect(forwardedHeaders(new Headers(), connection)).toEqual([
      ["x-forwarded-for", "192.0.2.1"],
      ["x-forwarded-port", "443"],
      ["x-forwarded-proto", "https"],
    ]);
  });

  test("goes on with the list that the client sent", () => {
    const headers = new Headers({ "x-forwarded-for": "203.0.113.9" });
    expect(forwardedHeaders(headers, connection)[0]).toEqual(["x-forwarded-for", "203.0.113.9, 192.0.2.1"]);
  });
});
