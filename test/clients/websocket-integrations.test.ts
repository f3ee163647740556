/** What stands behind the routes of a WebSocket API, made with the SDKs: HTTP endpoints, mocks, DynamoDB. */
import { createServer, type IncomingHttpHeaders } from "node:http";
import { buffer } from "node:stream/consumers";
import { CreateModelCommand } from "@aws-sdk/client-apigatewayv2";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { credentialVariables, type Gateway, startGateway } from "../gateway.ts";
import { listen } from "../listen.ts";
import { type AwsServer, startDynamoDb } from "./aws-servers.ts";
import { apiGatewayV2Client } from "./clients.ts";
import { type RouteOptions, TestSocket, TestWebSocketApi } from "./websocket-api.ts";

let gateway: Gateway;
let dynamoDb: AwsServer;
const requests: { url: string | undefined; headers: IncomingHttpHeaders; body: string; octets: Buffer }[] =
  [];
const backend = createServer(async (request, response) => {
  const octets = await buffer(request);
  const body = octets.toString();
  requests.push({ url: request.url, headers: request.headers, body, octets });
  if (request.url === "/hang") return;
  if (request.url === "/octets") {
    response.end(octets);
    return;
  }
  response.setHeader("Sec-WebSocket-Protocol", "chat.v2");
  response.writeHead(body === '{"action":"fail"}' ? 500 : 200).end(`heard ${body}`);
});
let port: number;
const backendUrl = () => `http://127.0.0.1:${port}`;

beforeAll(async () => {
  port = await listen(backend);
  dynamoDb = await startDynamoDb();
  gateway = await startGateway({
    env: {
      ...credentialVariables,
      AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.url,
      AWS_ENDPOINT_URL_SFN: `${backendUrl()}/states`,
      // Nothing listens here: whatever is called without an endpoint of its own.
      AWS_ENDPOINT_URL: "http://127.0.0.1:9",
    },
  });
});
afterAll(async () => {
  for (const { socket } of sockets) socket.close();
  await Promise.all(sockets.map(({ closed }) => closed));
  await gateway.stop();
  await dynamoDb.stop();
  backend.close();
  backend.closeAllConnections();
});

/** A gateway that ends waits for connections that are open. */
const sockets: TestSocket[] = [];

async function open(...given: Parameters<typeof TestSocket.open>): Promise<TestSocket> {
  const socket = await TestSocket.open(...given);
  sockets.push(socket);
  return socket;
}

const createApi = () => TestWebSocketApi.create(apiGatewayV2Client(gateway.origin));

async function apiOf(
  routes: Record<string, RouteOptions>,
  variables?: Record<string, string>,
): Promise<string> {
  const api = await createApi();
  for (const [key, options] of Object.entries(routes)) await api.route(key, options);
  await api.deploy("test", variables);
  return api.url(gateway.origin);
}

