/**
 * What mapping templates of a WebSocket API are told of a connection's events, variable by variable: the guide's
 * apigateway-websocket-api-mapping-template-reference.
 */
import { createServer } from "node:http";
import { json } from "node:stream/consumers";
import { CreateAuthorizerCommand } from "@aws-sdk/client-apigatewayv2";
import { AwsV4Signer } from "aws4fetch";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { credentials } from "../gateway.ts";
import { listen } from "../listen.ts";
import { allowed } from "./authorizer-api.ts";
import { apiGatewayClient, apiGatewayV2Client, lambdaClient } from "./clients.ts";
import { functionUri } from "./stored-functions.ts";
import { createMeteredKey } from "./usage-plan.ts";
import { eventually, type RouteOptions, TestSocket, TestWebSocketApi } from "./websocket-api.ts";

const origin = inject("origin");
const client = apiGatewayV2Client(origin);

/** All of the page, and `$context.domainPrefix` of its websocket-api-custom-domain-names. */
const variables = [
  "connectionId",
  "connectedAt",
  "domainName",
  "domainPrefix",
  "eventType",
  "messageId",
  "routeKey",
  "requestId",
  "extendedRequestId",
  "apiId",
  "authorizer.principalId",
  "authorizer.key",
  "authorizer.numKey",
  "authorizer.boolKey",
  "error.messageString",
  "error.validationErrorString",
  "identity.accountId",
  "identity.apiKey",
  "identity.apiKeyId",
  "identity.caller",
  "identity.cognitoAuthenticationProvider",
  "identity.cognitoAuthenticationType",
  "identity.cognitoIdentityId",
  "identity.cognitoIdentityPoolId",
  "identity.sourceIp",
  "identity.user",
  "identity.userAgent",
  "identity.userArn",
  "requestTime",
  "requestTimeEpoch",
  "stage",
  "status",
];
const template = `{${variables.map((name) => `"${name}":"$context.${name}"`).join(",")}}`;
/** What is not there is empty. */
const nothing = Object.fromEntries(variables.map((name) => [name, ""]));

const told: Record<string, string>[] = [];
const backend = createServer(async (request, response) => {
  told.push((await json(request)) as Record<string, string>);
  response.writeHead(202).end();
});
let port: number;

beforeAll(async () => {
  port = await listen(backend);
});
afterAll(() => {
  backend.close();
  backend.closeAllConnections();
});

/** A route whose backend, and whose client, are told all variables. */
const telling = (): RouteOptions => ({
  integration: {
    IntegrationType: "HTTP",
    IntegrationMethod: "POST",
    IntegrationUri: `http://127.0.0.1:${port}/`,
    RequestTemplates: { $default: template },
  },
  integrationResponses: [{ ResponseTemplates: { $default: template } }],
});

/** In place of what differs each time. */
const id = expect.stringMatching(/^[\w-]{15}=$/);
const milliseconds = expect.stringMatching(/^\d{13}$/);
const time = expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/);

test("a connection with an authorizer and an API key", async () => {
  const lambda = lambdaClient(origin);
  const name = await allowed(
    lambda,
    `export const handler = async ({ methodArn: Resource }) => ({
      principalId: "me",
      policyDocument: {
        Version: "2012-10-17",
        Statement: [{ Action: "execute-api:Invoke", Effect: "Allow", Resource }],
      },
      context: { key: "value", numKey: 1, boolKey: true },
    });`,
  );
  const api = await TestWebSocketApi.create(client);
  const { AuthorizerId } = await client.send(
    new CreateAuthorizerCommand({
      ApiId: api.id,
      Name: "authorizer",
      AuthorizerType: "REQUEST",
      AuthorizerUri: functionUri(name),
      IdentitySource: ["route.request.header.Authorization"],
    }),
  );
  const route = { AuthorizationType: "CUSTOM", AuthorizerId, ApiKeyRequired: true } as const;
  await api.route("$connect", { ...telling(), route });
  await api.route("tell", { ...telling(), isTwoWay: true });
  await api.route("$disconnect", telling());
  await api.deploy();
  const key = await createMeteredKey(apiGatewayClient(origin), api.id);

  const Host = `${api.id}.execute-api.us-east-1.amazonaws.com`;
  const socket = await TestSocket.open(`${origin.replace("http", "ws")}/test`, {
    headers: { Host, Authorization: "t", "x-api-key": key.value, "User-Agent": "test" },
  });
  socket.send({ action: "tell" });
  const response = await socket.nextJson();
  socket.socket.close();
  await eventually(() => told.length === 3);
  const [connect, message, disconnect] = told.splice(0) as [typeof nothing, typeof nothing, typeof nothing];

  const always = {
    ...nothing,
    connectionId: id,
    connectedAt: milliseconds,
    domainName: Host,
    domainPrefix: api.id,
    requestId: id,
    extendedRequestId: id,
    apiId: api.id,
    "authorizer.principalId": "me",
    "authorizer.key": "value",
    "authorizer.numKey": "1",
    "authorizer.boolKey": "true",
    "identity.apiKey": key.value,
    "identity.apiKeyId": key.id,
    "identity.sourceIp": "127.0.0.1",
    "identity.userAgent": "test",
    requestTime: time,
    requestTimeEpoch: milliseconds,
    stage: "test",
  };
  expect(connect).toEqual({ ...always, eventType: "CONNECT", routeKey: "$connect" });
  expect(message).toEqual({ ...always, eventType: "MESSAGE", routeKey: "tell", messageId: id });
  expect(disconnect).toEqual({ ...always, eventType: "DISCONNECT", routeKey: "$disconnect" });
  expect(response).toEqual({ ...message, status: "202" });
  for (const one of ["connectionId", "connectedAt"] as const) {
    expect([message[one], disconnect[one]]).toEqual([connect[one], connect[one]]);
  }
  for (const event of [connect, message, disconnect]) expect(event.requestId).toBe(event.extendedRequestId);
  expect(new Set([connect, message, disconnect].map(({ requestId }) => requestId)).size).toBe(3);
});

test("a connection whose opening is signed", async () => {
  const api = await TestWebSocketApi.create(client);
  await api.route("$connect", { route: { AuthorizationType: "AWS_IAM" } });
  await api.route("tell", telling());
  await api.deploy();
  const url = api.url(origin).replace("ws", "http");
  const scope = { ...credentials, service: "execute-api", region: "us-east-1" };
  const signed = await new AwsV4Signer({ ...scope, url, signQuery: true }).sign();
  const socket = await TestSocket.open(signed.url.href.replace("http", "ws"));
  socket.send({ action: "tell" });
  await eventually(() => told.length === 1);
  socket.socket.close();
  expect(told.splice(0)[0]).toMatchObject({
    "identity.accountId": "000000000000",
    "identity.caller": "000000000000",
    "identity.user": "000000000000",
    "identity.userArn": "arn:aws:iam::000000000000:root",
    "identity.sourceIp": "127.0.0.1",
    "identity.userAgent": "",
    "identity.cognitoIdentityId": "",
    "authorizer.principalId": "",
  });
});
