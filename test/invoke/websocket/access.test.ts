import { AwsV4Signer } from "aws4fetch";
import { describe, expect, test } from "vitest";
import { credentials } from "../../gateway.ts";
import { apiOf, definitionsWith, type Situation } from "./connecting.ts";

test("a $connect route without authorization, and none at all, are open", async () => {
  expect(await apiOf({}).connect()).toEqual({ identity: {} });
  expect(await apiOf({ route: {} }).connect()).toEqual({ identity: {} });
});

describe("AWS_IAM", () => {
  const { connect } = apiOf({ route: { authorizationType: "AWS_IAM" } });
  const url = "https://chat.test/prod?room=1";
  const options = { ...credentials, url, service: "execute-api", region: "us-east-1" };
  const root = {
    identity: {
      accountId: "000000000000",
      caller: "000000000000",
      accessKey: credentials.accessKeyId,
      userArn: "arn:aws:iam::000000000000:root",
      user: "000000000000",
    },
  };

  test("a presigned URL opens a connection", async () => {
    const signed = await new AwsV4Signer({ ...options, signQuery: true }).sign();
    expect(signed.url.searchParams.has("X-Amz-Expires")).toBe(false);
    expect(await connect(signed.url.href)).toEqual(root);
  });

  test("signed headers do", async () => {
    const { headers } = await new AwsV4Signer(options).sign();
    expect(await connect(url, Object.fromEntries(headers))).toEqual(root);
  });

  test.each([
    ["no signature", url, "403 MissingAuthenticationTokenException Missing Authentication Token"],
    [
      "half of one",
      `${url}&X-Amz-Algorithm=AWS4-HMAC-SHA256`,
      "403 IncompleteSignatureException AWS query-string parameters must include 'X-Amz-Credential'. Re-examine the query-string parameters.",
    ],
  ])("%s does not", async (_, unsigned, refusal) => {
    expect(await connect(unsigned)).toBe(refusal);
  });

  test("a presigned URL holds for its own query", async () => {
    const signed = await new AwsV4Signer({ ...options, signQuery: true }).sign();
    expect(await connect(signed.url.href.replace("room=1", "room=2"))).toMatch(
      /^403 InvalidSignatureException /,
    );
  });
});

