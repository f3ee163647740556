/**
 * Events are compared with those that AWS sends, as the tests of its Powertools for functions have recorded them
 * (apiGatewayWebSocketApi{Connect,Message,Disconnect}.json).
 */
import { describe, expect, test } from "vitest";
import { boundFunction, carryOut, messageContext, opening, type Situation } from "./carry-out.ts";

async function eventOf(situation: Omit<Situation, "integration">): Promise<[text: string, event: object]> {
  let seen = "";
  const { env, uri } = boundFunction((event) => {
    seen = event;
    return Response.json({ statusCode: 200 });
  });
  await carryOut({
    ...situation,
    env,
    integration: { integrationType: "AWS_PROXY", integrationUri: uri },
  });
  return [seen, JSON.parse(seen)];
}

const handshake = {
  Connection: "Upgrade",
  Host: "api1.execute-api.us-east-1.amazonaws.com",
  "Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits",
  "Sec-WebSocket-Key": "+W5xw47OHh3OTFsWKjGu9Q==",
  "Sec-WebSocket-Version": "13",
  Upgrade: "websocket",
  "X-Amzn-Trace-Id": "Root=1-6731ebfc-08e1e656421db73c5d2eef31",
};

describe("the event", () => {
  test("of a message", async () => {
    const body = '{"action":"chat","message":"Hello"}';
    const [text, event] = await eventOf({ body });
    expect(Object.keys(event)).toEqual(["requestContext", "body", "isBase64Encoded"]);
    expect(event).toEqual({
      requestContext: messageContext,
      body,
      isBase64Encoded: false,
    });
    expect(text.indexOf('"messageId"')).toBeLessThan(text.indexOf('"eventType"'));
  });

  test("of a message without text has it all the same", async () => {
    expect((await eventOf({ body: "" }))[1]).toMatchObject({ body: "", isBase64Encoded: false });
  });

  test("of a connection that opens", async () => {
    const [, event] = await eventOf({ eventType: "CONNECT", opening: opening(handshake) });
    const headers = {
      Host: "api1.execute-api.us-east-1.amazonaws.com",
      "Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits",
      "Sec-WebSocket-Key": "+W5xw47OHh3OTFsWKjGu9Q==",
      "Sec-WebSocket-Version": "13",
      "X-Amzn-Trace-Id": "Root=1-6731ebfc-08e1e656421db73c5d2eef31",
      "X-Forwarded-For": "192.0.2.1",
      "X-Forwarded-Port": "443",
      "X-Forwarded-Proto": "https",
    };
    expect(Object.keys(event)).toEqual(["headers", "multiValueHeaders", "requestContext", "isBase64Encoded"]);
    expect(event).toMatchObject({
      headers,
      multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
      requestContext: { eventType: "CONNECT" },
      isBase64Encoded: false,
    });
    expect(Object.keys((event as { headers: object }).headers)).toEqual(Object.keys(headers));
  });

  test("of a connection that opens has the query and the stage's variables, when there are any", async () => {
    const [, event] = await eventOf({
      eventType: "CONNECT",
      opening: opening(handshake, [
        ["room", ["a", "b"]],
        ["__proto__", ["x"]],
      ]),
      variables: { table: "t1" },
    });
    expect(Object.keys(event)).toEqual([
      "headers",
      "multiValueHeaders",
      "queryStringParameters",
      "multiValueQueryStringParameters",
      "stageVariables",
      "requestContext",
      "isBase64Encoded",
    ]);
    expect(event).toMatchObject({
      queryStringParameters: JSON.parse('{"room":"b","__proto__":"x"}'),
      multiValueQueryStringParameters: JSON.parse('{"room":["a","b"],"__proto__":["x"]}'),
      stageVariables: { table: "t1" },
    });
  });

  test("of a connection that is closed", async () => {
    const [, event] = await eventOf({
      eventType: "DISCONNECT",
      context: {
        routeKey: "$disconnect",
        disconnectStatusCode: 1005,
        disconnectReason: "Client-side close frame status not set",
      },
    });
    const host = "api1.execute-api.us-east-1.amazonaws.com";
    expect(Object.keys(event)).toEqual(["headers", "multiValueHeaders", "requestContext", "isBase64Encoded"]);
    expect(event).toMatchObject({
      headers: { Host: host, "x-api-key": "", "X-Forwarded-For": "", "x-restapi": "" },
      multiValueHeaders: { Host: [host], "x-api-key": [""], "X-Forwarded-For": [""], "x-restapi": [""] },
      requestContext: {
        disconnectStatusCode: 1005,
        disconnectReason: "Client-side close frame status not set",
      },
    });
  });
});

async function answerOf(result: unknown, init?: ResponseInit) {
  const { env, uri } = boundFunction(() => Response.json(result, init));
  return carryOut({ env, integration: { integrationType: "AWS_PROXY", integrationUri: uri } });
}

