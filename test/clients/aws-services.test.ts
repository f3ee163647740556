/**
 * Integrations with services of AWS, against servers of their protocols. Sources: the guide's
 * integrating-api-with-aws-services-s3 and -kinesis; recorded: test_apigateway_dynamodb, test_apigateway_kinesis,
 * test_apigateway_s3.
 */
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { credentialVariables, type Gateway, startGateway } from "../gateway.ts";
import { type AwsServer, startDynamoDb, startKinesis, startS3 } from "./aws-servers.ts";
import { apiGatewayClient } from "./clients.ts";
import { rawRequest } from "./raw-http.ts";
import { type MethodOptions, TestApi } from "./rest-api.ts";

const bucket = "pictures";
let gateway: Gateway;
let dynamoDb: AwsServer;
let kinesis: AwsServer;
let s3: Awaited<ReturnType<typeof startS3>>;
let api: TestApi;

const uri = (service: string, rest: string) => `arn:aws:apigateway:us-east-1:${service}:${rest}`;
const role = "arn:aws:iam::000000000000:role/apigateway";

const action = (service: string, name: string, template: string): MethodOptions => ({
  integration: {
    type: "AWS",
    integrationHttpMethod: "POST",
    uri: uri(service, `action/${name}`),
    credentials: role,
    requestTemplates: { "application/json": template },
  },
  responses: [{}, { statusCode: "400", selectionPattern: "4\\d{2}" }],
});

const object = (method: string, options: Partial<MethodOptions["integration"]> = {}): MethodOptions => ({
  method: {
    requestParameters: { "method.request.path.folder": true, "method.request.path.item": true },
  },
  integration: {
    type: "AWS",
    integrationHttpMethod: method,
    uri: uri("s3", "path/{bucket}/{object}"),
    credentials: role,
    requestParameters: {
      "integration.request.path.bucket": "method.request.path.folder",
      "integration.request.path.object": "method.request.path.item",
    },
    ...options,
  },
  responses: [
    {
      responseParameters: {
        "method.response.header.Content-Type": "integration.response.header.Content-Type",
        "method.response.header.ETag": "integration.response.header.ETag",
      },
    },
    { statusCode: "400", selectionPattern: "4\\d{2}" },
    { statusCode: "500", selectionPattern: "5\\d{2}" },
  ],
});