describe("a Lambda authorizer", () => {
  const allow = { Statement: [{ Action: "execute-api:Invoke", Effect: "Allow", Resource: "*" }] };
  const events: string[] = [];

  /** An API whose authorizer returns this. */
  const authorizedBy = (
    answer: () => Response,
    { authorizer, ...situation }: Situation = {},
  ): ReturnType<typeof apiOf> =>
    apiOf({
      ...situation,
      route: { authorizationType: "CUSTOM", authorizerId: "a1", ...situation.route },
      authorizer: { ...authorizer },
      env: {
        bound: {
          fetch: async (request: Request) => {
            events.push(await request.text());
            return answer();
          },
        },
        ...situation.env,
      },
    });
  const returning = (result: object, situation?: Situation) =>
    authorizedBy(() => Response.json({ principalId: "me", policyDocument: allow, ...result }), situation);

  test("is told of the request, and what it says stays with the connection", async () => {
    events.length = 0;
    const { apiId, connect } = returning(
      { context: { name: "Ann", level: 3, isAdmin: true } },
      {
        stage: { stageVariables: { v: "1" } },
        authorizer: { identitySource: ["route.request.header.HeaderAuth1"] },
      },
    );
    const headers = {
      connection: "keep-alive, Upgrade",
      headerauth1: "headerValue1",
      other: "x",
      host: "chat.test",
      upgrade: "websocket",
      "sec-websocket-version": "13",
    };
    expect(await connect("wss://chat.test/prod?q=1&q=2", headers)).toEqual({
      identity: {},
      authorizer: {
        name: "Ann",
        level: "3",
        isAdmin: "true",
        principalId: "me",
        integrationLatency: expect.any(Number),
      },
    });
    expect(events).toHaveLength(1);
    const event = JSON.parse(events[0] as string);
    expect(Object.keys(event)).toEqual([
      "type",
      "methodArn",
      "headers",
      "multiValueHeaders",
      "queryStringParameters",
      "multiValueQueryStringParameters",
      "stageVariables",
      "requestContext",
    ]);
    expect(event).toEqual({
      type: "REQUEST",
      methodArn: `arn:aws:execute-api:us-east-1:000000000000:${apiId}/prod/$connect`,
      headers: {
        Connection: "upgrade",
        "content-length": "0",
        Host: "chat.test",
        "Sec-WebSocket-Version": "13",
        Upgrade: "websocket",
        HeaderAuth1: "headerValue1",
        other: "x",
        "X-Amzn-Trace-Id": expect.stringMatching(/^Root=1-/),
        "X-Forwarded-Port": "443",
        "X-Forwarded-Proto": "https",
      },
      multiValueHeaders: expect.objectContaining({ Connection: ["upgrade"] }),
      queryStringParameters: { q: "2" },
      multiValueQueryStringParameters: { q: ["1", "2"] },
      stageVariables: { v: "1" },
      requestContext: {
        routeKey: "$connect",
        eventType: "CONNECT",
        identity: { sourceIp: "192.0.2.1" },
      },
    });
  });

  test("is asked by each connection: nothing is kept", async () => {
    events.length = 0;
    const { connect } = returning({}, { authorizer: { identitySource: ["route.request.querystring.t"] } });
    await connect("wss://chat.test/prod?t=1");
    await connect("wss://chat.test/prod?t=1");
    expect(events).toHaveLength(2);
  });

  test.each([
    ["route.request.header.Auth", "wss://chat.test/prod", { auth: "x" }],
    ["route.request.querystring.auth", "wss://chat.test/prod?auth=x", {}],
    ["route.request.multivalueheader.Origin", "wss://chat.test/prod", { origin: "https://chat.test" }],
    ["route.request.multivaluequerystring.auth", "wss://chat.test/prod?auth=x&auth=y", {}],
    ["stageVariables.auth", "wss://chat.test/prod", {}],
    ["context.identity.sourceIp", "wss://chat.test/prod", {}],
  ])("%s is an identity source", async (source, url, headers) => {
    const { connect } = returning(
      {},
      { authorizer: { identitySource: [source] }, stage: { stageVariables: { auth: "x" } } },
    );
    expect(await connect(url, headers)).toMatchObject({ authorizer: { principalId: "me" } });
  });

  test.each([
    ["route.request.header.Auth", "wss://chat.test/prod?Auth=x"],
    ["route.request.querystring.auth", "wss://chat.test/prod?auth="],
    ["route.request.multivalueheader.Origin", "wss://chat.test/prod?Origin=x"],
    ["route.request.multivaluequerystring.auth", "wss://chat.test/prod"],
    ["stageVariables.auth", "wss://chat.test/prod"],
    ["context.identity.user", "wss://chat.test/prod"],
  ])("is not called without %s", async (source, url) => {
    events.length = 0;
    const { connect } = returning({}, { authorizer: { identitySource: [source] } });
    expect(await connect(url)).toBe("401 UnauthorizedException Unauthorized");
    expect(events).toEqual([]);
  });

  test.each([
    [
      "$connect",
      "Deny",
      "User is not authorized to access this resource with an explicit deny in an identity-based policy",
    ],
    [
      "POST/@connections",
      "Allow",
      "User is not authorized to access this resource because no identity-based policy allows the execute-api:Invoke action",
    ],
  ])("whose policy has %s: %s refuses", async (path, Effect, message) => {
    const statement = {
      Action: "execute-api:Invoke",
      Effect,
      Resource: `arn:aws:execute-api:*:*:*/prod/${path}`,
    };
    const { connect } = returning({ policyDocument: { Statement: [statement] } });
    expect(await connect()).toBe(`403 AccessDeniedException ${message}`);
  });

  test("whose policy allows the route's ARN lets the client in", async () => {
    const resource = "arn:aws:execute-api:us-east-1:000000000000:*/prod/$connect";
    const statement = { Action: "execute-api:Invoke", Effect: "Allow", Resource: resource };
    const { connect } = returning({ policyDocument: { Statement: [statement] } });
    expect(await connect()).toMatchObject({ authorizer: { principalId: "me" } });
  });

  test("that says so is 401, any other failure 500", async () => {
    const failing = (errorMessage: string) =>
      authorizedBy(() =>
        Response.json({ errorMessage }, { headers: { "x-amz-function-error": "Unhandled" } }),
      );
    expect(await failing("Unauthorized").connect()).toBe("401 UnauthorizedException Unauthorized");
    expect(await failing("no").connect()).toBe("500 AuthorizerConfigurationException ");
  });

  test("may return 8 KB, and not more", async () => {
    const resultOf = (length: number) => {
      const empty = JSON.stringify({ policyDocument: allow, context: { long: "" } }).length;
      return authorizedBy(() =>
        Response.json({ policyDocument: allow, context: { long: "x".repeat(length - empty) } }),
      );
    };
    expect(await resultOf(8192).connect()).toMatchObject({ authorizer: { principalId: "" } });
    expect(await resultOf(8193).connect()).toBe("500 AuthorizerConfigurationException ");
  });

  test("that is not there lets nobody in", async () => {
    const { connect } = apiOf({ route: { authorizationType: "CUSTOM", authorizerId: "gone" } });
    expect(await connect()).toBe("401 UnauthorizedException Unauthorized");
  });

  test("gives the API key where the API says so", async () => {
    const value = "k".repeat(20);
    const api = { apiKeySelectionExpression: "$context.authorizer.usageIdentifierKey" };
    const { apiId, connect, scope } = returning(
      { usageIdentifierKey: value },
      { api, route: { apiKeyRequired: true } },
    );
    scope.env.DEFINITIONS = definitionsWith(value, `${apiId}:prod`) as never;
    expect(await connect("wss://chat.test/prod", { "x-api-key": "another" })).toMatchObject({
      apiKey: { keyId: "k1", value },
    });
  });
});

test("an API key that $connect requires comes in a header", async () => {
  const value = "h".repeat(20);
  const { apiId, connect, scope } = apiOf({ route: { apiKeyRequired: true } });
  scope.env.DEFINITIONS = definitionsWith(value, `${apiId}:prod`) as never;
  const url = "wss://chat.test/prod";
  expect(await connect(url, { "x-api-key": value })).toEqual({
    identity: {},
    apiKey: { keyId: "k1", value },
  });
  expect(await connect(url)).toBe("403 ForbiddenException Forbidden");
  expect(await connect(url, { "x-api-key": "o".repeat(20) })).toBe("403 ForbiddenException Forbidden");
});
