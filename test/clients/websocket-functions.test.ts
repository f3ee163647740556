/** Functions behind the routes of a WebSocket API: what they see, and what becomes of their results. */
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { allowed } from "./authorizer-api.ts";
import { apiGatewayV2Client, lambdaClient } from "./clients.ts";
import { createFunction, functionUri, permit } from "./stored-functions.ts";
import { TestSocket, TestWebSocketApi } from "./websocket-api.ts";

const origin = inject("origin");
const lambda = lambdaClient(origin);
const sockets: TestSocket[] = [];

async function open(...given: Parameters<typeof TestSocket.open>): Promise<TestSocket> {
  const socket = await TestSocket.open(...given);
  sockets.push(socket);
  return socket;
}

afterAll(async () => {
  for (const { socket } of sockets) socket.close();
  await Promise.all(sockets.map(({ closed }) => closed));
});

const createApi = () => TestWebSocketApi.create(apiGatewayV2Client(origin));

/** Keeps the events of all connections, and answers a message with those of the connection that it names. */
const recorder = `
  const events = [];
  export const handler = async (event) => {
    if (event.requestContext.eventType !== "MESSAGE") {
      events.push(event);
      const protocol = event.headers["Sec-WebSocket-Protocol"];
      return { statusCode: 200, headers: protocol ? { "Sec-WebSocket-Protocol": protocol.split(",")[0] } : {} };
    }
    const { of = event.requestContext.connectionId, action } = JSON.parse(event.body);
    if (action === "fail") throw new Error("no");
    if (action === "malformed") return { status: 200 };
    const body = JSON.stringify([...events.filter(({ requestContext }) => requestContext.connectionId === of), event]);
    return { statusCode: 500, body };
  };`;

describe("a function behind a proxy integration", () => {
  let url: string;

  beforeAll(async () => {
    const FunctionName = await createFunction(lambda, recorder);
    const api = await createApi();
    const IntegrationUri = functionUri(FunctionName);
    const integration = { IntegrationType: "AWS_PROXY", IntegrationUri } as const;
    for (const key of ["$connect", "$disconnect"]) await api.route(key, { integration });
    for (const key of ["report", "fail", "malformed", "forbidden"]) {
      await api.route(key, { integration, isTwoWay: true });
    }
    await api.route("quiet", { integration });
    for (const key of ["$connect", "$disconnect", "report", "fail", "malformed", "quiet"]) {
      await permit(lambda, FunctionName, `${api.id}/test/${key}`);
    }
    await api.deploy("test", { color: "blue" });
    url = api.url(origin);
  });

  type Event = Record<string, unknown> & { requestContext: Record<string, unknown> };
  const reported = async (socket: TestSocket) => JSON.parse(await socket.next()) as Event[];

  test("sees the request that opens a connection, and its messages", async () => {
    const socket = await open(`${url}?room=a&room=b`, {
      headers: { "X-Kind": "k" },
      protocols: ["chat.v2", "chat.v1"],
    });
    expect(socket.socket.protocol).toBe("chat.v2");
    const message = '{"action":"report", "text":"grüße"}';
    socket.send(message);
    const [connect, said] = (await reported(socket)) as [Event, Event];
    const { port } = new URL(origin);
    expect(connect).toMatchObject({
      headers: {
        Host: `127.0.0.1:${port}`,
        "Sec-WebSocket-Key": expect.stringMatching(/==$/),
        "Sec-WebSocket-Protocol": "chat.v2,chat.v1",
        "Sec-WebSocket-Version": "13",
        "X-Amzn-Trace-Id": expect.stringMatching(/^Root=1-/),
        "X-Forwarded-For": "127.0.0.1",
        "X-Forwarded-Port": port,
        "X-Forwarded-Proto": "http",
        "X-Kind": "k",
      },
      queryStringParameters: { room: "b" },
      multiValueQueryStringParameters: { room: ["a", "b"] },
      stageVariables: { color: "blue" },
      requestContext: { routeKey: "$connect", eventType: "CONNECT", stage: "test" },
      isBase64Encoded: false,
    });
    expect(Object.keys(connect.headers as object)).not.toContain("Upgrade");
    expect(Object.keys(said)).toEqual(["stageVariables", "requestContext", "body", "isBase64Encoded"]);
    expect(said).toMatchObject({
      body: message,
      requestContext: {
        routeKey: "report",
        eventType: "MESSAGE",
        connectionId: connect.requestContext.connectionId,
        identity: { sourceIp: "127.0.0.1" },
      },
    });
    socket.socket.close();
  });

  test("sees a connection that is closed", async () => {
    const first = await open(url);
    first.send({ action: "report" });
    const [{ requestContext }] = (await reported(first)) as [Event];
    first.socket.close(1000, "done");
    const second = await open(url);
    let events: Event[] = [];
    for (let attempt = 0; attempt < 50 && events.length < 3; attempt++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      second.send({ action: "report", of: requestContext.connectionId });
      events = await reported(second);
    }
    expect(events[1]).toMatchObject({
      headers: { Host: "127.0.0.1", "x-api-key": "", "X-Forwarded-For": "", "x-restapi": "" },
      requestContext: {
        routeKey: "$disconnect",
        eventType: "DISCONNECT",
        disconnectStatusCode: 1000,
        disconnectReason: "done",
      },
      isBase64Encoded: false,
    });
  });

  test("that fails, or answers what is no answer, is an error, and without a permission too", async () => {
    const socket = await open(url);
    for (const action of ["fail", "malformed", "forbidden"]) {
      socket.send({ action });
      expect(await socket.nextJson()).toMatchObject({ message: "Internal server error" });
    }
  });

  test("says nothing on a route without a response", async () => {
    const socket = await open(url);
    socket.send({ action: "quiet" });
    socket.send({ action: "report" });
    const [, said] = await reported(socket);
    expect(said?.requestContext.routeKey).toBe("report");
  });
});