beforeAll(async () => {
  [dynamoDb, kinesis, s3] = await Promise.all([startDynamoDb(), startKinesis(), startS3(bucket)]);
  gateway = await startGateway({
    env: {
      ...credentialVariables,
      AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.url,
      AWS_ENDPOINT_URL_KINESIS: `${kinesis.url}/`,
      AWS_ENDPOINT_URL_S3: s3.url,
      AWS_ENDPOINT_URL_STS: inject("origin"),
      // Nothing listens here: whatever is called without an endpoint of its own.
      AWS_ENDPOINT_URL: "http://127.0.0.1:9",
    },
  });
  api = await TestApi.create(apiGatewayClient(gateway.origin), {
    binaryMediaTypes: ["image/png"],
  });
  const table = `"TableName": "pets"`;
  await api.method(
    "PUT",
    "/table",
    action(
      "dynamodb",
      "CreateTable",
      `{ ${table}, "AttributeDefinitions": [{ "AttributeName": "id", "AttributeType": "S" }],
         "KeySchema": [{ "AttributeName": "id", "KeyType": "HASH" }],
         "ProvisionedThroughput": { "ReadCapacityUnits": 1, "WriteCapacityUnits": 1 } }`,
    ),
  );
  await api.method(
    "POST",
    "/pets",
    action(
      "dynamodb",
      "PutItem",
      `{ ${table}, "Item": { "id": { "S": "$input.path('$.id')" }, "kind": { "S": "$input.path('$.kind')" } } }`,
    ),
  );
  const getPet = action(
    "dynamodb",
    "GetItem",
    `{ ${table}, "Key": { "id": { "S": "$input.params('id')" } } }`,
  );
  await api.method("GET", "/pets/{id}", {
    ...getPet,
    responses: [{ responseTemplates: { "application/json": `{"kind": $input.json('$.Item.kind.S')}` } }],
  });
  await api.method("POST", "/broken", action("dynamodb", "PutItem", "$input.body"));

  await api.method(
    "POST",
    "/streams/{stream}",
    action("kinesis", "CreateStream", `{"ShardCount": 1, "StreamName": "$input.params('stream')"}`),
  );
  await api.method("GET", "/streams", action("kinesis", "ListStreams", "{}"));
  await api.method(
    "PUT",
    "/streams/{stream}/record",
    action(
      "kinesis",
      "PutRecord",
      `{"StreamName": "$input.params('stream')", "Data": "$util.base64Encode($input.json('$.Data'))",
        "PartitionKey": "$input.path('$.PartitionKey')"}`,
    ),
  );

  for (const method of ["GET", "PUT", "DELETE", "HEAD"]) {
    await api.method(method, "/{folder}/objects/{item}", object(method));
  }
  await api.method("GET", "/subdomain/{item}", {
    ...object("GET", {
      uri: uri(`${bucket}.s3`, "path/{object}"),
      requestParameters: { "integration.request.path.object": "method.request.path.item" },
    }),
    method: { requestParameters: { "method.request.path.item": true } },
  });
  await api.method("GET", "/who", {
    integration: {
      type: "AWS",
      integrationHttpMethod: "POST",
      uri: uri("sts", "action/GetCallerIdentity"),
      requestParameters: { "integration.request.querystring.Version": "'2011-06-15'" },
    },
    responses: [{}],
  });
  await api.method("POST", "/who", {
    integration: {
      type: "AWS",
      integrationHttpMethod: "POST",
      uri: uri("sts", "path//"),
      requestParameters: {
        "integration.request.header.Content-Type": "'application/x-www-form-urlencoded'",
      },
      requestTemplates: { "application/json": "Action=$input.path('$.action')&Version=2011-06-15" },
    },
    responses: [{}],
  });
  await api.method("GET", "/unreachable", action("sqs", "SendMessage", ""));
  await api.method("GET", "/no-service", {
    ...action("sqs", "SendMessage", ""),
    integration: {
      type: "AWS",
      integrationHttpMethod: "POST",
      uri: uri("${stageVariables.none}", "action/X"),
    },
  });
  await api.deploy();
}, 60_000);

afterAll(async () => {
  await gateway?.stop();
  await Promise.all([dynamoDb, kinesis, s3].map((server) => server?.stop()));
});

const call = (method: string, path: string, init: RequestInit = {}) =>
  fetch(api.url(gateway.origin, path), {
    method,
    headers: { "content-type": "application/json" },
    ...init,
  });
const json = async (response: Response) => [response.status, await response.json()];

describe("services that take JSON (X-Amz-Target)", () => {
  test("DynamoDB: what a template makes is put, and read back through another", async () => {
    expect((await call("PUT", "/table")).status).toBe(200);
    await expect
      .poll(async () => (await call("POST", "/pets", { body: '{"id": "1", "kind": "dog"}' })).status)
      .toBe(200);
    expect(dynamoDb.seen()).toMatchObject({
      url: "/?Action=PutItem",
      headers: {
        "x-amz-target": "DynamoDB_20120810.PutItem",
        "content-type": "application/x-amz-json-1.0",
        accept: "application/json",
        "user-agent": `AmazonAPIGateway_${api.id}`,
      },
    });
    expect(dynamoDb.seen().headers).not.toHaveProperty("x-amzn-apigateway-api-id");
    expect(await json(await call("GET", "/pets/1"))).toEqual([200, { kind: "dog" }]);
  });

  test("its errors are selected by their status, with its body", async () => {
    const response = await call("POST", "/broken", {
      body: '{"TableName": "none", "Item": {"id": {"S": "1"}}}',
    });
    expect(await json(response)).toEqual([
      400,
      {
        __type: "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException",
        message: "Requested resource not found",
      },
    ]);
  });

  test("Kinesis: a stream is made, listed and written to", async () => {
    expect((await call("POST", "/streams/clicks", { body: "{}" })).status).toBe(200);
    expect(await json(await call("GET", "/streams"))).toEqual([
      200,
      { HasMoreStreams: false, StreamNames: ["clicks"] },
    ]);
    await expect
      .poll(async () => {
        const response = await call("PUT", "/streams/clicks/record", {
          body: '{"Data": "one click", "PartitionKey": "p"}',
        });
        return response.json();
      })
      .toMatchObject({ ShardId: "shardId-000000000000" });
    expect(kinesis.seen().headers["x-amz-target"]).toBe("Kinesis_20131202.PutRecord");
  });
});

