/** Integrations whose response transfer mode is STREAM. Source: the guide's response-transfer-mode and its neighbours. */
import { createServer, type ServerResponse } from "node:http";
import { GetIntegrationCommand, UpdateIntegrationCommand } from "@aws-sdk/client-api-gateway";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { listen } from "../listen.ts";
import { apiGatewayClient, lambdaClient } from "./clients.ts";
import { mock, TestApi } from "./rest-api.ts";
import { createFunction, functionArn, invokeFunction, permit } from "./stored-functions.ts";

const origin = inject("origin");
const client = apiGatewayClient(origin);
const lambda = lambdaClient(origin);
let api: TestApi;
/** What the backend answers by path, and when it goes on. */
let goOn: () => void = () => undefined;
const backend = createServer((request, response: ServerResponse) => {
  if (request.url === "/large") {
    response.writeHead(200, { "content-type": "application/octet-stream" });
    for (let index = 0; index < 12; index++) response.write(Buffer.alloc(1_048_576, index));
    response.end();
    return;
  }
  response.writeHead(200, { "content-type": "text/event-stream", "x-own": "1" });
  response.write("data: first\n\n");
  if (request.url === "/breaks") goOn = () => response.destroy();
  else goOn = () => response.end("data: last\n\n");
});

const functions: Record<string, string> = {
  prelude: `
    import { setTimeout as sleep } from "node:timers/promises";
    export const handler = awslambda.streamifyResponse(async (event, stream, context) => {
      stream = awslambda.HttpResponseStream.from(stream, {
        statusCode: 201,
        headers: { "Content-Type": "text/plain", "X-Function": context.functionName },
        cookies: ["a=1", "b=2"],
      });
      stream.write("asked for " + event.path + ";");
      await sleep(20);
      stream.write("twice");
      stream.end();
    });`,
  pipeline: `
    import { pipeline } from "node:stream/promises";
    import { Readable } from "node:stream";
    export const handler = awslambda.streamifyResponse(async (event, stream) => {
      stream = awslambda.HttpResponseStream.from(stream, { statusCode: 200 });
      await pipeline(Readable.from(["x".repeat(7_000_000), "y".repeat(5_000_000)]), stream);
    });`,
  raw: `
    export const handler = awslambda.streamifyResponse(async (event, stream) => {
      stream.write('{"statusCode": 202, "multiValueHeaders": {"X-Many": ["1", "2"]}}');
      stream.write(Buffer.alloc(8));
      stream.end(Buffer.from([0, 255, 0]));
    });`,
  "no-content": `
    export const handler = awslambda.streamifyResponse(async (event, stream) => {
      awslambda.HttpResponseStream.from(stream, { statusCode: 204 }).end("hello");
    });`,
  fails: `export const handler = awslambda.streamifyResponse(async () => { throw new Error("no"); });`,
  "fails-late": `
    export const handler = awslambda.streamifyResponse(async (event, stream) => {
      stream = awslambda.HttpResponseStream.from(stream, { statusCode: 200 });
      stream.write("some");
      await new Promise((resolve) => setTimeout(resolve, 50));
      throw new Error("no");
    });`,
  "no-metadata": `
    export const handler = awslambda.streamifyResponse(async (event, stream) => { stream.end("hello"); });`,
  "long-metadata": `
    export const handler = awslambda.streamifyResponse(async (event, stream) => {
      awslambda.HttpResponseStream.from(stream, { headers: { "X-Long": "x".repeat(20_000) } }).end("hello");
    });`,
  buffered: `export const handler = async () => ({ statusCode: 200, body: "hello" });`,
};
const names: Record<string, string> = {};

beforeAll(async () => {
  const uri = `http://127.0.0.1:${await listen(backend)}`;
  api = await TestApi.create(client, { minimumCompressionSize: 0 });
  for (const path of ["/events", "/breaks", "/large"]) {
    await api.method("GET", path, {
      integration: {
        type: "HTTP_PROXY",
        integrationHttpMethod: "GET",
        uri: uri + path,
        responseTransferMode: "STREAM",
        timeoutInMillis: 900_000,
      },
    });
  }
  for (const [path, code] of Object.entries(functions)) {
    const name = await createFunction(lambda, code);
    names[path] = name;
    await permit(lambda, name);
    await api.method("GET", `/${path}`, {
      integration: {
        type: "AWS_PROXY",
        integrationHttpMethod: "POST",
        responseTransferMode: "STREAM",
        uri: `arn:aws:apigateway:us-east-1:lambda:path/2021-11-15/functions/${functionArn(name)}/response-streaming-invocations`,
      },
    });
  }
  await api.deploy();
});
afterAll(() => {
  backend.closeAllConnections();
  backend.close();
});