describe("an HTTP endpoint", () => {
  test("is sent what base64 stands for, and its octets come back as base64", async () => {
    const url = await apiOf({
      $default: {
        integration: {
          IntegrationType: "HTTP",
          IntegrationMethod: "POST",
          IntegrationUri: `${backendUrl()}/octets`,
          ContentHandlingStrategy: "CONVERT_TO_BINARY",
        },
        integrationResponses: [{ ContentHandlingStrategy: "CONVERT_TO_TEXT" }],
        isTwoWay: true,
      },
    });
    const socket = await open(url);
    const octets = Buffer.from([0, 255, 128, 10, 13]);
    socket.send(octets.toString("base64"));
    expect(await socket.next()).toBe(octets.toString("base64"));
    expect(requests.splice(0)[0]?.octets).toEqual(octets);
    socket.send("{no base64}");
    expect(await socket.nextJson()).toMatchObject({ message: "Internal server error" });
  });

  test("that is too slow, or cannot be reached, is an error, and the next message goes on", async () => {
    const proxy = (IntegrationUri: string): RouteOptions => ({
      integration: {
        IntegrationType: "HTTP_PROXY",
        IntegrationMethod: "POST",
        IntegrationUri,
        TimeoutInMillis: 100,
      },
      isTwoWay: true,
    });
    const url = await apiOf({
      slow: proxy(`${backendUrl()}/hang`),
      gone: proxy("http://127.0.0.1:9/"),
      $default: proxy(`${backendUrl()}/hear`),
    });
    const socket = await open(url);
    for (const message of [{ action: "slow" }, { action: "gone" }, "next"]) socket.send(message);
    expect(await socket.nextJson()).toMatchObject({ message: "Endpoint request timed out" });
    expect(await socket.nextJson()).toMatchObject({ message: "Network error communicating with endpoint" });
    expect(await socket.next()).toBe("heard next");
    requests.splice(0);
  });

  test("behind a proxy integration hears the message as it is", async () => {
    const integration: RouteOptions["integration"] = {
      IntegrationType: "HTTP_PROXY",
      IntegrationMethod: "POST",
      IntegrationUri: `${backendUrl()}/hear`,
      RequestParameters: {
        "integration.request.header.connectionId": "context.connectionId",
        "integration.request.querystring.color": "stageVariables.color",
      },
    };
    const url = await apiOf(
      { $connect: { integration }, $default: { integration, isTwoWay: true } },
      { color: "blue" },
    );
    const socket = await open(`${url}?a=1`, { protocols: ["chat.v2"] });
    expect(socket.socket.protocol).toBe("chat.v2");
    socket.send('{"action":"fail"}');
    expect(await socket.next()).toBe('heard {"action":"fail"}');
    const [connect, message] = requests.splice(0);
    expect(connect?.url).toBe("/hear?a=1&color=blue");
    expect(message).toMatchObject({ url: "/hear?color=blue", body: '{"action":"fail"}' });
    expect(message?.headers).toMatchObject({
      connectionid: connect?.headers.connectionid,
      "content-type": "application/json",
    });
  });

  test("behind another is told what templates make, and so is the client", async () => {
    const url = await apiOf({
      $default: {
        integration: {
          IntegrationType: "HTTP",
          IntegrationMethod: "POST",
          IntegrationUri: `${backendUrl()}/hear`,
          TemplateSelectionExpression: "${request.body.kind}",
          RequestTemplates: { say: '{"said":"$input.path(\'$.text\')"}', $default: '{"action":"fail"}' },
        },
        integrationResponses: [
          {
            IntegrationResponseKey: "/2\\d\\d/",
            TemplateSelectionExpression: "\\$default",
            ResponseTemplates: { $default: "to $context.routeKey: $input.body" },
          },
          { IntegrationResponseKey: "$default", ResponseTemplates: { $default: "failed" } },
        ],
        isTwoWay: true,
      },
    });
    const socket = await open(url);
    socket.send({ kind: "say", text: "hi" });
    expect(await socket.next()).toBe('to $default: heard {"said":"hi"}');
    socket.send("no JSON");
    expect(await socket.next()).toBe("failed");
  });
});

describe("a mock", () => {
  test("answers as its templates say", async () => {
    const template = {
      RequestTemplates: { "200": '{"statusCode":200}' },
      TemplateSelectionExpression: "200",
    };
    const url = await apiOf({
      $connect: { integration: template, integrationResponses: [{}] },
      ping: {
        integration: template,
        integrationResponses: [
          {
            TemplateSelectionExpression: "200",
            ResponseTemplates: { "200": '{"pong":"$context.connectionId"}' },
          },
        ],
        isTwoWay: true,
      },
    });
    const socket = await open(url);
    socket.send({ action: "ping" });
    expect(await socket.nextJson()).toEqual({ pong: expect.stringMatching(/=$/) });
  });

  test("refuses a connection with its status", async () => {
    const url = await apiOf({
      $connect: {
        integration: {
          RequestTemplates: { $default: '{"statusCode":#if($input.params("token") == "t")200#else 401#end}' },
        },
        integrationResponses: [{}],
      },
    });
    await expect(open(url)).rejects.toThrow("Unexpected server response: 401");
    await open(`${url}?token=t`);
  });
});