describe("services of the query protocol", () => {
  test("the action and its parameters in the query string", async () => {
    expect(await (await call("GET", "/who")).text()).toContain("<Arn>arn:aws:iam::000000000000:root</Arn>");
  });

  test("a form, made by a template", async () => {
    const response = await call("POST", "/who", { body: '{"action": "GetCallerIdentity"}' });
    expect(await response.text()).toContain("<Arn>arn:aws:iam::000000000000:root</Arn>");
  });
});

describe("S3, by path", () => {
  // As octets they are no text: 0x89 cannot begin a character.
  const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 255]);
  const objectPath = (name: string) => `/${bucket}/objects/${name}`;

  test("a binary object goes in and comes out as it is", async () => {
    const headers = { "content-type": "image/png", accept: "image/png" };
    expect((await call("PUT", objectPath("a.png"), { body: png, headers })).status).toBe(200);
    const response = await call("GET", objectPath("a.png"), { headers });
    expect(response.headers.get("content-type")).toBe("image/png");
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(png);
  });

  test("it comes out in base64 for a client that takes text", async () => {
    const response = await call("GET", objectPath("a.png"), { headers: { accept: "text/plain" } });
    expect(await response.text()).toBe(Buffer.from(png).toString("base64"));
  });

  test("a bucket as subdomain", async () => {
    const response = await call("GET", "/subdomain/a.png", { headers: { accept: "image/png" } });
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(png);
  });

  test("HEAD has the headers, DELETE ends it, and what is gone is 404, mapped to 400", async () => {
    const head = await call("HEAD", objectPath("a.png"));
    expect([head.status, head.headers.get("etag")]).toEqual([200, expect.stringMatching(/^"[0-9a-f]{32}"$/)]);
    expect((await call("DELETE", objectPath("a.png"))).status).toBe(200);
    const gone = await call("GET", objectPath("a.png"));
    expect(gone.status).toBe(400);
    expect(await gone.text()).toContain("<Code>NoSuchKey</Code>");
  });

  test.each(["with space.txt", "plus+sign.txt", "ünïcode.txt", "a&b=c.txt", "folder/file.txt", "(1)!*'.txt"])(
    "the key %j",
    async (key) => {
      const path = objectPath(encodeURIComponent(key));
      const put = await call("PUT", path, { body: key, headers: { "content-type": "text/plain" } });
      expect([put.status, await put.text()]).toEqual([200, ""]);
      expect(await (await call("GET", path)).text()).toBe(key);
    },
  );

  test.each(["..%2F..%2F", "%2e%2e", "..%2f", "%2E"])(
    "a key that leads out of its bucket is refused: %s",
    async (key) => {
      const path = new URL(api.url(gateway.origin, "")).pathname + objectPath(key);
      const answer = await rawRequest(
        gateway.origin,
        `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
      );
      expect([answer?.status, answer?.body]).toEqual([400, '{"message": "Bad Request"}']);
    },
  );
});

describe("what cannot be called", () => {
  test("a service that is not there", async () => {
    expect(await json(await call("GET", "/unreachable"))).toEqual([
      504,
      { message: "Network error communicating with endpoint" },
    ]);
  });

  test("a URI that names none when its stage variables are filled in", async () => {
    expect(await json(await call("GET", "/no-service"))).toEqual([500, { message: "Internal server error" }]);
  });

  test("any of them without outbound credentials", async () => {
    const origin = inject("origin");
    const other = await TestApi.create(apiGatewayClient(origin));
    await other.method("POST", "/pets", action("dynamodb", "PutItem", "{}"));
    await other.deploy();
    const response = await fetch(other.url(origin, "/pets"), { method: "POST", body: "{}" });
    expect(await json(response)).toEqual([500, { message: "Internal server error" }]);
  });
});
