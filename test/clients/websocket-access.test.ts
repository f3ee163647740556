/** Who may open a connection, and how many messages it may send, through the AWS SDK and a WebSocket client. */
import { CreateAuthorizerCommand, UpdateStageCommand } from "@aws-sdk/client-apigatewayv2";
import { AwsClient, AwsV4Signer } from "aws4fetch";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { credentials } from "../gateway.ts";
import { allowed } from "./authorizer-api.ts";
import { apiGatewayClient, apiGatewayV2Client, lambdaClient } from "./clients.ts";
import { functionUri } from "./stored-functions.ts";
import { createMeteredKey } from "./usage-plan.ts";
import { type RouteOptions, TestSocket, TestWebSocketApi } from "./websocket-api.ts";

const origin = inject("origin");
const client = apiGatewayV2Client(origin);
const lambda = lambdaClient(origin);
const scope = { ...credentials, service: "execute-api", region: "us-east-1" };

/** A route that answers with what its function sees of the caller. */
let who: RouteOptions;

beforeAll(async () => {
  const name = await allowed(
    lambda,
    `export const handler = async ({ requestContext: { authorizer, identity, connectionId } }) =>
      ({ statusCode: 200, body: JSON.stringify({ authorizer, identity, connectionId }) });`,
  );
  who = {
    integration: {
      IntegrationType: "AWS_PROXY",
      IntegrationMethod: "POST",
      IntegrationUri: functionUri(name),
    },
    isTwoWay: true,
  };
});

const ask = async (socket: TestSocket) => {
  socket.send({ action: "who" });
  return socket.nextJson();
};

const refused = (status: number) => `Unexpected server response: ${status}`;

describe("a Lambda authorizer", () => {
  /** The guide's function (apigateway-websocket-api-lambda-auth), which also gives its event on. */
  const guideFunction = `
export const handler = (event, context, callback) => {
  const { headers, queryStringParameters, methodArn } = event;
  const policy = (Effect) => ({
    principalId: "me",
    policyDocument: {
      Version: "2012-10-17",
      Statement: [{ Action: "execute-api:Invoke", Effect, Resource: methodArn }],
    },
    context: {
      stringKey: "stringval",
      numberKey: 123,
      booleanKey: true,
      ...(queryStringParameters.long ? { long: "é".repeat(Number(queryStringParameters.long)) } : {}),
      ...(queryStringParameters.event ? { event: JSON.stringify(event) } : {}),
    },
  });
  if (queryStringParameters.QueryString1 === "deny") return callback(null, policy("Deny"));
  if (headers.HeaderAuth1 === "headerValue1" && queryStringParameters.QueryString1 === "queryValue1") {
    callback(null, policy("Allow"));
  } else callback("Unauthorized");
};`;
  let api: TestWebSocketApi;
  const open = (query: string, headers: Record<string, string> = { HeaderAuth1: "headerValue1" }) =>
    TestSocket.open(`${api.url(origin)}?${query}`, { headers });

  beforeAll(async () => {
    api = await TestWebSocketApi.create(client);
    const { AuthorizerId } = await client.send(
      new CreateAuthorizerCommand({
        ApiId: api.id,
        Name: "guide",
        AuthorizerType: "REQUEST",
        AuthorizerUri: functionUri(await allowed(lambda, guideFunction)),
        IdentitySource: ["route.request.header.HeaderAuth1", "route.request.querystring.QueryString1"],
      }),
    );
    await api.route("$connect", { ...who, route: { AuthorizationType: "CUSTOM", AuthorizerId } });
    await api.route("who", who);
    await api.deploy();
  });

  test("lets a client in, and messages know what it said", async () => {
    const socket = await open("QueryString1=queryValue1");
    for (const _ of [1, 2]) {
      expect(await ask(socket)).toMatchObject({
        authorizer: { principalId: "me", stringKey: "stringval", numberKey: "123", booleanKey: "true" },
      });
    }
  });

  test("sees the request, with the connection's id", async () => {
    const socket = await open("QueryString1=queryValue1&event=1");
    const { authorizer, connectionId } = await ask(socket);
    const event = JSON.parse((authorizer as { event: string }).event);
    expect(event).toMatchObject({
      type: "REQUEST",
      methodArn: `arn:aws:execute-api:us-east-1:000000000000:${api.id}/test/$connect`,
      headers: { Connection: "upgrade", Upgrade: "websocket", "Sec-WebSocket-Version": "13" },
      stageVariables: {},
      requestContext: {
        routeKey: "$connect",
        eventType: "CONNECT",
        messageDirection: "IN",
        stage: "test",
        identity: { sourceIp: "127.0.0.1" },
        apiId: api.id,
        connectionId,
      },
    });
  });

  test("may say as much as 8 KB", async () => {
    const socket = await open("QueryString1=queryValue1&long=3800");
    expect(await ask(socket)).toMatchObject({ authorizer: { long: "é".repeat(3800) } });
    await expect(open("QueryString1=queryValue1&long=4096")).rejects.toThrow(refused(500));
  });

  test.each([
    ["without a header", "QueryString1=queryValue1", {}, 401],
    ["without a parameter", "", undefined, 401],
    ["that it does not know", "QueryString1=other", undefined, 401],
    ["that its policy denies", "QueryString1=deny", undefined, 403],
  ])("refuses a client %s", async (_, query, headers, status) => {
    await expect(open(query, headers)).rejects.toThrow(refused(status));
  });
});

