/** The life of WebSocket connections, and `@connections` through the AWS SDK. */
import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GetConnectionCommand,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import { UpdateApiCommand } from "@aws-sdk/client-apigatewayv2";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { credentials } from "../gateway.ts";
import { apiGatewayV2Client } from "./clients.ts";
import { eventually, TestSocket, TestWebSocketApi } from "./websocket-api.ts";

const origin = inject("origin");
let api: TestWebSocketApi;
let connections: ApiGatewayManagementApiClient;

const managementClient = (apiId: string, stageName = "test") =>
  new ApiGatewayManagementApiClient({
    endpoint: `${origin}/execute-api/${apiId}/${stageName}`,
    region: "us-east-1",
    credentials,
    maxAttempts: 1,
  });

beforeAll(async () => {
  api = await TestWebSocketApi.create(apiGatewayV2Client(origin));
  // Without a $default route, any message is answered with an error that names the connection.
  await api.route("join", { integration: { RequestTemplates: { $default: '{"statusCode":200}' } } });
  await api.deploy();
  connections = managementClient(api.id);
});

async function openWithId(): Promise<{ socket: TestSocket; id: string }> {
  const socket = await TestSocket.open(api.url(origin), { headers: { "user-agent": "test" } });
  socket.send("hello");
  const { connectionId } = await socket.nextJson();
  return { socket, id: connectionId as string };
}

const goneError = { name: "GoneException", $metadata: { httpStatusCode: 410 } };

describe("a connection", () => {
  test("of an API without $connect opens; a message that no route takes is forbidden", async () => {
    const socket = await TestSocket.open(api.url(origin));
    socket.send({ action: "nothing" });
    expect(await socket.next()).toMatch(
      /^\{"message": "Forbidden", "connectionId":"[\w-]{15}=", "requestId":"[\w-]{15}="\}$/,
    );
    socket.socket.close(3001, "bye");
    expect(await socket.closed).toEqual({ code: 3001, reason: "bye" });
  });

  test("ends with 1003 for a binary frame", async () => {
    const { socket } = await openWithId();
    socket.socket.send(Buffer.from([1]));
    expect((await socket.closed).code).toBe(1003);
  });

  test("ends with 1009 for a message over 128 KB; one of 128 KB is taken", async () => {
    const { socket } = await openWithId();
    socket.send("é".repeat(65_536));
    expect(await socket.nextJson()).toMatchObject({ message: "Forbidden" });
    socket.send(`${"é".repeat(65_536)}.`);
    expect((await socket.closed).code).toBe(1009);
  });
});

test.each(["$default", "%24default"])("the stage $default is served at /%s", async (segment) => {
  const api = await TestWebSocketApi.create(apiGatewayV2Client(origin));
  await api.route("join", { integration: { RequestTemplates: { $default: '{"statusCode":200}' } } });
  await api.deploy("$default");
  const socket = await TestSocket.open(api.url(origin, segment));
  socket.send("hello");
  const { connectionId: ConnectionId } = (await socket.nextJson()) as { connectionId: string };
  const backend = managementClient(api.id, segment);
  await backend.send(new PostToConnectionCommand({ ConnectionId, Data: "posted" }));
  expect(await socket.next()).toBe("posted");
  await backend.send(new DeleteConnectionCommand({ ConnectionId }));
  expect((await socket.closed).code).toBe(1000);
  expect((await fetch(`${origin}/execute-api/${api.id}/$other`)).status).toBe(403);
});

test("a request to a path below the stage is forbidden", async () => {
  expect((await fetch(`${origin}/execute-api/${api.id}/test/other`)).status).toBe(403);
});

// The guide's apigateway-how-to-call-websocket-api-wscat has a slash behind the stage.
test("a stage's address may end in a slash", async () => {
  const socket = await TestSocket.open(`${api.url(origin)}/`);
  socket.send({ action: "nothing" });
  expect(await socket.nextJson()).toMatchObject({ message: "Forbidden" });
  socket.socket.close();
});

// The guide's websocket-api-disable-default-endpoint.
test("an API whose default endpoint is disabled is closed from its next deployment on", async () => {
  const client = apiGatewayV2Client(origin);
  const hidden = await TestWebSocketApi.create(client);
  await hidden.route("join", { integration: {} });
  await hidden.deploy();
  await client.send(new UpdateApiCommand({ ApiId: hidden.id, DisableExecuteApiEndpoint: true }));
  (await TestSocket.open(hidden.url(origin))).socket.close();
  await hidden.redeploy();
  await expect(TestSocket.open(hidden.url(origin))).rejects.toThrow("Unexpected server response: 403");
});

