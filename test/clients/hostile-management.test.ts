/** What a hostile caller with a valid signature can send to the control plane: a clear 4xx, and nothing half-written. */

import { text } from "node:stream/consumers";
import { GetAccountCommand, GetResourcesCommand, GetRestApiCommand } from "@aws-sdk/client-api-gateway";
import { afterEach, describe, expect, inject, test } from "vitest";
import { apiGatewayClient } from "./clients.ts";
import { TestApi } from "./rest-api.ts";

const origin = inject("origin");
const client = apiGatewayClient(origin);

afterEach(async () => {
  expect((await fetch(`${origin}/_sallyport/health`)).status).toBe(200);
});

interface Answer {
  status: number;
  /** Name of the error. */
  type?: string;
  text: string;
}

/** Any request at all, signed by the SDK: what it would have sent is replaced before it signs. */
async function send(
  method: string,
  path: string,
  body = "",
  query: Record<string, string> = {},
): Promise<Answer> {
  const hostile = apiGatewayClient(origin);
  let answer: Answer = { status: 0, text: "" };
  hostile.middlewareStack.add(
    (next) => (args) => {
      const headers = {
        ...(args.request as { headers: object }).headers,
        "content-type": "application/json",
      };
      Object.assign(args.request as object, {
        method,
        path,
        query,
        headers,
        body: body === "" ? undefined : body,
      });
      return next(args);
    },
    { step: "build", priority: "low" },
  );
  hostile.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const { statusCode, headers, body } = result.response as {
        statusCode: number;
        headers: Record<string, string>;
        body: AsyncIterable<Buffer>;
      };
      answer = { status: statusCode, type: headers["x-amzn-errortype"], text: await text(body) };
      return result;
    },
    { step: "deserialize", priority: "low" },
  );
  // The client cannot make sense of the answer any more; the test has it.
  await hostile.send(new GetAccountCommand({})).catch(() => undefined);
  hostile.destroy();
  return answer;
}

describe("bodies", () => {
  test.each([
    ["no JSON", "{"],
    ["a list", "[]"],
    ["a text", '"x"'],
    ["null", "null"],
    ["a number for a name", '{"name": 1}'],
    ["an object for a name", '{"name": {}}'],
    ["a text for a list", '{"name": "n", "binaryMediaTypes": "x"}'],
    ["a thousand levels", `{"name": ${"[".repeat(1000)}${"]".repeat(1000)}}`],
    ["a hundred thousand levels", `{"name": ${"[".repeat(100_000)}${"]".repeat(100_000)}}`],
  ])("%s is refused in AWS's form", async (_, body) => {
    const { status, type, text } = await send("POST", "/restapis", body);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(type).toMatch(/Exception$/);
    expect(JSON.parse(text)).toHaveProperty("message");
  });

  test("unknown members are ignored, and `__proto__` changes nothing", async () => {
    const { status, text } = await send(
      "POST",
      "/restapis",
      '{"name": "n", "x": 1, "__proto__": {"polluted": true}}',
    );
    expect(status).toBe(201);
    expect(JSON.parse(text)).not.toHaveProperty("polluted");
    expect(
      await send("POST", "/restapis", '{"name": "n", "tags": {"__proto__": "x", "constructor": "y"}}'),
    ).toMatchObject({
      status: 201,
    });
  });

  test("more than 10 MB is refused before it is read", async () => {
    const body = `{"name": "${"x".repeat(10_500_000)}"}`;
    expect(await send("POST", "/restapis", body)).toMatchObject({
      status: 413,
      type: "RequestEntityTooLargeException",
    });
  });
});

describe("paths and parameters", () => {
  test.each([
    "/restapis/%zz",
    "/restapis/%ff",
    "/restapis/..%2f..",
    "/restapis//",
    "/%00",
    "/restapis/a/resources/b/methods/GET/x",
  ])("%s is refused", async (path) => {
    const response = await fetch(`${origin}${path}`);
    expect(response.status).toBe(403);
    const { status } = await send("GET", path);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
  });

  test.each(["abc", "1e9", "9".repeat(40), "-"])("limit=%s is refused", async (limit) => {
    expect(await send("GET", "/restapis", "", { limit })).toMatchObject({
      status: 400,
      type: "SerializationException",
    });
  });

  test("a position that no page has given is refused", async () => {
    expect(await send("GET", "/restapis", "", { position: "../../x" })).toMatchObject({
      status: 400,
      type: "BadRequestException",
    });
  });
});

describe("patches", () => {
  test.each([
    ["", "replace"],
    ["/", "replace"],
    ["name", "replace"],
    ["//name", "replace"],
    ["/name/x/y/z", "replace"],
    ["/__proto__/polluted", "add"],
    ["/constructor", "replace"],
    [`/${"a/".repeat(5000)}`, "add"],
    ["/name", "test"],
    ["/name", "copy"],
  ])("of %j by %s is refused, and nothing is changed", async (path, op) => {
    const api = await TestApi.create(client, { name: "kept" });
    const operations = [
      { op: "replace", path: "/name", value: "changed" },
      { op, path, value: "x" },
    ];
    const { status, type } = await send(
      "PATCH",
      `/restapis/${api.id}`,
      JSON.stringify({ patchOperations: operations }),
    );
    expect([status, type]).toEqual([400, "BadRequestException"]);
    expect((await client.send(new GetRestApiCommand({ restApiId: api.id }))).name).toBe("kept");
  });

  test("a list of operations that holds no operations is refused", async () => {
    const api = await TestApi.create(client);
    for (const patchOperations of ['"x"', "{}", "[1]", "[[]]", '[{"op": 1}]', "[null]"]) {
      const { status } = await send(
        "PATCH",
        `/restapis/${api.id}`,
        `{"patchOperations": ${patchOperations}}`,
      );
      expect([patchOperations, status]).toEqual([patchOperations, 400]);
    }
  });
});

describe("imports", () => {
  test.each([
    ["nothing", ""],
    ["text", "hello"],
    [
      "YAML bombs",
      `a: &a [x]\n${Array.from({ length: 30 }, (_, n) => `b${n}: &b${n} [*${n ? `b${n - 1}` : "a"}, *${n ? `b${n - 1}` : "a"}]`).join("\n")}`,
    ],
    ["a hundred thousand brackets", "[".repeat(100_000)],
    ["a document without version", "info: {title: x}\npaths: {}"],
  ])("%s is refused", async (_, body) => {
    const { status, type } = await send("POST", "/restapis", body, { mode: "import" });
    expect([status, type]).toEqual([400, "BadRequestException"]);
  });

  test("one that fails on its last method leaves no resource behind", async () => {
    const api = await TestApi.create(client);
    const operation = { "x-amazon-apigateway-integration": { type: "mock" }, responses: {} };
    const document = {
      openapi: "3.0.1",
      info: { title: "x", version: "1" },
      paths: { "/good": { get: operation }, "/{a+}/bad": { get: operation } },
    };
    const { status } = await send("PUT", `/restapis/${api.id}`, JSON.stringify(document), {
      mode: "overwrite",
    });
    expect(status).toBe(400);
    const { items } = await client.send(new GetResourcesCommand({ restApiId: api.id }));
    expect(items?.map(({ path }) => path)).toEqual(["/"]);
  });
});