describe("AWS_IAM", () => {
  let api: TestWebSocketApi;

  beforeAll(async () => {
    api = await TestWebSocketApi.create(client);
    await api.route("$connect", { route: { AuthorizationType: "AWS_IAM" } });
    await api.route("who", who);
    await api.deploy();
  });

  test("a presigned URL opens a connection, and messages know who signed it", async () => {
    const url = `${api.url(origin).replace(/^ws/, "http")}?room=1`;
    const signed = await new AwsV4Signer({ ...scope, url, signQuery: true }).sign();
    const socket = await TestSocket.open(signed.url.href.replace(/^http/, "ws"));
    const { identity } = await ask(socket);
    expect(identity).toEqual({
      accountId: "000000000000",
      caller: "000000000000",
      accessKey: credentials.accessKeyId,
      userArn: "arn:aws:iam::000000000000:root",
      user: "000000000000",
      sourceIp: "127.0.0.1",
    });
  });

  test("signed headers do", async () => {
    const { headers } = await new AwsV4Signer({
      ...scope,
      url: api.url(origin).replace(/^ws/, "http"),
    }).sign();
    await TestSocket.open(api.url(origin), { headers: Object.fromEntries(headers) });
  });

  test("no signature does not, nor one for another stage", async () => {
    await expect(TestSocket.open(api.url(origin))).rejects.toThrow(refused(403));
    const url = api.url(origin, "other").replace(/^ws/, "http");
    const { search } = (await new AwsV4Signer({ ...scope, url, signQuery: true }).sign()).url;
    await expect(TestSocket.open(api.url(origin) + search)).rejects.toThrow(refused(403));
  });
});

test("an API key opens connections as its plan allows, and no other does", async () => {
  const api = await TestWebSocketApi.create(client);
  await api.route("$connect", { route: { ApiKeyRequired: true } });
  await api.route("who", who);
  await api.deploy();
  const quota = { limit: 2, period: "DAY" } as const;
  const key = await createMeteredKey(apiGatewayClient(origin), api.id, { quota });
  const open = (value = key.value) => TestSocket.open(api.url(origin), { headers: { "x-api-key": value } });
  const socket = await open();
  expect(await ask(socket)).toMatchObject({ identity: { apiKey: key.value, apiKeyId: key.id } });
  await open();
  await expect(open()).rejects.toThrow(refused(429));
  await expect(open("n".repeat(20))).rejects.toThrow(refused(403));
  await expect(TestSocket.open(api.url(origin))).rejects.toThrow(refused(403));
});

test("a route's throttle answers what is too much, is counted, and may change while connections are open", async () => {
  const api = await TestWebSocketApi.create(client);
  await api.route("who", who);
  await api.route("$default", who);
  await api.deploy();
  const throttle = (ThrottlingBurstLimit: number, ThrottlingRateLimit: number) =>
    client.send(
      new UpdateStageCommand({
        ApiId: api.id,
        StageName: "test",
        RouteSettings: { who: { ThrottlingBurstLimit, ThrottlingRateLimit } },
      }),
    );
  await throttle(2, 0.01);
  const socket = await TestSocket.open(api.url(origin));
  const { connectionId } = await ask(socket);
  expect(await ask(socket)).toMatchObject({ connectionId });
  socket.send({ action: "who" });
  expect(await socket.next()).toMatch(
    new RegExp(
      `^\\{"message": "Too Many Requests", "connectionId":"${connectionId}", "requestId":"[\\w-]{15}="\\}$`,
    ),
  );
  socket.send({ action: "another" });
  expect(await socket.nextJson()).not.toHaveProperty("message");
  const series = `sallyport_requests_throttled_total{api="${api.id}",stage="test",plan="",limit="stage_route"} 1\n`;
  await expect
    .poll(async () => (await fetch(`${origin}/_sallyport/metrics`)).text(), { timeout: 10_000 })
    .toContain(series);
  await throttle(100, 1000);
  await expect.poll(() => ask(socket), { timeout: 10_000 }).not.toHaveProperty("message");
});

describe("@connections", () => {
  let url: string;

  beforeAll(async () => {
    const api = await TestWebSocketApi.create(client);
    await api.route("who", who);
    await api.deploy();
    const socket = await TestSocket.open(api.url(origin));
    const { connectionId } = await ask(socket);
    url = `${api.url(origin).replace(/^ws/, "http")}/@connections/${encodeURIComponent(connectionId as string)}`;
  });

  test("is for requests that are signed", async () => {
    const unsigned = await fetch(url, { method: "POST", body: "hello" });
    expect(unsigned.status).toBe(403);
    expect(await unsigned.json()).toEqual({ message: "Missing Authentication Token" });
    expect((await new AwsClient(scope).fetch(url, { method: "POST", body: "hello" })).status).toBe(200);
  });

  // The guide's apigateway-how-to-call-websocket-api-connections: "You need to URL-encode the command".
  test.each(["@connections", "%40connections"])("is %s", async (segment) => {
    const encoded = url.replace("@connections", segment);
    const answer = await new AwsClient(scope).fetch(encoded);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ identity: { sourceIp: "127.0.0.1", userAgent: null } });
  });

  test.each([
    ["service", "lambda", "Credential should be scoped to correct service: 'execute-api'."],
    ["region", "eu-west-1", "Credential should be scoped to a valid region."],
  ])("for this %s", async (part, value, message) => {
    const answer = await new AwsClient({ ...scope, [part]: value, retries: 0 }).fetch(url);
    expect(answer.status).toBe(403);
    expect(await answer.json()).toEqual({ message });
  });
});