// The guide's websocket-connect-route-subprotocol.
describe("a function that wants a subprotocol", () => {
  let url: string;

  beforeAll(async () => {
    const FunctionName = await allowed(
      lambda,
      `export const handler = async ({ headers }) => {
        const names = Object.entries(headers).find(([name]) => name.toLowerCase() === "sec-websocket-protocol");
        return names?.[1].split(",").includes("myprotocol")
          ? { statusCode: 200, headers: { "Sec-WebSocket-Protocol": "myprotocol" } }
          : { statusCode: 400 };
      };`,
    );
    const api = await createApi();
    const integration = { IntegrationType: "AWS_PROXY", IntegrationUri: functionUri(FunctionName) } as const;
    await api.route("$connect", { integration });
    await api.deploy();
    url = api.url(origin);
  });

  test.each([[["chat1"]], [[]]])("refuses a client that asks for %j", async (protocols) => {
    await expect(open(url, { protocols })).rejects.toThrow("Unexpected server response: 400");
  });

  test("lets a client in that asks for it among others", async () => {
    const { socket } = await open(url, { protocols: ["chat1", "myprotocol"] });
    expect(socket.protocol).toBe("myprotocol");
  });
});

test("a function behind a custom integration selects the response by its error", async () => {
  const FunctionName = await allowed(
    lambda,
    `export const handler = async ({ room }) => {
      if (room !== "a") throw new Error("no room " + room);
      return { room, seats: 2 };
    };`,
  );
  const api = await createApi();
  await api.route("join", {
    integration: {
      IntegrationType: "AWS",
      IntegrationUri: functionUri(FunctionName),
      RequestTemplates: { $default: "{\"room\":$input.json('$.to')}" },
    },
    integrationResponses: [
      { ResponseTemplates: { $default: "seats: $input.path('$.seats')" } },
      {
        IntegrationResponseKey: "/no room .*/",
        ResponseTemplates: { $default: "refused: $input.path('$.errorMessage')" },
      },
    ],
    isTwoWay: true,
  });
  await api.deploy();
  const socket = await open(api.url(origin));
  socket.send({ action: "join", to: "a" });
  expect(await socket.next()).toBe("seats: 2");
  socket.send({ action: "join", to: "b" });
  expect(await socket.next()).toBe("refused: no room b");
});
