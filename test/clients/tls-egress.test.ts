/** What goes through the TLS egress of `npm start` arrives as it is, and faults end as they do without it. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { listen } from "../listen.ts";
import { createCertificate } from "./certificates.ts";
import { apiGatewayClient } from "./clients.ts";
import { rawRequest } from "./raw-http.ts";
import { TestApi } from "./rest-api.ts";

const origin = inject("origin");
const client = apiGatewayClient(origin);
const { cert, key } = createCertificate({ name: "server", hosts: ["localhost"] });
const large = Buffer.alloc(3_000_000, "0123456789");

/** By path. */
const answers: Record<string, (request: IncomingMessage, response: ServerResponse) => void> = {
  "/echo": (request, response) => {
    response.setHeader("X-Raw", JSON.stringify(request.rawHeaders));
    response.setHeader("Set-Cookie", ["a=1", "b=2"]);
    request.pipe(response);
  },
  "/large": (_, response) => response.end(large),
  "/none": (_, response) => response.writeHead(204).end(),
  "/unchanged": (_, response) => response.writeHead(304, { ETag: '"1"' }).end(),
  "/early": (_, response) => response.writeHead(413).end("enough"),
  "/slow": () => undefined,
  "/stalls": (_, response) => response.writeHead(200, { "Content-Length": 100_000 }).write("some"),
  "/breaks": (request, response) => {
    response.writeHead(200, { "Content-Length": 100_000 }).write("some");
    setTimeout(() => request.socket.destroy(), 50);
  },
  "/breaks-small": (request, response) => {
    response.writeHead(200, { "Content-Length": 100 }).write("some");
    setTimeout(() => request.socket.destroy(), 50);
  },
  "/closes": (request) => request.socket.destroy(),
  "/odd-reason": (request) =>
    request.socket.end("HTTP/1.1 200 o\u0001dd\r\nContent-Length: 2\r\n\r\n{}", "latin1"),
  "/status-0": (request) => request.socket.end("HTTP/1.1 000 none\r\nContent-Length: 2\r\n\r\n{}"),
  "/nonsense": (request) => request.socket.end("I am no HTTP server\r\n\r\n"),
};
const backend = createServer({ cert, key }, (request, response) => {
  answers[request.url as string]?.(request, response);
});
const open = new Set<Socket>();
backend.on("secureConnection", (socket) => {
  open.add(socket);
  socket.on("error", () => undefined);
  socket.on("close", () => open.delete(socket));
});
let api: TestApi;

beforeAll(async () => {
  const uri = `https://localhost:${await listen(backend)}`;
  api = await TestApi.create(client);
  const integration = {
    type: "HTTP_PROXY" as const,
    integrationHttpMethod: "ANY",
    tlsConfig: { insecureSkipVerification: true },
  };
  for (const path of Object.keys(answers)) {
    const timeoutInMillis = path === "/slow" || path === "/stalls" ? 500 : 29_000;
    await api.method("ANY", path, { integration: { ...integration, uri: `${uri}${path}`, timeoutInMillis } });
  }
  const elsewhere = { "/down": "https://127.0.0.1:9/", "/unknown": "https://no-such-host.invalid/" };
  for (const [path, target] of Object.entries(elsewhere)) {
    await api.method("ANY", path, { integration: { ...integration, uri: target } });
  }
  await api.method("ANY", "/stream", {
    integration: { ...integration, uri: `${uri}/large`, responseTransferMode: "STREAM" },
  });
  await api.deploy();
});
afterAll(() => {
  backend.closeAllConnections();
  backend.close();
});

const call = async (path: string, init: RequestInit = {}) => {
  const response = await fetch(api.url(origin, path), init);
  return [response.status, await response.text()];
};

describe("what arrives", () => {
  test("header names keep their casing, and cookies stay apart", async () => {
    const { pathname, host } = new URL(api.url(origin, "/echo"));
    const response = await rawRequest(
      origin,
      `GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\nx-OWN-name: 1\r\nConnection: close\r\n\r\n`,
    );
    expect(response?.lines.filter((line) => /^set-cookie/i.test(line))).toHaveLength(2);
    const raw: string[] = JSON.parse(response?.headers["x-raw"] ?? "[]");
    expect(raw).toContain("x-OWN-name");
    expect(raw.filter((name) => /^(?:host|connection)$/i.test(name))).toHaveLength(2);
    expect(raw.join().toLowerCase()).not.toContain("sallyport");
  });

  test("bodies of a known length and others pass both ways", async () => {
    const echoed = await fetch(api.url(origin, "/echo"), { method: "POST", body: large });
    expect(Buffer.from(await echoed.arrayBuffer()).equals(large)).toBe(true);
    const stream = new Blob([large]).stream();
    const chunked = { method: "PUT", body: stream, duplex: "half" } as RequestInit;
    const answer = await fetch(api.url(origin, "/echo"), chunked);
    expect(Buffer.from(await answer.arrayBuffer()).equals(large)).toBe(true);
  });

  test.each(["/large", "/stream"])("an answer of 3 MB: %s", async (path) => {
    expect((await call(path))[1]).toBe(String(large));
  });

  test("answers without a body", async () => {
    expect(await call("/none")).toEqual([204, ""]);
    expect(await call("/unchanged")).toEqual([304, ""]);
    expect(await call("/large", { method: "HEAD" })).toEqual([200, ""]);
  });

  test("an answer that comes before the request has been read", async () => {
    expect(await call("/early", { method: "POST", body: large })).toEqual([413, "enough"]);
    expect(await call("/early", { method: "POST", body: "small" })).toEqual([413, "enough"]);
  });
});

describe("faults", () => {
  const networkError = [504, '{"message": "Network error communicating with endpoint"}'];
  test.each([
    ["/down", networkError],
    ["/unknown", [500, '{"message": "Internal server error"}']],
    ["/closes", networkError],
    ["/nonsense", networkError],
    ["/odd-reason", networkError],
    ["/status-0", networkError],
    ["/breaks-small", networkError],
    ["/slow", [504, '{"message": "Endpoint request timed out"}']],
  ])("%s", async (path, expected) => {
    expect(await call(path)).toEqual(expected);
  });

  test.each(["/stalls", "/breaks"])("a large body that %s ends the client's connection", async (path) => {
    const response = await fetch(api.url(origin, path));
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
  });

  test("leave no connection open", async () => {
    const faults = ["/slow", "/stalls", "/breaks", "/closes", "/breaks-small"];
    const calls = Array.from({ length: 50 }, (_, index) =>
      call(faults[index % faults.length] as string).catch(() => undefined),
    );
    await Promise.all(calls);
    await expect.poll(() => open.size, { timeout: 15_000 }).toBe(0);
    expect((await call("/none"))[0]).toBe(204);
  });
});
