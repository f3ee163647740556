/** The guide's matrices of what becomes of a payload, row by row. */
import { createServer } from "node:http";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Integration } from "../../../src/definitions/rest-api.ts";
import { listen } from "../../listen.ts";
import { call, mock } from "./api.ts";

const seen: { headers: NodeJS.Dict<string | string[]>; body: Buffer }[] = [];
let answer: { type: string; body: Buffer };
const server = createServer(async (request, response) => {
  seen.push({ headers: request.headers, body: await buffer(request) });
  response.setHeader("Content-Type", answer.type);
  response.end(answer.body);
});
let uri: string;

beforeAll(async () => {
  uri = `http://127.0.0.1:${await listen(server)}/`;
});

afterAll(() => server.close());

const text = Buffer.from("hello");
const base64 = Buffer.from("aGVsbG8=");
const octets = Buffer.from([0xff, 0x00, 0xfe]);
const octetsAsBase64 = Buffer.from("/wD+");

// integration-passthrough-behaviors, examples 1 to 4.
describe("passthrough", () => {
  const json = { "application/json": '{"statusCode": 201}' };
  const xml = { "application/xml": '{"statusCode": 201}' };

  test.each<
    [templates: Record<string, string>, contentType: string | undefined, statuses: [number, number, number]]
  >([
    [json, undefined, [201, 201, 201]],
    [json, "application/json", [201, 201, 201]],
    [json, "application/xml", [200, 415, 415]],
    [xml, undefined, [200, 415, 415]],
    [xml, "application/json", [200, 415, 415]],
    [xml, "application/xml", [201, 201, 201]],
    [{ ...json, ...xml }, undefined, [201, 201, 201]],
    [{ ...json, ...xml }, "text/plain", [200, 415, 415]],
    [{}, undefined, [200, 200, 415]],
    [{}, "application/json", [200, 200, 415]],
    [{}, "application/xml", [200, 200, 415]],
    [{ $default: json["application/json"] as string }, "text/plain", [201, 201, 201]],
  ])("%j with %s: %j", async (requestTemplates, contentType, expected) => {
    const behaviors = ["WHEN_NO_MATCH", "WHEN_NO_TEMPLATES", "NEVER"] as const;
    const statuses = await Promise.all(
      behaviors.map(async (passthroughBehavior) => {
        const integration: Partial<Integration> = {
          requestTemplates,
          passthroughBehavior,
          integrationResponses: {
            "200": { statusCode: "200" },
            "201": { statusCode: "201", selectionPattern: "201" },
          },
        };
        const response = await call(
          { integration: { ...mock(), ...integration } },
          {
            body: new TextEncoder().encode('{"statusCode": 200}'),
            headers: contentType === undefined ? {} : { "Content-Type": contentType },
          },
        );
        return response.status;
      }),
    );
    expect(statuses).toEqual(expected);
  });
});

// api-gateway-payload-encodings-workflow, first table.
test.each<
  [sent: Buffer, isBinary: boolean, handling: Integration["contentHandling"], received: Buffer | number]
>([
  [text, false, undefined, text],
  [base64, false, "CONVERT_TO_BINARY", text],
  [text, false, "CONVERT_TO_TEXT", text],
  [octets, true, undefined, octets],
  [octets, true, "CONVERT_TO_BINARY", octets],
  [octets, true, "CONVERT_TO_TEXT", octetsAsBase64],
  [Buffer.from("no base64!"), false, "CONVERT_TO_BINARY", 500],
])("a request of %j, binary: %s, contentHandling %s", async (sent, isBinary, contentHandling, received) => {
  answer = { type: "text/plain", body: text };
  seen.length = 0;
  const response = await call(
    {
      api: { binaryMediaTypes: ["image/png"] },
      integration: {
        type: "HTTP",
        httpMethod: "POST",
        uri,
        ...(contentHandling ? { contentHandling } : {}),
        integrationResponses: { "200": { statusCode: "200" } },
      },
    },
    { body: sent as Buffer<ArrayBuffer>, headers: { "Content-Type": isBinary ? "image/png" : "text/plain" } },
  );
  if (typeof received === "number") return expect(response.status).toBe(received);
  expect(response.status).toBe(200);
  expect(seen[0]?.body).toEqual(received);
});

// api-gateway-payload-encodings-workflow, second table.
test.each<
  [
    returned: Buffer,
    type: string,
    accept: string,
    handling: Integration["contentHandling"],
    received: Buffer | number,
  ]