describe("$connect", () => {
  // What AWS's Solutions Constructs put there by default (aws-apigatewayv2websocket-sqs).
  test("opens with a mock of which nothing else is said", async () => {
    await open(await apiOf({ $connect: { integration: { IntegrationType: "MOCK" } } }));
  });

  test("has its status from the endpoint where there is no integration response", async () => {
    const connect = (path: string): RouteOptions => ({
      integration: {
        IntegrationType: "HTTP",
        IntegrationMethod: "POST",
        IntegrationUri: backendUrl() + path,
        RequestTemplates: { $default: '{"action":"$input.params("action")"}' },
      },
    });
    const url = await apiOf({ $connect: connect("/hear") });
    await open(url);
    await expect(open(`${url}?action=fail`)).rejects.toThrow("Unexpected server response: 500");
    requests.splice(0);
  });

  test.each([[304], [403], [503]])("that answers %i is refused with it", async (status) => {
    const url = await apiOf({
      $connect: {
        integration: { RequestTemplates: { $default: `{"statusCode":${status}}` } },
        integrationResponses: [{ ResponseTemplates: { $default: "no" } }],
      },
    });
    await expect(open(url)).rejects.toThrow(`Unexpected server response: ${status}`);
  });
});

/** A route that DynamoDB stands behind, without a function. */
const action = (name: string, template: string): RouteOptions => ({
  integration: {
    IntegrationType: "AWS",
    IntegrationMethod: "POST",
    IntegrationUri: `arn:aws:apigateway:us-east-1:dynamodb:action/${name}`,
    CredentialsArn: "arn:aws:iam::000000000000:role/apigateway",
    TemplateSelectionExpression: "\\$default",
    RequestTemplates: { $default: template },
  },
  integrationResponses: [{ IntegrationResponseKey: "$default" }],
});

// As an integration test for the CDK's WebSocketAwsIntegration says of AWS (aws/aws-cdk#29661).
test("DynamoDB's answers are told apart by their status", async () => {
  const url = await apiOf({
    create: {
      ...action(
        "CreateTable",
        `{"TableName":"MyTable","BillingMode":"PAY_PER_REQUEST",
          "AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}],
          "KeySchema":[{"AttributeName":"id","KeyType":"HASH"}]}`,
      ),
      isTwoWay: true,
    },
    describe: {
      ...action("DescribeTable", '{"TableName":"MyTable"}'),
      integrationResponses: [{ ResponseTemplates: { $default: "$input.path('$.Table.TableStatus')" } }],
      isTwoWay: true,
    },
    putItem: {
      ...action(
        "PutItem",
        '{"TableName":"MyTable","Item":{"id":{"S":"$context.requestId"},"userData":{"S":$input.json("$.data")}}}',
      ),
      integrationResponses: [
        { ResponseTemplates: { "application/json": '{"success":true}' } },
        {
          IntegrationResponseKey: "/4\\d{2}/",
          ResponseTemplates: {
            "application/json": '{"error":"Bad request","message":$input.json("$.Message")}',
          },
        },
      ],
      isTwoWay: true,
    },
  });
  const socket = await open(url);
  socket.send({ action: "create" });
  await socket.next();
  for (let status = ""; status !== "ACTIVE"; status = await socket.next())
    socket.send({ action: "describe" });
  socket.send({ action: "putItem", data: "valid" });
  expect(await socket.nextJson()).toEqual({ success: true });
  socket.send({ action: "putItem", data: 1 });
  expect(await socket.nextJson()).toEqual({
    error: "Bad request",
    message: "NUMBER_VALUE cannot be converted to String",
  });
});

