/** Integrations with HTTP endpoints, and with services of AWS, against a server that says what it was sent. */
import { createServer, type IncomingHttpHeaders } from "node:http";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { listen } from "../../../listen.ts";
import { carryOut, opening, response, type Situation } from "./carry-out.ts";

interface Seen {
  method: string | undefined;
  url: string | undefined;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

let origin = "";
let seen: Seen;
let answer: { status?: number; headers?: Record<string, string>; body?: string | Buffer };
const server = createServer(async (request, outgoing) => {
  const { method, url, headers } = request;
  seen = { method, url, headers, body: await buffer(request) };
  outgoing.writeHead(answer.status ?? 200, answer.headers).end(answer.body ?? "answer");
});

beforeAll(async () => {
  origin = `http://127.0.0.1:${await listen(server)}`;
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});
beforeEach(() => {
  answer = {};
});

type Given = Partial<Situation["integration"]>;

const call = (type: "HTTP" | "HTTP_PROXY", given: Given = {}, more: Partial<Situation> = {}) =>
  carryOut({
    ...more,
    integration: { integrationType: type, integrationUri: `${origin}/backend`, ...given },
  });

/** The table of the guide's websocket-api-data-mapping: what each source is at $connect, and of a message. */
describe("a mapping", () => {
  const opened = opening({ "x-kind": "k, l" }, [
    ["a", ["1", "2"]],
    ["a.b$c_d-e", ["odd"]],
  ]);
  const body = '{"to":{"name":"ann"},"list":["x",{"y":1}],"count":7,"nothing":null}';
  const context = { authorizer: { principalId: "me" } };

  test.each([
    ["route.request.querystring.a", "2", undefined],
    ["route.request.querystring.a.b$c_d-e", "odd", undefined],
    ["route.request.querystring.none", undefined, undefined],
    ["route.request.multivaluequerystring.a", "1,2", undefined],
    ["route.request.header.X-Kind", "k, l", undefined],
    ["route.request.header.none", undefined, undefined],
    ["route.request.multivalueheader.x-kind", "k, l", undefined],
    ["route.request.body", undefined, body],
    ["route.request.body.to.name", undefined, "ann"],
    ["route.request.body.list[1].y", undefined, "1"],
    ["route.request.body.list", undefined, '["x",{"y":1}]'],
    ["route.request.body.count", undefined, "7"],
    ["route.request.body.nothing", undefined, undefined],
    ["route.request.body.none", undefined, undefined],
    ["stageVariables.color", "blue", "blue"],
    ["stageVariables.none", undefined, undefined],
    ["context.connectionId", "BFaT_fALIAMCKug=", "BFaT_fALIAMCKug="],
    ["context.eventType", "CONNECT", "MESSAGE"],
    ["context.identity.sourceIp", "192.0.2.1", "192.0.2.1"],
    ["context.authorizer.principalId", "me", "me"],
    ["context.domainPrefix", "api1", "api1"],
    ["context.accountId", "000000000000", "000000000000"],
    ["context.identity", undefined, undefined],
    ["context.none", undefined, undefined],
    ["'fixed value'", "fixed value", "fixed value"],
  ])("of %s", async (source, atConnect, ofMessage) => {
    const given: Given = { requestParameters: { "integration.request.header.seen": source } };
    const variables = { color: "blue" };
    for (const type of ["HTTP", "HTTP_PROXY"] as const) {
      await call(type, given, { eventType: "CONNECT", opening: opened, context, variables });
      expect(seen.headers.seen).toBe(atConnect);
      await call(type, given, { body, context, variables });
      expect(seen.headers.seen).toBe(ofMessage);
    }
  });

  test("of several values is several parameters of a query string", async () => {
    const source = "route.request.multivaluequerystring.a";
    const given: Given = { requestParameters: { "integration.request.querystring.b": source } };
    await call("HTTP", given, { eventType: "CONNECT", opening: opened });
    expect(seen.url).toBe("/backend?b=1&b=2");
  });

  test("of a message that is no JSON is of the whole of it alone", async () => {
    const requestParameters = {
      "integration.request.header.whole": "route.request.body",
      "integration.request.header.part": "route.request.body.to",
    };
    await call("HTTP", { requestParameters }, { body: "hello" });
    expect(seen.headers).toMatchObject({ whole: "hello" });
    expect(seen.headers).not.toHaveProperty("part");
  });
});

/** The guide's websocket-api-stages: where a URI may have a stage variable. */
test.each([
  ["http://${stageVariables.v}", () => `${new URL(origin).host}/all`, "/all"],
  ["http://${stageVariables.v}/resource/operation", () => new URL(origin).host, "/resource/operation"],
  ["http://${stageVariables.v}.0.0.1:{port}/resource/operation", () => "127", "/resource/operation"],
  ["http://127.0.0.1:{port}/${stageVariables.v}/bar", () => "foo", "/foo/bar"],
  ["http://127.0.0.1:{port}/foo?q=${stageVariables.v}", () => "x", "/foo?q=x"],
])("%s is called at its stage's", async (uri, value, url) => {
  const integrationUri = uri.replace("{port}", new URL(origin).port);
  for (const type of ["HTTP", "HTTP_PROXY"] as const) {
    await call(type, { integrationUri }, { variables: { v: value() } });
    expect(seen.url).toBe(url);
  }
});

describe("HTTP_PROXY", () => {
  test("posts the message, and answers with what comes back", async () => {
    answer = { status: 201, headers: { "x-other": "x" }, body: "grüße" };
    const body = '{"action":"chat"}';
    expect(await call("HTTP_PROXY", {}, { body })).toEqual({ statusCode: 201, body: "grüße", headers: {} });
    expect(seen).toMatchObject({ method: "POST", url: "/backend" });
    expect(seen.body.toString()).toBe(body);
    expect(seen.headers).toMatchObject({
      accept: "application/json",
      "content-type": "application/json",
      "user-agent": "AmazonAPIGateway_api1",
      "x-amzn-apigateway-api-id": "api1",
      "x-amzn-trace-id": expect.stringMatching(/^Root=1-/),
    });
    expect(seen.headers).not.toHaveProperty("x-forwarded-for");
    expect(seen.headers).not.toHaveProperty("connectionid");
  });

  // The examples of the guide's websocket-api-data-mapping, and of its table.
  test("sends of the connection what parameters map", async () => {
    const requestParameters = {
      "integration.request.header.connectionId": "context.connectionId",
      "integration.request.header.sourceIp": "context.identity.sourceIp",
      "integration.request.header.static": "'value'",
      "integration.request.header.body": "route.request.body",
      "integration.request.header.none": "route.request.body.none",
      "integration.request.querystring.to": "route.request.body.to.name",
      "integration.request.querystring.stage": "stageVariables.color",
      "integration.request.path.room": "route.request.body.to.room",
    };
    const integrationUri = `${origin}/{room}?fixed=1`;
    const body = '{"to":{"name":"a b","room":"r/1"}}';
    await call("HTTP_PROXY", { requestParameters, integrationUri }, { body, variables: { color: "blue" } });
    expect(seen.url).toBe("/r%2F1?fixed=1&to=a%20b&stage=blue");
    expect(seen.headers).toMatchObject({
      connectionid: "BFaT_fALIAMCKug=",
      sourceip: "192.0.2.1",
      static: "value",
      body,
    });
    expect(seen.headers).not.toHaveProperty("none");
    expect(seen.body.toString()).toBe(body);
  });

  test("passes on the request that opens a connection", async () => {
    answer = { status: 200, headers: { "Sec-WebSocket-Protocol": "chat.v2" } };
    const requestParameters = {
      "integration.request.header.authToken": "route.request.querystring.authToken",
      "integration.request.header.tokens": "route.request.multivaluequerystring.authToken",
      "integration.request.header.kind": "route.request.header.X-Kind",
    };
    const opened = opening({ "x-kind": "k", cookie: "a=b", connection: "upgrade", host: "api1.test" }, [
      ["authToken", ["t1", "t2"]],
    ]);
    const given = { requestParameters };
    expect(await call("HTTP_PROXY", given, { eventType: "CONNECT", opening: opened })).toMatchObject({
      statusCode: 200,
      headers: { "sec-websocket-protocol": "chat.v2" },
    });
    expect(seen.url).toBe("/backend?authToken=t1&authToken=t2");
    expect(seen.headers).toMatchObject({
      authtoken: "t2",
      tokens: "t1,t2",
      kind: "k",
      cookie: "a=b",
      "x-forwarded-for": "192.0.2.1",
      "x-forwarded-port": "443",
      "x-forwarded-proto": "https",
    });
    expect(seen.headers.host).toBe(new URL(origin).host);
    // Recorded, gorilla/websocket#517: neither is made up for it.
    expect(seen.headers).not.toHaveProperty("content-type");
    expect(seen.headers.accept).not.toBe("application/json"); // Node's own.
    expect(seen.body).toHaveLength(0);
  });

  // Backends that take the request for an upgrade refuse it; AWS's users help themselves so.
  test("replaces a header of the request that opens a connection by the one that a parameter maps", async () => {
    const requestParameters = { "integration.request.header.Sec-WebSocket-Version": "'0'" };
    const opened = opening({ "sec-websocket-version": "13", "sec-websocket-key": "k" });
    await call("HTTP_PROXY", { requestParameters }, { eventType: "CONNECT", opening: opened });
    expect(seen.headers).toMatchObject({ "sec-websocket-version": "0", "sec-websocket-key": "k" });
  });

  test("posts of a connection that is closed what parameters map, and nothing else", async () => {
    const requestParameters = {
      "integration.request.header.connectionId": "context.connectionId",
      "integration.request.header.code": "context.disconnectStatusCode",
    };
    const context = { routeKey: "$disconnect", disconnectStatusCode: 1001 };
    await call("HTTP_PROXY", { requestParameters }, { eventType: "DISCONNECT", context });
    expect(seen).toMatchObject({ method: "POST", url: "/backend" });
    expect(seen.headers).toMatchObject({ connectionid: "BFaT_fALIAMCKug=", code: "1001" });
    expect(seen.body).toHaveLength(0);
  });

  // The guide's websocket-api-develop-binary-media-types.
  test("converts base64 to binary", async () => {
    const given: Given = { contentHandlingStrategy: "CONVERT_TO_BINARY" };
    await call("HTTP_PROXY", given, { body: Buffer.from([0, 255, 128]).toString("base64") });
    expect([...seen.body]).toEqual([0, 255, 128]);
    await expect(call("HTTP_PROXY", given, { body: "{}" })).rejects.toMatchObject({ status: 500 });
  });

  test("has the method that it is given", async () => {
    await call("HTTP_PROXY", { integrationMethod: "PUT" }, { body: "x" });
    expect([seen.method, seen.body.toString()]).toEqual(["PUT", "x"]);
    await call("HTTP_PROXY", { integrationMethod: "GET" }, { body: "x" });
    expect([seen.method, seen.body.toString()]).toEqual(["GET", ""]);
  });

  test.each(["Content-Length", "Transfer-Encoding", "X-Amzn-Trace-Id"])("may not map %s", async (name) => {
    const requestParameters = { [`integration.request.header.${name}`]: "'1'" };
    await expect(call("HTTP_PROXY", { requestParameters })).rejects.toMatchObject({ status: 500 });
  });

  test("never sends what would end a header", async () => {
    const requestParameters = { "integration.request.header.text": "route.request.body.text" };
    const body = JSON.stringify({ text: "a\r\nEvil: 1" });
    await expect(call("HTTP_PROXY", { requestParameters }, { body })).rejects.toMatchObject({ status: 500 });
  });
});

describe("HTTP", () => {
  test("posts what the template makes, and answers with what the response's template makes", async () => {
    answer = { body: '{"greeting":"hi"}' };
    const given: Given = {
      requestTemplates: { $default: '{"to":$input.json(\'$.to\'),"id":"$context.connectionId"}' },
      integrationResponses: [
        response({ responseTemplates: { $default: "$input.path('$.greeting') $context.routeKey" } }),
      ],
    };
    expect(await call("HTTP", given, { body: '{"to":"a"}' })).toMatchObject({
      statusCode: 200,
      body: "hi chat",
    });
    expect(seen.body.toString()).toBe('{"to":"a","id":"BFaT_fALIAMCKug="}');
    expect(seen.headers).toMatchObject({
      "content-type": "application/json",
      "user-agent": "AmazonAPIGateway_api1",
    });
  });

  test("sends nothing of the request that opens a connection but what is mapped", async () => {
    const opened = opening({ cookie: "a=b", "x-kind": "k" });
    const requestParameters = {
      "integration.request.header.kind": "route.request.header.x-kind",
      "integration.request.header.Content-Type": "'text/csv'",
    };
    await call("HTTP", { requestParameters }, { eventType: "CONNECT", opening: opened });
    expect(seen.headers).toMatchObject({ kind: "k", "content-type": "text/csv" });
    expect(seen.headers).not.toHaveProperty("cookie");
  });

  test("has the status of a connection that opens from its endpoint", async () => {
    answer = { status: 403 };
    expect(await call("HTTP")).toMatchObject({ statusCode: 403 });
  });

  test("maps the response's headers and body to those of a connection that opens", async () => {
    answer = { headers: { "x-protocol": "chat.v2" }, body: '{"kind":{"a":1}}' };
    const responseParameters = {
      "route.response.header.Sec-WebSocket-Protocol": "integration.response.header.X-Protocol",
      "route.response.header.kind": "integration.response.body.kind",
    };
    const { headers } = await call("HTTP", { integrationResponses: [response({ responseParameters })] });
    expect(headers).toEqual({ "sec-websocket-protocol": "chat.v2", kind: '{"a":1}' });
  });

  // The guide's websocket-api-data-transformations, "Template selection expressions".
  test.each([
    ["${integration.response.statuscode}", "201"],
    ["$integration.response.statuscode", "201"],
    ["${integration.response.header.Kind}", "odd"],
    ["$integration.response.header.kind", "odd"],
    ["${integration.response.multivalueheader.Kind}", "odd"],
    ["${request.body.kind}", "even"],
    ["${request.body.kind}-${integration.response.header.Kind}", "even-odd"],
    ["fixed", "fixed"],
  ])("selects the response's template by %s", async (templateSelectionExpression, key) => {
    answer = { status: 201, headers: { kind: "odd" } };
    const responseTemplates = { [key]: "selected", $default: "none" };
    const integrationResponses = [response({ templateSelectionExpression, responseTemplates })];
    const { body } = await call("HTTP", { integrationResponses }, { body: '{"kind":"even"}' });
    expect(body).toBe("selected");
  });

  test("a template cannot read what has become binary", async () => {
    const given: Given = {
      contentHandlingStrategy: "CONVERT_TO_BINARY",
      requestTemplates: { $default: "$input.body" },
    };
    await expect(call("HTTP", given, { body: "aGk=" })).rejects.toMatchObject({ status: 500 });
  });

  test("an answer that is binary is base64 to the client when it is converted", async () => {
    answer = { body: Buffer.from([0, 255, 128]) };
    const bodyOf = async (more: object) =>
      (await call("HTTP", { integrationResponses: [response(more)] })).body;
    expect(await bodyOf({ contentHandlingStrategy: "CONVERT_TO_TEXT" })).toBe("AP+A");
    const templated = {
      contentHandlingStrategy: "CONVERT_TO_TEXT",
      responseTemplates: { $default: "data:$input.body" },
    };
    expect(await bodyOf(templated)).toBe("data:AP+A");
    answer = { body: "aGVsbG8=" };
    expect(await bodyOf({ contentHandlingStrategy: "CONVERT_TO_BINARY" })).toBe("hello");
    expect(await bodyOf({})).toBe("aGVsbG8=");
  });

  test("an endpoint that cannot be reached, or is too slow, is 504", async () => {
    await expect(call("HTTP", { integrationUri: "http://127.0.0.1:9/" })).rejects.toMatchObject({
      status: 504,
      message: "Network error communicating with endpoint",
    });
    const silent = createServer(() => undefined);
    const integrationUri = `http://127.0.0.1:${await listen(silent)}/`;
    await expect(call("HTTP", { integrationUri, timeoutInMillis: 100 })).rejects.toMatchObject({
      status: 504,
      message: "Endpoint request timed out",
    });
    silent.close();
    silent.closeAllConnections();
  });

  test("goes through a VPC link", async () => {
    const vpcLinks = new Map([["link1", { version: "V1", name: "link", targetArn: "arn:nlb" } as const]]);
    const env = { VPC_LINK_TARGETS: JSON.stringify({ "arn:nlb": origin }) };
    const given: Given = {
      connectionType: "VPC_LINK",
      connectionId: "${stageVariables.link}",
      integrationUri: "http://orders.internal/backend",
    };
    await call("HTTP", given, { vpcLinks, env, variables: { link: "link1" }, body: "x" });
    expect(seen).toMatchObject({ url: "/backend" });
    const other = call("HTTP", given, { vpcLinks, env, variables: { link: "link2" } });
    await expect(other).rejects.toMatchObject({ status: 500 });
  });
});

describe("a service of AWS", () => {
  const integration = (given: Given = {}): Situation["integration"] => ({
    integrationType: "AWS",
    integrationUri: "arn:aws:apigateway:us-east-1:dynamodb:action/PutItem",
    credentialsArn: "arn:aws:iam::000000000000:role/r",
    requestTemplates: { $default: '{"TableName":"$stageVariables.table"}' },
    ...given,
  });
  const env = () => ({
    AWS_ACCESS_KEY_ID: "AKID",
    AWS_SECRET_ACCESS_KEY: "secret",
    AWS_ENDPOINT_URL: origin,
  });
  const variables = { table: "connections" };

  test("is sent a signed request", async () => {
    answer = { body: "{}" };
    expect(await carryOut({ integration: integration(), env: env(), variables })).toMatchObject({
      statusCode: 200,
      body: "{}",
    });
    expect(seen.body.toString()).toBe('{"TableName":"connections"}');
    expect(seen.headers).toMatchObject({
      "x-amz-target": "DynamoDB_20120810.PutItem",
      "content-type": "application/x-amz-json-1.0",
      authorization: expect.stringMatching(/^AWS4-HMAC-SHA256 Credential=AKID\//),
    });
  });

  // AWS's samples (serverless-patterns, apigw-websocket-api-sqs-lambda) send messages to a queue so.
  test("is sent a form where its template and a mapping make one", async () => {
    answer = { body: "{}" };
    const given: Given = {
      integrationUri: "arn:aws:apigateway:us-east-1:sqs:path/000000000000/queue.fifo",
      passthroughBehavior: "NEVER",
      requestParameters: { "integration.request.header.Content-Type": "'application/x-www-form-urlencoded'" },
      requestTemplates: {
        $default:
          "Action=SendMessage&MessageGroupId=$input.path('$.group')&MessageDeduplicationId=$context.requestId&MessageBody=$util.urlEncode($input.json('$'))",
      },
      templateSelectionExpression: "\\\\$default",
      integrationResponses: [],
    };
    const message = { body: '{"group":"a","text":"x&y"}', isAnswered: false };
    await carryOut({ integration: integration(given), env: env(), ...message });
    expect(seen).toMatchObject({ method: "POST", url: "/000000000000/queue.fifo" });
    expect(seen.headers).toMatchObject({
      "content-type": "application/x-www-form-urlencoded",
      authorization: expect.stringContaining("/us-east-1/sqs/aws4_request"),
    });
    expect(seen.body.toString()).toBe(
      `Action=SendMessage&MessageGroupId=a&MessageDeduplicationId=BFaVtH2HoAMFZEQ=&MessageBody=%7B%22group%22%3A%22a%22%2C%22text%22%3A%22x%26y%22%7D`,
    );
  });

  test("that refuses answers by the response that its status selects, where the expression is of statuses", async () => {
    answer = { status: 400, body: '{"__type":"x"}' };
    const given: Given = {
      integrationResponseSelectionExpression: "${integration.response.statuscode}",
      integrationResponses: [
        response({ integrationResponseKey: "/4\\d\\d/", responseTemplates: { $default: "refused" } }),
        response(),
      ],
    };
    expect(await carryOut({ integration: integration(given), env: env(), variables })).toMatchObject({
      statusCode: 400,
      body: "refused",
    });
  });

  test("is not called without credentials", async () => {
    await expect(carryOut({ integration: integration(), variables })).rejects.toMatchObject({ status: 500 });
  });
});
