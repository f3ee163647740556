/** What happens to requests and responses on their way, with real clients against a running gateway. */
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import {
  CreateModelCommand,
  CreateRequestValidatorCommand,
  GetModelsCommand,
  GetModelTemplateCommand,
  PutGatewayResponseCommand,
  TestInvokeMethodCommand,
  UpdateRestApiCommand,
} from "@aws-sdk/client-api-gateway";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { listen } from "../listen.ts";
import { apiGatewayClient } from "./clients.ts";
import { rawRequest } from "./raw-http.ts";
import { logLines, mock, TestApi } from "./rest-api.ts";

const origin = inject("origin");
const client = apiGatewayClient(origin);
/** What the backend has seen. */
interface Seen {
  url: string;
  headers: Record<string, string>;
  body: string;
}

const json = { "content-type": "application/json" };
let api: TestApi;
let backend: string;
const server = createServer(async (request, response) => {
  const body = await text(request);
  response.setHeader("X-Backend", "yes");
  response.end(JSON.stringify({ url: request.url, headers: request.headers, body }));
});

beforeAll(async () => {
  backend = `http://127.0.0.1:${await listen(server)}`;
  api = await TestApi.create(client);
});

afterAll(() => server.close());

const testMethod = async (...given: Parameters<TestApi["testMethod"]>) => {
  const result = await api.testMethod(...given);
  return { ...result, lines: logLines(result.log) };
};

describe("TestInvokeMethod", () => {
  beforeAll(async () => {
    const response = { responseTemplates: { "application/json": '{"petId": "$input.params(\'petId\')"}' } };
    await api.method("GET", "/pets/{petId}", { integration: mock(), responses: [response] });
    await api.method("POST", "/pets/{petId}", {
      method: { authorizationType: "AWS_IAM", apiKeyRequired: true },
      integration: mock(),
      responses: [response],
    });
    await api.method("ANY", "/proxied", {
      integration: { type: "HTTP_PROXY", uri: "${stageVariables.backend}/x", integrationHttpMethod: "POST" },
    });
    await api.method("POST", "/mapped", {
      integration: {
        type: "HTTP",
        uri: `${backend}/mapped`,
        integrationHttpMethod: "POST",
        requestTemplates: { "application/json": '{"a": $input.json(\'$.a\'), "stage": "$context.stage"}' },
      },
      responses: [{ responseTemplates: { "application/json": "$input.path('$.body')" } }],
    });
  });

  // Recorded: test_invoke_test_method.
  test.each([
    ["GET", undefined, "/pets/{petId}", "{petId={petId}}", "{}", "{petId}"],
    ["GET", "/pets/123", "/pets/123", "{petId=123}", "{}", "123"],
    ["GET", "/pets/123?foo=bar", "/pets/123", "{petId=123}", "{foo=bar}", "123"],
    ["GET", "/random/test", "/random/test", "{}", "{}", ""],
    ["POST", "/pets/123", "/pets/123", "{petId=123}", "{}", "123"],
  ])("%s %s", async (httpMethod, pathWithQueryString, path, parameters, query, petId) => {
    const body = httpMethod === "POST" ? '{"foo": "bar"}' : "";
    const result = await testMethod(httpMethod, "/pets/{petId}", {
      ...(pathWithQueryString ? { pathWithQueryString } : {}),
      body,
    });
    expect(result).toMatchObject({
      status: 200,
      body: `{"petId": "${petId}"}`,
      headers: { "Content-Type": "application/json" },
      multiValueHeaders: { "Content-Type": ["application/json"] },
    });
    const id = result.lines[0]?.split(" ").at(-1);
    expect(result.lines).toEqual([
      `Execution log for request ${id}`,
      `Starting execution for request: ${id}`,
      `HTTP Method: ${httpMethod}, Resource Path: ${path}`,
      `Method request path: ${parameters}`,
      `Method request query string: ${query}`,
      "Method request headers: {}",
      `Method request body before transformations: ${body}`,
      `Method response body after transformations: {"petId": "${petId}"}`,
      "Method response headers: {Content-Type=application/json}",
      "Successfully completed execution",
      "Method completed with status: 200",
      "",
    ]);
    expect(typeof result.latency).toBe("number");
  });

  // Recorded: test_failed_invoke_test_method.
  test("of an address that is none", async () => {
    const result = await testMethod("GET", "/proxied");
    expect(result).toMatchObject({
      status: 500,
      body: '{"message": "Internal server error"}',
      headers: { "x-amzn-ErrorType": "InternalServerErrorException" },
    });
    expect(result.headers).not.toHaveProperty("Content-Type");
    expect(result.lines.slice(-3)).toEqual([
      "Execution failed due to configuration error: Invalid endpoint address",
      "Method completed with status: 500",
      "",
    ]);
  });

  test("with stage variables, of a backend: both bodies are in the log, and no secret", async () => {
    const result = await testMethod("PUT", "/proxied", {
      stageVariables: { backend },
      body: "payload",
      headers: { Authorization: "Bearer very-secret-token", "X-One": "1" },
    });
    expect(result.status).toBe(200);
    expect(JSON.parse(result.body as string)).toMatchObject({ url: "/x", body: "payload" });
    expect(result.headers).toMatchObject({ "X-Backend": "yes" });
    expect(result.lines).toContain(`Endpoint request URI: ${backend}/x`);
    expect(result.lines).toContain("Endpoint request body after transformations: payload");
    expect(result.lines).toContain(`Endpoint response body before transformations: ${result.body}`);
    const headers = result.lines.filter((line) => /^(?:Method|Endpoint) request headers/.test(line));
    expect(headers).toEqual([
      "Method request headers: {Authorization=******************-token, X-One=1}",
      expect.stringMatching(/, Authorization=\*{18}-token, .*, X-One=1\}$/),
    ]);
  });

  test("shows what templates make", async () => {
    const result = await testMethod("POST", "/mapped", { body: '{"a": [1, 2]}', headers: json });
    expect(result).toMatchObject({ status: 200, body: '{"a": [1,2], "stage": "test-invoke-stage"}' });
    expect(result.lines).toContain(
      'Endpoint request body after transformations: {"a": [1,2], "stage": "test-invoke-stage"}',
    );
  });

  test("of what is not there", async () => {
    await expect(testMethod("HEAD", "/pets/{petId}")).rejects.toMatchObject({
      name: "NotFoundException",
      message: "Invalid Method identifier specified",
    });
    const absent = { restApiId: api.id, resourceId: "nosuch", httpMethod: "GET" };
    await expect(client.send(new TestInvokeMethodCommand(absent))).rejects.toMatchObject({
      name: "NotFoundException",
      message: "Invalid Resource identifier specified",
    });
    await expect(testMethod("GET", "/pets/{petId}", { headers: { "bad name": "x" } })).rejects.toMatchObject({
      name: "BadRequestException",
    });
  });
});