>([
  [text, "text/plain", "text/plain", undefined, text],
  [base64, "text/plain", "text/plain", "CONVERT_TO_BINARY", text],
  [text, "text/plain", "text/plain", "CONVERT_TO_TEXT", text],
  [base64, "text/plain", "image/png", undefined, text],
  [base64, "text/plain", "image/png", "CONVERT_TO_BINARY", text],
  [text, "text/plain", "image/png", "CONVERT_TO_TEXT", text],
  [octets, "image/png", "text/plain", undefined, octetsAsBase64],
  [octets, "image/png", "text/plain", "CONVERT_TO_BINARY", octets],
  [octets, "image/png", "text/plain", "CONVERT_TO_TEXT", octetsAsBase64],
  [octets, "image/png", "image/png", undefined, octets],
  [octets, "image/png", "image/png", "CONVERT_TO_BINARY", octets],
  [octets, "image/png", "image/png", "CONVERT_TO_TEXT", octetsAsBase64],
  // Only the first type of Accept counts.
  [octets, "image/png", "text/html, image/png", undefined, octetsAsBase64],
  [Buffer.from("no base64!"), "text/plain", "image/png", undefined, 500],
])(
  "a response of %j, %s for Accept %s, contentHandling %s",
  async (returned, type, accept, contentHandling, received) => {
    answer = { type, body: returned };
    const response = await call(
      {
        api: { binaryMediaTypes: ["image/png"] },
        integration: {
          type: "HTTP",
          httpMethod: "GET",
          uri,
          integrationResponses: {
            "200": { statusCode: "200", ...(contentHandling ? { contentHandling } : {}) },
          },
        },
      },
      { method: "GET", headers: { Accept: accept } },
    );
    if (typeof received === "number") return expect(response.status).toBe(received);
    expect(response.status).toBe(200);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(received);
  },
);

// apigateway-override-request-response-parameters, "Override an API's request parameters and headers".
test("a template overrides headers, of several values too", async () => {
  answer = { type: "text/plain", body: text };
  seen.length = 0;
  const template = `#set($header1Override = "foo")
#set($header3Value = "$input.params('header1')$input.params('header2')")
$input.json("$")
#set($context.requestOverride.header.header3 = $header3Value)
#set($context.requestOverride.header.header1 = $header1Override)
#set($context.requestOverride.header.multivalueheader=[$header1Override, $header3Value])`;
  await call(
    {
      method: {
        requestParameters: { "method.request.header.header1": false, "method.request.header.header2": false },
      },
      integration: {
        type: "HTTP",
        httpMethod: "GET",
        uri,
        requestTemplates: { "application/json": template },
        requestParameters: {
          "integration.request.header.header1": "method.request.header.header1",
          "integration.request.header.header2": "method.request.header.header2",
        },
        integrationResponses: { "200": { statusCode: "200" } },
      },
    },
    { method: "GET", headers: { header1: "header1Val", header2: "header2Val" } },
  );
  expect(seen[0]?.headers).toMatchObject({
    header1: "foo",
    header2: "header2Val",
    header3: "header1Valheader2Val",
    multivalueheader: "foo,header1Valheader2Val",
  });
});

test("a status that a template sets has no body where HTTP knows none", async () => {
  const template = "#set($context.responseOverride.status = 204)some";
  const response = await call({ integration: mock({ responseTemplates: { "application/json": template } }) });
  expect([response.status, await response.text()]).toEqual([204, ""]);
});

test("a parameter that is overridden twice is 500", async () => {
  const template =
    "#set($context.responseOverride.status = 201)#set($context.responseOverride.status = 202)x";
  const response = await call({ integration: mock({ responseTemplates: { "application/json": template } }) });
  expect(response.status).toBe(500);
});

// Recorded: test_integration_mock_with_response_override_in_request_template.
test("the response template sees what the request template has set", async () => {
  const response = await call({
    integration: mock(
      {
        responseTemplates: {
          "application/json":
            "$context.responseOverride.status $context.responseOverride.header.foo $context.responseOverride.custom $context.requestOverride.querystring.q",
        },
      },
      {
        requestTemplates: {
          "application/json":
            '#set($context.responseOverride.status = 444)#set($context.responseOverride.header.foo = "bar")#set($context.responseOverride.custom = "is also passed around")#set($context.requestOverride.querystring["q"] = "v"){"statusCode": 200}',
        },
      },
    ),
  });
  expect([response.status, response.headers.get("foo"), await response.text()]).toEqual([
    444,
    "bar",
    "444 bar is also passed around v",
  ]);
});