describe("the result", () => {
  test("has status, body and headers", async () => {
    const headers = { "Sec-WebSocket-Protocol": "chat.v2" };
    expect(await answerOf({ statusCode: 403, body: "no", headers })).toMatchObject({
      statusCode: 403,
      body: "no",
      headers: { "sec-websocket-protocol": "chat.v2" },
    });
  });

  // serverless/serverless#6816: with a route response the client gets an empty message.
  test("without a body is an empty message", async () => {
    expect(await answerOf({ statusCode: 200 })).toMatchObject({ statusCode: 200, body: "" });
  });

  // michalkvasnicak/aws-lambda-graphql#48 and middyjs/middy#1219: AWS reads it as it reads a REST API's.
  test.each([[null], ["done"], [{ statusCode: 200, ConnectionId: "x" }], [{ statusCode: "ok" }]])(
    "%j is malformed",
    async (result) => {
      await expect(answerOf(result)).rejects.toMatchObject({
        status: 502,
        message: "Internal server error",
        reason: "Execution failed due to configuration error: Malformed Lambda proxy response",
      });
    },
  );

  test("of a function that fails is 502", async () => {
    const failure = answerOf({ errorMessage: "no" }, { headers: { "X-Amz-Function-Error": "Unhandled" } });
    await expect(failure).rejects.toMatchObject({ status: 502, message: "Internal server error" });
  });
});

describe("what cannot be called", () => {
  const proxy = { integrationType: "AWS_PROXY" } as const;
  const { uri, env } = boundFunction(() => Response.json({ statusCode: 200 }));

  test("a function that is not there is 500", async () => {
    const call = carryOut({ integration: { ...proxy, integrationUri: uri } });
    await expect(call).rejects.toMatchObject({ status: 500, message: "Internal server error" });
  });

  test("a URI that names no function is 500", async () => {
    const integrationUri = uri.replace(":function:chat", ":function:${stageVariables.name}");
    const integration = { ...proxy, integrationUri };
    await expect(carryOut({ env, integration })).rejects.toMatchObject({ status: 500 });
    expect(await carryOut({ env, integration, variables: { name: "chat" } })).toMatchObject({
      statusCode: 200,
    });
  });

  test("a function's own ARN is called as well", async () => {
    const [integrationUri = ""] = /arn:aws:lambda:[^/]*/.exec(uri) ?? [];
    expect(await carryOut({ env, integration: { ...proxy, integrationUri } })).toMatchObject({
      statusCode: 200,
    });
  });

  test("another method than POST is 500", async () => {
    const integration = { ...proxy, integrationUri: uri, integrationMethod: "GET" };
    await expect(carryOut({ env, integration })).rejects.toMatchObject({ status: 500 });
  });

  test("a function that is slower than the integration's timeout is 504", async () => {
    const slow = boundFunction(() => new Promise(() => undefined));
    const call = carryOut({
      env: slow.env,
      integration: { ...proxy, integrationUri: slow.uri, timeoutInMillis: 50 },
    });
    await expect(call).rejects.toMatchObject({ status: 504, message: "Endpoint request timed out" });
  });
});

// The guide's websocket-api-stages, "Lambda functions".
test.each([
  ["${stageVariables.name}", { name: "chat" }],
  ["chat:${stageVariables.version}", { version: "live" }],
])("the function %s is its stage's", async (name, variables) => {
  const { env, uri } = boundFunction(() => Response.json({ statusCode: 200, body: "hi" }));
  const integrationUri = uri.replace("function:chat", `function:${name}`);
  const integration = { integrationType: "AWS_PROXY", integrationUri } as const;
  expect(await carryOut({ env, integration, variables })).toMatchObject({ body: "hi" });
  await expect(carryOut({ env, integration })).rejects.toMatchObject({ status: 500 });
});

test("a permission is asked for the route", async () => {
  const arn = "arn:aws:execute-api:eu-west-1:111122223333:api1/prod/$default";
  const statement = (sourceArn: string) => ({
    Principal: { Service: "apigateway.amazonaws.com" },
    Action: "lambda:InvokeFunction",
    Condition: { ArnLike: { "AWS:SourceArn": sourceArn } },
  });
  const call = (name: string, sourceArn: string) => {
    const version = { version: "$LATEST", timeout: 3, memorySize: 128, environment: {}, revisionId: "1" };
    const record = {
      name,
      versions: { $LATEST: version },
      aliases: {},
      permissions: { $LATEST: [statement(sourceArn)] },
    };
    const { uri } = boundFunction(() => Response.json({}));
    return carryOut({
      context: { routeKey: "$default" },
      env: {
        DEFINITIONS: { get: async () => record },
        AWS_REGION: "eu-west-1",
        AWS_ACCOUNT_ID: "111122223333",
      },
      integration: {
        integrationType: "AWS_PROXY",
        integrationUri: uri.replace(":function:chat", `:function:${name}`),
      },
    });
  };
  // One that is let in fails for want of a loader.
  await expect(call("allowed", arn)).rejects.toMatchObject({
    reason: expect.stringContaining("no worker loader"),
  });
  await expect(call("other", arn.replace("$default", "chat"))).rejects.toMatchObject({
    reason: expect.stringContaining("Invalid permissions"),
  });
});
