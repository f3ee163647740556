/** Methods with AWS_IAM, called with signed requests. */
import { createServer } from "node:http";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { AwsClient, AwsV4Signer } from "aws4fetch";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { credentials } from "../gateway.ts";
import { listen } from "../listen.ts";
import { apiGatewayClient } from "./clients.ts";
import { mock, TestApi } from "./rest-api.ts";

const origin = inject("origin");
const client = apiGatewayClient(origin);
const scope = { ...credentials, service: "execute-api", region: "us-east-1" };
const aws = new AwsClient(scope);
const method = { authorizationType: "AWS_IAM" };

/** Answers with what it was sent. */
const backend = createServer(async (request, response) => response.end(await buffer(request)));

let api: TestApi;

beforeAll(async () => {
  const uri = `http://127.0.0.1:${await listen(backend)}/`;
  api = await TestApi.create(client);
  await api.method("GET", "/who/{name}", {
    method,
    integration: mock(),
    responses: [
      {
        responseTemplates: {
          "application/json": `{#foreach($name in $context.identity.keySet())"$name":"$!context.identity.get($name)"#if($foreach.hasNext),#end#end}`,
        },
      },
    ],
  });
  await api.method("POST", "/echo", {
    method,
    integration: { type: "HTTP_PROXY", integrationHttpMethod: "POST", uri },
  });
  await api.deploy();
});

afterAll(() => void backend.close());

const url = (path: string) => api.url(origin, path);
const refusal = async (response: Response) => [
  response.status,
  response.headers.get("x-amzn-errortype"),
  await response.text(),
];

test("a signed request is its signer's, and the method knows who it is", async () => {
  const answer = await aws.fetch(url("/who/a%20b?y=1&x=%2F"));
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({
    accountId: "000000000000",
    accessKey: credentials.accessKeyId,
    caller: "000000000000",
    user: "000000000000",
    userArn: "arn:aws:iam::000000000000:root",
    cognitoIdentityId: "",
  });
});

test("a presigned URL does as well, and holds for five minutes when it does not say", async () => {
  const presign = async (datetime?: string) => {
    const signed = await new AwsV4Signer({
      ...scope,
      url: url("/who/a"),
      signQuery: true,
      ...(datetime ? { datetime } : {}),
    }).sign();
    return fetch(signed.url);
  };
  expect((await presign()).status).toBe(200);
  const [status, type, body] = await refusal(await presign("20200101T000000Z"));
  expect([status, type]).toEqual([403, "InvalidSignatureException"]);
  expect(body).toMatch(
    /^\{"message":"Signature expired: 20200101T000000Z is now earlier than \d{8}T\d{6}Z \(\d{8}T\d{6}Z - 5 min\.\)"\}$/,
  );
});

test("a request without a signature lacks its token", async () => {
  expect(await refusal(await fetch(url("/who/a")))).toEqual([
    403,
    "MissingAuthenticationTokenException",
    '{"message":"Missing Authentication Token"}',
  ]);
});

test.each(["/who/a", "/nowhere"])("another service's token is told so, %s", async (path) => {
  const [status, type, body] = await refusal(
    await fetch(url(path), { headers: { authorization: "Bearer abc" } }),
  );
  expect([status, type]).toEqual([403, "IncompleteSignatureException"]);
  expect(body).toBe(
    `{"message":"Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): 'w1Xc6WwWEogNEZQP/dkBTThsJT4MNlKmzQanIm970rY='."}`,
  );
});

test.each([
  [
    "an unknown key",
    { accessKeyId: "AKIAUNKNOWN" },
    "UnrecognizedClientException",
    "The security token included in the request is invalid.",
  ],
  [
    "another secret",
    { secretAccessKey: "x" },
    "InvalidSignatureException",
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
  ],
  [
    "another service",
    { service: "apigateway" },
    "InvalidSignatureException",
    "Credential should be scoped to correct service: 'execute-api'.",
  ],
  [
    "another region",
    { region: "eu-west-1" },
    "InvalidSignatureException",
    "Credential should be scoped to a valid region.",
  ],
])("a signature with %s is refused", async (_, other, type, message) => {
  const answer = await new AwsClient({ ...scope, ...other, retries: 0 }).fetch(url("/who/a"));
  expect(await refusal(answer)).toEqual([403, type, JSON.stringify({ message })]);
});

test("the body is part of what is signed, and passes on unchanged", async () => {
  const body = "x".repeat(300_000);
  const signed = await aws.sign(url("/echo"), { method: "POST", body });
  const { headers } = signed;
  const answer = await fetch(url("/echo"), { method: "POST", headers, body });
  expect(answer.status).toBe(200);
  expect(await answer.text()).toBe(body);
  const other = await fetch(url("/echo"), { method: "POST", headers, body: `${body}y` });
  expect([other.status, other.headers.get("x-amzn-errortype")]).toEqual([403, "InvalidSignatureException"]);
});

test("a compressed body is signed as it was sent", async () => {
  const body = gzipSync("hello");
  const headers = { "Content-Encoding": "gzip" };
  const signed = await aws.sign(url("/echo"), { method: "POST", body, headers });
  const answer = await fetch(url("/echo"), { method: "POST", headers: signed.headers, body });
  expect(answer.status).toBe(200);
  expect(await answer.text()).toBe("hello");
});

test("a body whose hash is declared must have it, and may be left out of the signature", async () => {
  const post = async (hash: string) => {
    const headers = { "x-amz-content-sha256": hash };
    const signed = await new AwsV4Signer({ ...scope, url: url("/echo"), method: "POST", headers }).sign();
    return fetch(url("/echo"), { method: "POST", headers: signed.headers, body: "hello" });
  };
  const sha256 = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
  expect((await post(sha256)).status).toBe(200);
  const unsigned = await post("UNSIGNED-PAYLOAD");
  expect([unsigned.status, await unsigned.text()]).toEqual([200, "hello"]);
  expect((await post(sha256.replace("2", "3"))).status).toBe(403);
});

test("a body over 10 MB is refused before it is hashed", async () => {
  const body = "x".repeat(10_485_761);
  const signed = await aws.sign(url("/echo"), { method: "POST", body });
  const answer = await fetch(url("/echo"), { method: "POST", headers: signed.headers, body });
  expect(answer.status).toBe(413);
});

test("a tester needs no signature of the method's", async () => {
  const { status } = await api.testMethod("GET", "/who/{name}", { pathWithQueryString: "/who/a" });
  expect(status).toBe(200);
});