describe("deployed", () => {
  let url: (path: string) => string;

  beforeAll(async () => {
    // The guide's how-to-cors: a mock that answers preflights.
    const allow = (name: string) => `method.response.header.Access-Control-Allow-${name}`;
    await api.method("OPTIONS", "/cors", {
      integration: mock(),
      responses: [
        {
          responseParameters: {
            [allow("Headers")]: "'Content-Type,X-Amz-Date,Authorization,X-Api-Key,X-Amz-Security-Token'",
            [allow("Methods")]: "'DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT'",
            [allow("Origin")]: "'*'",
          },
        },
      ],
    });
    await api.method("GET", "/cors", {
      method: { apiKeyRequired: true },
      integration: mock(),
      responses: [{}],
    });
    await client.send(
      new PutGatewayResponseCommand({
        restApiId: api.id,
        responseType: "DEFAULT_4XX",
        responseParameters: { "gatewayresponse.header.Access-Control-Allow-Origin": "'*'" },
      }),
    );
    const { id: requestValidatorId } = await client.send(
      new CreateRequestValidatorCommand({ restApiId: api.id, name: "body", validateRequestBody: true }),
    );
    for (const [name, schema] of Object.entries({
      Name: { type: "string", pattern: "^(a+)+$" },
      Pet: {
        type: "object",
        properties: {
          name: { $ref: `https://apigateway.amazonaws.com/restapis/${api.id}/models/Name` },
          legs: { type: "integer" },
        },
        required: ["name"],
      },
    })) {
      const model = {
        restApiId: api.id,
        name,
        contentType: "application/json",
        schema: JSON.stringify(schema),
      };
      await client.send(new CreateModelCommand(model));
    }
    await client.send(
      new PutGatewayResponseCommand({
        restApiId: api.id,
        responseType: "BAD_REQUEST_BODY",
        statusCode: "422",
        responseTemplates: {
          "application/json":
            '{"message": $context.error.messageString, "errors": "$context.error.validationErrorString"}',
        },
      }),
    );
    await api.method("POST", "/pets", {
      method: {
        ...(requestValidatorId ? { requestValidatorId } : {}),
        requestModels: { "application/json": "Pet" },
      },
      integration: mock(),
      responses: [{ responseTemplates: { "application/json": '{"ok": true}' } }],
    });
    await api.method("POST", "/echo", {
      integration: { type: "HTTP_PROXY", uri: `${backend}/echo`, integrationHttpMethod: "POST" },
    });
    await api.method("POST", "/template", {
      integration: {
        type: "HTTP",
        uri: `${backend}/\${stageVariables.path}`,
        integrationHttpMethod: "POST",
        requestParameters: {
          "integration.request.header.X-Variable": "stageVariables.path",
          "integration.request.querystring.who": "context.httpMethod",
        },
        requestTemplates: {
          "application/json": '{"first": $input.json(\'$.a[0]\'), "variable": "$stageVariables.path"}',
        },
      },
      responses: [{}],
    });
    await api.method("POST", "/override", {
      integration: {
        type: "MOCK",
        requestTemplates: {
          "application/json": '#set($context.responseOverride.status = 418){"statusCode": 200}',
        },
      },
      responses: [
        {
          responseTemplates: {
            "application/json": '#set($context.responseOverride.header.X-Set = "by $context.stage")tea',
          },
        },
      ],
    });
    await api.method("POST", "/loops", {
      integration: {
        type: "MOCK",
        requestTemplates: {
          "application/json":
            "#set($l = [1..1000])#foreach($a in $l)#foreach($b in $l)#foreach($c in $l)x#end#end#end",
        },
      },
      responses: [{}],
    });
    await api.method("POST", "/redos", {
      integration: {
        type: "MOCK",
        requestTemplates: {
          "application/json": `{"statusCode": #if($input.path('$.a').matches('(a+)+$'))200#{else}404#end}`,
        },
      },
      responses: [{}],
    });
    await client.send(
      new UpdateRestApiCommand({
        restApiId: api.id,
        patchOperations: [{ op: "replace", path: "/minimumCompressionSize", value: "100" }],
      }),
    );
    await api.deploy("test", { path: "from-a-variable" });
    url = (path) => api.url(origin, path);
  });

  const post = (path: string, body: string | Uint8Array, headers: Record<string, string> = json) =>
    fetch(url(path), { method: "POST", body: body as string, headers });

  test("a browser's preflight is answered by the mock, and a refusal can be read", async () => {
    const preflight = await fetch(url("/cors"), {
      method: "OPTIONS",
      headers: {
        Origin: "https://app.example.com",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "content-type,x-api-key",
      },
    });
    expect(preflight.status).toBe(200);
    expect(preflight.headers.get("access-control-allow-origin")).toBe("*");
    expect(preflight.headers.get("access-control-allow-methods")).toContain("GET");
    expect(preflight.headers.get("access-control-allow-headers")).toContain("X-Api-Key");
    const refused = await fetch(url("/cors"), { headers: { Origin: "https://app.example.com" } });
    expect(refused.status).toBe(403);
    expect(refused.headers.get("access-control-allow-origin")).toBe("*");
  });

  test("a body is checked against its model and those it refers to", async () => {
    expect((await post("/pets", '{"name": "aaa", "legs": 4}')).status).toBe(200);
    const refused = await post("/pets", '{"legs": 4.5}');
    expect(refused.status).toBe(422);
    expect(await refused.text()).toBe(
      '{"message": "Invalid request body", "errors": "[object has missing required properties (["name"])]"}',
    );
    const wrong = await post("/pets", '{"name": "b", "legs": "4"}');
    expect(await wrong.text()).toContain(
      'instance type (string) does not match any allowed primitive type (allowed: ["integer"]), ECMA 262 regex "^(a+)+$" does not match input string "b"',
    );
  });

  test.each([
    ["a model's pattern", "/pets", { name: `${"a".repeat(60)}!` }, 422],
    ["a template's pattern", "/redos", { a: `${"a".repeat(60)}!` }, 500],
    ["a template that loops", "/loops", {}, 500],
  ])("%s does not hold the gateway", async (_, path, body, status) => {
    const [response, other] = await Promise.all([post(path, JSON.stringify(body)), post("/override", "{}")]);
    expect(response.status).toBe(status);
    expect(other.status).toBe(418);
  });

  test("a template makes the request, with stage variables everywhere", async () => {
    const response = await post("/template", '{"a": [{"b": 1.50}]}');
    expect(await response.json()).toMatchObject({
      url: "/from-a-variable?who=POST",
      headers: { "x-variable": "from-a-variable" },
      body: '{"first": {"b":1.5}, "variable": "from-a-variable"}',
    });
  });

  test.each([
    ["{", "Unexpected End Of File position 0: null"],
    ['{"a": }', "Unexpected character (}) at position 6."],
  ])("a body that is no JSON is 400 for a template that reads it: %s", async (body, message) => {
    const response = await post("/template", body);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      message: `Could not process payloadnet.minidev.json.parser.ParseException: ${message}`,
    });
  });

  test("a body that is no UTF-8 is read with replacement characters", async () => {
    const response = await post(
      "/template",
      Uint8Array.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x5b, 0x22, 0xff, 0x22, 0x5d, 0x7d]),
    );
    expect(await response.json()).toMatchObject({
      body: '{"first": "\ufffd", "variable": "from-a-variable"}',
    });
  });

  test("templates override status and headers", async () => {
    const response = await post("/override", "{}");
    expect([response.status, await response.text()]).toEqual([418, "tea"]);
    expect(response.headers.get("x-set")).toBe("by test");
  });

  test("a compressed request reaches templates and backends decompressed", async () => {
    const compressed = gzipSync('{"a": ["x"]}');
    const headers = { ...json, "content-encoding": "gzip" };
    const proxied = (await (await post("/echo", compressed, headers)).json()) as Seen;
    expect(proxied.body).toBe('{"a": ["x"]}');
    expect(proxied.headers).not.toHaveProperty("content-encoding");
    expect(proxied.headers["content-length"]).toBe("12");
    const mapped = (await (await post("/template", compressed, headers)).json()) as Seen;
    expect(mapped.body).toBe('{"first": "x", "variable": "from-a-variable"}');
    expect((await post("/template", '{"a": []}', headers)).status).toBe(415);
    expect((await post("/template", compressed, { ...json, "content-encoding": "br" })).status).toBe(415);
    const bomb = gzipSync(Buffer.alloc(100_000_000), { level: 9 });
    expect((await post("/template", bomb, headers)).status).toBe(413);
  });

  test("a response that is long enough is compressed for who asks", async () => {
    const body = "x".repeat(200);
    const path = new URL(url("/echo")).pathname;
    const raw = (accept: string, content: string) =>
      rawRequest(
        origin,
        `POST ${path} HTTP/1.1\r\nHost: gateway\r\nAccept-Encoding: ${accept}\r\nContent-Length: ${content.length}\r\nConnection: close\r\n\r\n${content}`,
      );
    const compressed = await raw("gzip", body);
    expect(compressed?.headers["content-encoding"]).toBe("gzip");
    expect((await raw("br, gzip", body))?.headers).not.toHaveProperty("content-encoding");
    const response = await fetch(url("/echo"), {
      method: "POST",
      body,
      headers: { "accept-encoding": "gzip" },
    });
    expect(response.headers.get("content-encoding")).toBe("gzip");
    expect(((await response.json()) as Seen).body).toBe(body);
    const short = await post("/pets", '{"name": "a"}', { ...json, "accept-encoding": "gzip" });
    expect(short.headers.has("content-encoding")).toBe(false);
  });

  test("a model has a template, and every API two models from the start", async () => {
    const { items = [] } = await client.send(new GetModelsCommand({ restApiId: api.id }));
    expect(items.map(({ name }) => name)).toEqual(expect.arrayContaining(["Empty", "Error", "Pet"]));
    const template = await client.send(new GetModelTemplateCommand({ restApiId: api.id, modelName: "Pet" }));
    expect(template.value).toContain("#set($inputRoot = $input.path('$'))");
  });
});