const get = (path: string) => fetch(api.url(origin, path), { headers: { "accept-encoding": "gzip" } });

describe("HTTP_PROXY", () => {
  test("each piece reaches the client as it comes, and nothing is compressed", async () => {
    const response = await get("/events");
    expect(response.headers.get("x-own")).toBe("1");
    expect(response.headers.get("content-encoding")).toBeNull();
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    const text = async () => new TextDecoder().decode((await reader.read()).value);
    expect(await text()).toBe("data: first\n\n");
    goOn();
    expect(await text()).toBe("data: last\n\n");
    expect((await reader.read()).done).toBe(true);
  });

  test("more than 10 MB", async () => {
    const octets = new Uint8Array(await (await get("/large")).arrayBuffer());
    expect([octets.byteLength, octets.at(-1)]).toEqual([12 * 1_048_576, 11]);
  });

  test("a backend that breaks off ends the client's connection", async () => {
    const response = await get("/breaks");
    goOn();
    await expect(response.text()).rejects.toThrow();
  });
});

describe("AWS_PROXY", () => {
  test("metadata, then what the function writes", async () => {
    const response = await get("/prelude");
    expect(response.status).toBe(201);
    expect(response.headers.get("x-function")).toBe(names.prelude);
    expect(response.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    expect(response.headers.get("content-type")).toBe("text/plain");
    expect(await response.text()).toBe("asked for /prelude;twice");
  });

  test("a pipeline of more than 10 MB", async () => {
    expect((await (await get("/pipeline")).text()).length).toBe(12_000_000);
  });

  test("metadata that the function writes itself, and octets", async () => {
    const response = await get("/raw");
    expect([response.status, response.headers.get("x-many")]).toEqual([202, "1, 2"]);
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(new Uint8Array([0, 255, 0]));
  });

  test.each(["/fails", "/no-metadata", "/long-metadata", "/buffered"])("%s is 502", async (path) => {
    const response = await get(path);
    expect([response.status, await response.text()]).toEqual([502, '{"message": "Internal server error"}']);
  });

  test("a status that has no body has none", async () => {
    const response = await get("/no-content");
    expect([response.status, await response.text()]).toEqual([204, ""]);
  });

  test("a function that fails after its metadata ends the client's connection", async () => {
    const response = await get("/fails-late");
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
  });

  test("a caller that waits for a streaming function gets all of it", async () => {
    const answer = await invokeFunction(lambda, names["no-metadata"] as string).catch((error) => error);
    expect(String(answer)).toContain("hello");
  });
});

describe("PutIntegration and UpdateIntegration", () => {
  test("streams may take 15 minutes, other integrations 29 seconds", async () => {
    const integration = {
      type: "HTTP_PROXY",
      integrationHttpMethod: "GET",
      uri: "http://example.com",
    } as const;
    const put = (options: object) =>
      api.method("PUT", `/${crypto.randomUUID()}`, { integration: { ...integration, ...options } });
    await put({ responseTransferMode: "STREAM", timeoutInMillis: 900_000 });
    await expect(put({ responseTransferMode: "STREAM", timeoutInMillis: 900_001 })).rejects.toThrow(
      "Timeout should be between 50 ms and 900000 ms",
    );
    await expect(put({ timeoutInMillis: 29_001 })).rejects.toThrow(
      "Timeout should be between 50 ms and 29000 ms",
    );
  });

  test("only proxies stream", async () => {
    await expect(
      api.method("PUT", "/mock", { integration: { ...mock(), responseTransferMode: "STREAM" } }),
    ).rejects.toThrow("STREAM");
  });

  test("the mode can be changed", async () => {
    const place = { restApiId: api.id, resourceId: await api.resource("/raw"), httpMethod: "GET" };
    const patch = (value: string) =>
      client.send(
        new UpdateIntegrationCommand({
          ...place,
          patchOperations: [{ op: "replace", path: "/responseTransferMode", value }],
        }),
      );
    await patch("BUFFERED");
    expect((await client.send(new GetIntegrationCommand(place))).responseTransferMode).toBe("BUFFERED");
    await expect(patch("FAST")).rejects.toThrow("Valid options are BUFFERED,STREAM");
  });
});