test("DynamoDB keeps who is connected, without a function", async () => {
  const key = '"connectionId":{"S":"$context.connectionId"}';
  const url = await apiOf(
    {
      create: {
        ...action(
          "CreateTable",
          `{"TableName":"$stageVariables.table","BillingMode":"PAY_PER_REQUEST",
            "AttributeDefinitions":[{"AttributeName":"connectionId","AttributeType":"S"}],
            "KeySchema":[{"AttributeName":"connectionId","KeyType":"HASH"}]}`,
        ),
        isTwoWay: true,
      },
      join: action(
        "PutItem",
        `{"TableName":"$stageVariables.table","Item":{${key},"room":{"S":$input.json('$.room')}}}`,
      ),
      list: { ...action("Scan", '{"TableName":"$stageVariables.table"}'), isTwoWay: true },
      $disconnect: action("DeleteItem", `{"TableName":"$stageVariables.table","Key":{${key}}}`),
    },
    { table: "connections" },
  );
  const [first, second] = [await open(url), await open(url)];
  first.send({ action: "create" });
  expect(await first.nextJson()).toMatchObject({ TableDescription: { TableName: "connections" } });
  first.send({ action: "join", room: "a" });
  const rooms = async () => {
    second.send({ action: "list" });
    const { Items } = (await second.nextJson()) as { Items: { room: { S: string } }[] };
    return Items.map(({ room }) => room.S);
  };
  const settled = async (expected: string[]) => {
    for (let attempt = 0; attempt < 50; attempt++) {
      const found = await rooms();
      if (found.join() === expected.join()) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(await rooms()).toEqual(expected);
  };
  await settled(["a"]);
  first.socket.close();
  await settled([]);
});

// The guide's websocket-api-step-functions-tutorial, but its functions: an answer from a mock, and a state machine whose
// start nobody is told of, without an integration response.
test("a message starts a state machine", async () => {
  const stateMachineArn =
    "arn:aws:states:us-east-1:000000000000:stateMachine:WebSocket-Tutorial-StateMachine";
  const url = await apiOf({
    $default: {
      integration: { RequestTemplates: { 200: '{"statusCode": 200}' }, TemplateSelectionExpression: "200" },
      integrationResponses: [
        { TemplateSelectionExpression: "200", ResponseTemplates: { 200: "Your id: $context.connectionId" } },
      ],
      isTwoWay: true,
    },
    sendmessage: {
      integration: {
        IntegrationType: "AWS",
        IntegrationMethod: "POST",
        IntegrationUri: "arn:aws:apigateway:us-east-1:states:action/StartExecution",
        CredentialsArn: "arn:aws:iam::000000000000:role/WebsocketTutorialApiRole",
        TemplateSelectionExpression: "\\$default",
        RequestTemplates: {
          "\\$default": `#set($domain = "$context.domainName")
#set($stage = "$context.stage")
#set($message = $input.path("$.message"))
{"input": "{\\"domain\\": \\"$domain\\", \\"stage\\": \\"$stage\\", \\"message\\": \\"$message\\"}",
"stateMachineArn": "${stateMachineArn}"}`,
        },
      },
    },
  });
  const socket = await open(url);
  socket.send({ action: "sendmessage", message: "hello, from Step Functions!" });
  socket.send("test");
  expect(await socket.next()).toMatch(/^Your id: [\w-]{15}=$/);
  const { url: path, headers, body } = requests.splice(0).at(-1) as (typeof requests)[number];
  expect(path).toBe("/states/?Action=StartExecution");
  expect(headers).toMatchObject({
    "x-amz-target": "AWSStepFunctions.StartExecution",
    "content-type": "application/x-amz-json-1.0",
  });
  const { input, ...others } = JSON.parse(body);
  expect(others).toEqual({ stateMachineArn });
  expect(JSON.parse(input)).toEqual({
    domain: "127.0.0.1",
    stage: "test",
    message: "hello, from Step Functions!",
  });
});

// The tutorial of newer editions of the guide's websocket-api-request-validation, through the same commands.
test("a message is checked by the model for its type", async () => {
  const client = apiGatewayV2Client(gateway.origin);
  const api = await TestWebSocketApi.create(client);
  await client.send(
    new CreateModelCommand({
      ApiId: api.id,
      Name: "emailModel",
      ContentType: "application/json",
      Schema: JSON.stringify({
        $schema: "http://json-schema.org/draft-04/schema#",
        type: "object",
        required: ["address"],
        properties: { address: { type: "string" } },
      }),
    }),
  );
  await api.route("sendMessage", {
    integration: { RequestTemplates: { $default: '{"statusCode":200}' } },
    integrationResponses: [{ ResponseTemplates: { $default: "sent" } }],
    isTwoWay: true,
    route: {
      ModelSelectionExpression: "${request.body.messageType}",
      RequestModels: { email: "emailModel" },
    },
  });
  await api.deploy();
  const socket = await open(api.url(gateway.origin));
  socket.send({ action: "sendMessage", messageType: "email" });
  expect(await socket.next()).toMatch(
    /^\{"message": "Invalid request body", "connectionId":"[\w-]{15}=", "requestId":"[\w-]{15}="\}$/,
  );
  socket.send({ action: "sendMessage", messageType: "email", address: "mary_major@example.com" });
  expect(await socket.next()).toBe("sent");
  // Without a model of its own, and without $default, a message fails.
  socket.send({ action: "sendMessage", messageType: "text", address: "mary_major@example.com" });
  expect(await socket.nextJson()).toMatchObject({ message: "Invalid request body" });
});

test("messages and connections are validated before their integration", async () => {
  const client = apiGatewayV2Client(gateway.origin);
  const api = await TestWebSocketApi.create(client);
  const schema = { type: "object", required: ["room"], properties: { room: { type: "string" } } };
  await client.send(
    new CreateModelCommand({
      ApiId: api.id,
      Name: "Join",
      ContentType: "application/json",
      Schema: JSON.stringify(schema),
    }),
  );
  const mock: RouteOptions = {
    integration: { RequestTemplates: { $default: '{"statusCode":200}' } },
    integrationResponses: [{ ResponseTemplates: { $default: "welcome" } }],
    isTwoWay: true,
  };
  await api.route("join", {
    ...mock,
    route: { ModelSelectionExpression: "join", RequestModels: { join: "Join" } },
  });
  await api.route("leave", { ...mock, route: { ModelSelectionExpression: "${request.body.kind}" } });
  await api.route("$connect", {
    ...mock,
    isTwoWay: false,
    route: { RequestParameters: { "route.request.querystring.token": { Required: true } } },
  });
  await api.deploy();
  const url = api.url(gateway.origin);
  await expect(open(url)).rejects.toThrow("Unexpected server response: 400");
  const socket = await open(`${url}?token=t`);
  socket.send({ action: "join", room: "a" });
  expect(await socket.next()).toBe("welcome");
  for (const message of [{ action: "join" }, { action: "leave" }]) {
    socket.send(message);
    expect(await socket.nextJson()).toMatchObject({ message: "Invalid request body" });
  }
});

// The guide's apigateway-websocket-api-route-response: its command makes a response and nothing else, and what is called
// by "the enter button" is an empty message.
test("a route answers that has a response, and one that has no more than the expression does not", async () => {
  const answers: RouteOptions = {
    integration: { RequestTemplates: { $default: '{"statusCode":200}' } },
    integrationResponses: [{ ResponseTemplates: { $default: "$context.routeKey" } }],
  };
  const url = await apiOf({
    $default: { ...answers, isTwoWay: true, route: { RouteResponseSelectionExpression: undefined } },
    silent: { ...answers, route: { RouteResponseSelectionExpression: "$default" } },
  });
  const socket = await open(url);
  socket.send({ action: "silent" });
  socket.send("");
  expect(await socket.next()).toBe("$default");
  socket.send("");
  expect(await socket.next()).toBe("$default");
});

test("an answer without a body is an empty message", async () => {
  const integration = { RequestTemplates: { $default: '{"statusCode":200}' } };
  const url = await apiOf({ $default: { integration, integrationResponses: [{}], isTwoWay: true } });
  const socket = await open(url);
  socket.send("x");
  expect(await socket.next()).toBe("");
});

test("a response's template that is no template fails for its own route", async () => {
  const integrationResponses = [{ ResponseTemplates: { $default: "#if(" } }];
  const integration = { RequestTemplates: { $default: '{"statusCode":200}' } };
  const url = await apiOf({
    bad: { integration, integrationResponses, isTwoWay: true },
    good: {
      integration,
      integrationResponses: [{ ResponseTemplates: { $default: "ok" } }],
      isTwoWay: true,
    },
  });
  const socket = await open(url);
  socket.send({ action: "bad" });
  expect(await socket.nextJson()).toMatchObject({ message: "Internal server error" });
  socket.send({ action: "good" });
  expect(await socket.next()).toBe("ok");
});