describe("@connections", () => {
  test("GET says when and from where", async () => {
    const before = Date.now();
    const { id } = await openWithId();
    const state = await connections.send(new GetConnectionCommand({ ConnectionId: id }));
    expect(state.Identity).toEqual({ SourceIp: "127.0.0.1", UserAgent: "test" });
    const connectedAt = (state.ConnectedAt as Date).getTime();
    expect(connectedAt).toBeGreaterThan(before - 1000);
    expect((state.LastActiveAt as Date).getTime()).toBeGreaterThanOrEqual(connectedAt);
  });

  test("POST sends text; what is no UTF-8 goes as binary", async () => {
    const { socket, id } = await openWithId();
    await connections.send(new PostToConnectionCommand({ ConnectionId: id, Data: "grüße" }));
    await connections.send(
      new PostToConnectionCommand({ ConnectionId: id, Data: new Uint8Array([0xff, 0x00]) }),
    );
    expect(await socket.next()).toBe("grüße");
    expect(await socket.next()).toBe("binary:ff00");
  });

  test("POST takes 128 KB and no more", async () => {
    const { socket, id } = await openWithId();
    const Data = "x".repeat(131_072);
    await connections.send(new PostToConnectionCommand({ ConnectionId: id, Data }));
    expect(await socket.next()).toBe(Data);
    await expect(
      connections.send(new PostToConnectionCommand({ ConnectionId: id, Data: `${Data}x` })),
    ).rejects.toMatchObject({ name: "PayloadTooLargeException", $metadata: { httpStatusCode: 413 } });
  });

  test("DELETE closes with 1000; then it is gone", async () => {
    const { socket, id } = await openWithId();
    await connections.send(new DeleteConnectionCommand({ ConnectionId: id }));
    expect(await socket.closed).toEqual({ code: 1000, reason: "Connection Closed Normally" });
    for (const command of [
      new DeleteConnectionCommand({ ConnectionId: id }),
      new PostToConnectionCommand({ ConnectionId: id, Data: "x" }),
    ]) {
      await expect(connections.send(command as PostToConnectionCommand)).rejects.toMatchObject(goneError);
    }
    await expect(connections.send(new GetConnectionCommand({ ConnectionId: id }))).rejects.toMatchObject(
      goneError,
    );
  });

  test("POST to a client that has left is 410", async () => {
    const { socket, id } = await openWithId();
    socket.socket.terminate();
    await socket.closed;
    let failure: unknown;
    await eventually(() => {
      connections.send(new PostToConnectionCommand({ ConnectionId: id, Data: "x" })).catch((error) => {
        failure = error;
      });
      return failure !== undefined;
    });
    expect(failure).toMatchObject(goneError);
  });

  test("an id that is none is 400, one of another stage 410", async () => {
    await expect(
      connections.send(new GetConnectionCommand({ ConnectionId: "nonsense" })),
    ).rejects.toMatchObject({
      name: "BadRequestException",
      message: "Invalid connectionId: nonsense",
      $metadata: { httpStatusCode: 400 },
    });
    const { id } = await openWithId();
    const other = await TestWebSocketApi.create(apiGatewayV2Client(origin));
    await other.route("join", { integration: {} });
    await other.deploy();
    await expect(
      managementClient(other.id).send(new GetConnectionCommand({ ConnectionId: id })),
    ).rejects.toMatchObject(goneError);
  });

  test("unsigned is 403, and so is another service's signature", async () => {
    const { id } = await openWithId();
    const url = `${origin}/execute-api/${api.id}/test/@connections/${encodeURIComponent(id)}`;
    const response = await fetch(url, { method: "POST", body: "x" });
    expect(response.status).toBe(403);
    expect(response.headers.get("x-amzn-errortype")).toBe("MissingAuthenticationTokenException");
    expect(await response.json()).toEqual({ message: "Missing Authentication Token" });
    const wrong = new ApiGatewayManagementApiClient({
      endpoint: `${origin}/execute-api/${api.id}/test`,
      region: "us-east-1",
      credentials: { ...credentials, secretAccessKey: "wrong" },
      maxAttempts: 1,
    });
    await expect(wrong.send(new GetConnectionCommand({ ConnectionId: id }))).rejects.toMatchObject({
      name: "InvalidSignatureException",
      $metadata: { httpStatusCode: 403 },
    });
  });
});
