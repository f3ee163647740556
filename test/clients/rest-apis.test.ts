import { createServer, type Server } from "node:http";
import { text } from "node:stream/consumers";
import {
  APIGatewayClient,
  DeleteRestApiCommand,
  GetAccountCommand,
  GetExportCommand,
  GetRestApiCommand,
  GetRestApisCommand,
  GetSdkTypesCommand,
  GetStageCommand,
  GetTagsCommand,
  paginateGetResources,
  paginateGetRestApis,
  TagResourceCommand,
} from "@aws-sdk/client-api-gateway";
import { ApiGatewayV2Client, GetDomainNamesCommand } from "@aws-sdk/client-apigatewayv2";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { credentials } from "../gateway.ts";
import { listen } from "../listen.ts";
import { apiGatewayClient, lambdaClient } from "./clients.ts";
import { mock, TestApi } from "./rest-api.ts";
import { createFunction, functionUri, permit } from "./stored-functions.ts";

const origin = inject("origin");
const client = apiGatewayClient(origin);

let backend: Server;
let backendUrl: string;

beforeAll(async () => {
  backend = createServer(async (request, response) => {
    const body = await text(request);
    const { method, url, headers } = request;
    response.writeHead(Number(headers["x-status"] ?? 200), {
      "Content-Type": "application/json",
      "X-Backend": "yes",
    });
    response.end(JSON.stringify({ method, url, headers, body }));
  });
  backendUrl = `http://127.0.0.1:${await listen(backend)}`;
});
afterAll(() => backend.close());

describe("an API with each integration", () => {
  test("MOCK", async () => {
    const api = await TestApi.create(client);
    await api.method("GET", "/hello/{name}", {
      integration: mock(),
      responses: [
        {
          responseTemplates: {
            "application/json": `{"hello": "$input.params('name')", "stage": "$stageVariables.color"}`,
          },
          responseParameters: { "method.response.header.X-Stage": "context.stage" },
        },
      ],
    });
    await api.deploy("test", { color: "blue" });
    const response = await fetch(api.url(origin, "/hello/world"));
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(response.headers.get("x-stage")).toBe("test");
    expect(response.headers.get("x-amzn-requestid")).toMatch(/^[0-9a-f-]{36}$/);
    expect(response.headers.get("x-amz-apigw-id")).toMatch(/^.{15}=$/);
    expect(response.headers.has("x-amzn-trace-id")).toBe(false);
    expect(await response.json()).toEqual({ hello: "world", stage: "blue" });
  });

  test("HTTP_PROXY", async () => {
    const api = await TestApi.create(client);
    await api.proxy("/base", `${backendUrl}/up`);
    await api.deploy();
    const response = await fetch(api.url(origin, "/base/a%20b/c?x=1&x=2"), {
      method: "PUT",
      body: "payload",
      headers: { "Content-Type": "text/plain", "X-Own": "1", "X-Status": "418" },
    });
    expect(response.status).toBe(418);
    expect(response.headers.get("x-backend")).toBe("yes");
    expect(response.headers.get("x-amzn-remapped-date")).toBeTruthy();
    const seen = (await response.json()) as { headers: Record<string, string> };
    expect(seen).toMatchObject({
      method: "PUT",
      url: "/up/a%20b/c?x=1&x=2",
      body: "payload",
      headers: { "x-own": "1", "x-amzn-apigateway-api-id": api.id },
    });
    expect(seen.headers["x-amzn-trace-id"]).toMatch(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/);
  });

  test("HTTP, with templates, mapped parameters and a status pattern", async () => {
    const api = await TestApi.create(client);
    await api.method("POST", "/orders", {
      method: { requestParameters: { "method.request.querystring.status": true } },
      integration: {
        type: "HTTP",
        integrationHttpMethod: "POST",
        uri: `${backendUrl}/orders`,
        requestParameters: {
          "integration.request.header.X-Status": "method.request.querystring.status",
          "integration.request.querystring.who": "'gateway'",
        },
        requestTemplates: { "application/json": `{"name": $input.json('$.n')}` },
      },
      responses: [
        {
          statusCode: "200",
          responseTemplates: {
            "application/json": `{"sent": "$util.escapeJavaScript($input.path('$.body'))", "url": "$input.path('$.url')"}`,
          },
        },
        {
          statusCode: "404",
          selectionPattern: "4\\d{2}",
          responseParameters: { "method.response.header.X-From": "integration.response.header.X-Backend" },
          responseTemplates: { "application/json": '{"message": "none"}' },
        },
      ],
    });
    await api.deploy();
    const order = (status: number) =>
      fetch(api.url(origin, `/orders?status=${status}`), {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: '{"n": "pen", "secret": true}',
      });
    const good = await order(201);
    expect(good.status).toBe(200);
    expect(await good.json()).toEqual({ sent: '{"name": "pen"}', url: "/orders?who=gateway" });
    expect(good.headers.get("x-amzn-trace-id")).toMatch(/^Root=.*;Parent=.*;Sampled=0$/);
    const bad = await order(410);
    expect(bad.status).toBe(404);
    expect(bad.headers.get("x-from")).toBe("yes");
    expect(await bad.json()).toEqual({ message: "none" });
  });

  test("AWS_PROXY and AWS, with a stored function that permits it", async () => {
    const lambda = lambdaClient(origin);
    const name = await createFunction(
      lambda,
      `export const handler = async (event) => {
         if (event.fail) throw new Error("no such " + event.fail);
         return event.requestContext ? { statusCode: 201, headers: { "X-Fn": "1" }, body: JSON.stringify(event) } : { got: event };
       };`,
    );
    const uri = functionUri(name);
    const api = await TestApi.create(client);
    await api.method("POST", "/proxy/{id}", {
      integration: { type: "AWS_PROXY", integrationHttpMethod: "POST", uri },
    });
    await api.method("POST", "/custom", {
      integration: { type: "AWS", integrationHttpMethod: "POST", uri },
      responses: [
        { statusCode: "200" },
        {
          statusCode: "404",
          selectionPattern: "no such .*",
          responseTemplates: { "application/json": `{"error": "$input.path('$.errorMessage')"}` },
        },
      ],
    });
    await api.deploy();
    const proxied = () => fetch(api.url(origin, "/proxy/7?a=1"), { method: "POST", body: "hi" });
    const refused = await proxied();
    expect(refused.status).toBe(500);
    expect(await refused.text()).toBe('{"message": "Internal server error"}');

    await permit(lambda, name, `${api.id}/*/POST/*`);
    const response = await proxied();
    expect(response.status).toBe(201);
    expect(response.headers.get("x-fn")).toBe("1");
    const event = await response.json();
    expect(event).toMatchObject({
      resource: "/proxy/{id}",
      path: "/proxy/7",
      httpMethod: "POST",
      pathParameters: { id: "7" },
      queryStringParameters: { a: "1" },
      body: "hi",
      isBase64Encoded: false,
      requestContext: { apiId: api.id, stage: "test", resourcePath: "/proxy/{id}", path: "/test/proxy/7" },
    });
    const custom = (body: object) =>
      fetch(api.url(origin, "/custom"), { method: "POST", body: JSON.stringify(body) });
    expect(await (await custom({ k: 1 })).json()).toEqual({ got: { k: 1 } });
    const failed = await custom({ fail: "pen" });
    expect(failed.status).toBe(404);
    expect(await failed.json()).toEqual({ error: "no such pen" });
    lambda.destroy();
  });
});

describe("the three forms of an invoke's address", () => {
  test("by path and by host name they are the same method", async () => {
    const api = await TestApi.create(client);
    await api.method("GET", "/", {
      integration: mock(),
      responses: [{ responseTemplates: { "application/json": '"$context.domainName $context.path"' } }],
    });
    await api.deploy();
    expect(await (await fetch(api.url(origin, ""))).json()).toBe("127.0.0.1 /test");
    expect(await (await fetch(api.url(origin, "/"))).json()).toBe("127.0.0.1 /test/");
    const host = `${api.id}.execute-api.localhost`;
    const { port } = new URL(origin);
    const { request } = await import("node:http");
    const body = await new Promise<string>((resolve, reject) => {
      request({ host: "127.0.0.1", port, path: "/test", headers: { Host: host } }, async (response) => {
        resolve(await text(response));
      })
        .on("error", reject)
        .end();
    });
    expect(JSON.parse(body)).toBe(`${host} /test`);
  });
});

test("a deployment is a snapshot: changes are served once they are deployed, and at once then", async () => {
  const api = await TestApi.create(client);
  await api.method("GET", "/a", { integration: mock(), responses: [{}] });
  await api.deploy();
  expect((await fetch(api.url(origin, "/b"))).status).toBe(403);
  await api.method("GET", "/b", { integration: mock(), responses: [{}] });
  expect((await fetch(api.url(origin, "/b"))).status).toBe(403);
  await api.deploy();
  expect((await fetch(api.url(origin, "/b"))).status).toBe(200);
});

test("a stage's variables and deployment can be changed, and go with the API", async () => {
  const api = await TestApi.create(client);
  await api.method("GET", "/", {
    integration: mock(),
    responses: [{ responseTemplates: { "application/json": '"$stageVariables.v"' } }],
  });
  await api.deploy("test", { v: "one" });
  expect(await (await fetch(api.url(origin, "/"))).json()).toBe("one");
  await api.updateStage({ "/variables/v": "two" });
  expect(await (await fetch(api.url(origin, "/"))).json()).toBe("two");
  const stage = await client.send(new GetStageCommand({ restApiId: api.id, stageName: "test" }));
  expect(stage.variables).toEqual({ v: "two" });
  expect(stage.lastUpdatedDate).toBeInstanceOf(Date);
  await client.send(new DeleteRestApiCommand({ restApiId: api.id }));
  const gone = await fetch(api.url(origin, "/"));
  expect([gone.status, await gone.text()]).toEqual([403, '{"message":"Forbidden"}']);
});

test("lists come in pages", async () => {
  const ids: string[] = [];
  for (let index = 0; index < 3; index++)
    ids.push((await TestApi.create(client, { name: `paged ${index}` })).id);
  const found: string[] = [];
  for await (const page of paginateGetRestApis({ client, pageSize: 2 }, {})) {
    expect(page.items?.length).toBeLessThanOrEqual(2);
    found.push(...(page.items ?? []).map(({ id }) => id as string));
  }
  expect(found).toEqual(expect.arrayContaining(ids));
  expect(new Set(found).size).toBe(found.length);
  const api = await TestApi.create(client);
  for (const path of ["/a", "/b", "/c"]) await api.resource(path);
  const paths: (string | undefined)[] = [];
  for await (const page of paginateGetResources({ client, pageSize: 3 }, { restApiId: api.id })) {
    paths.push(...(page.items ?? []).map(({ path }) => path));
  }
  expect(paths).toEqual(["/", "/a", "/b", "/c"]);
});

test("what is not there is refused as AWS refuses it", async () => {
  const refused = client.send(new GetRestApiCommand({ restApiId: "nothing123" }));
  await expect(refused).rejects.toMatchObject({
    name: "NotFoundException",
    message: "Invalid API identifier specified 000000000000:nothing123",
    $metadata: { httpStatusCode: 404 },
  });
});

test("an operation that is not there yet says so by name", async () => {
  await expect(client.send(new GetSdkTypesCommand({}))).rejects.toMatchObject({
    name: "NotImplementedException",
    message: "Sallyport does not implement apigateway:GetSdkTypes yet.",
    $metadata: { httpStatusCode: 501 },
  });
});

test("tags, the account and the caller", async () => {
  const api = await TestApi.create(client);
  const resourceArn = `arn:aws:apigateway:us-east-1::/restapis/${api.id}`;
  await client.send(new TagResourceCommand({ resourceArn, tags: { team: "pets" } }));
  expect((await client.send(new GetTagsCommand({ resourceArn }))).tags).toEqual({ team: "pets" });
  expect((await client.send(new GetAccountCommand({}))).throttleSettings).toEqual({
    burstLimit: 5000,
    rateLimit: 10000,
  });
  const sts = new STSClient({ endpoint: origin, region: "us-east-1", credentials });
  expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({
    Account: "000000000000",
    Arn: "arn:aws:iam::000000000000:root",
  });
  sts.destroy();
});

test("a deployed API can be exported", async () => {
  const api = await TestApi.create(client, { name: "exported" });
  await api.method("GET", "/pets", { integration: mock(), responses: [{}] });
  await api.deploy();
  const { body, contentType } = await client.send(
    new GetExportCommand({ restApiId: api.id, stageName: "test", exportType: "oas30" }),
  );
  expect(contentType).toBe("application/octet-stream");
  expect(JSON.parse(Buffer.from(body ?? []).toString())).toMatchObject({
    openapi: "3.0.1",
    info: { title: "exported" },
    paths: { "/pets": { get: {} } },
  });
});

test.each([
  ["another secret", { ...credentials, secretAccessKey: "wrong" }, "InvalidSignatureException"],
  ["another key", { ...credentials, accessKeyId: "AKIAWRONG" }, "UnrecognizedClientException"],
  [
    "a session token that nobody gave out",
    { ...credentials, sessionToken: "t" },
    "UnrecognizedClientException",
  ],
])("%s is refused", async (_, wrong, name) => {
  const stranger = new APIGatewayClient({
    endpoint: origin,
    region: "us-east-1",
    credentials: wrong,
    maxAttempts: 1,
  });
  await expect(stranger.send(new GetRestApisCommand({}))).rejects.toMatchObject({
    name,
    $metadata: { httpStatusCode: 403 },
  });
  stranger.destroy();
});

test("V2's operations are known, and say by name that they are not there yet", async () => {
  const v2 = new ApiGatewayV2Client({ endpoint: origin, region: "us-east-1", credentials, maxAttempts: 1 });
  await expect(v2.send(new GetDomainNamesCommand({}))).rejects.toMatchObject({
    name: "NotImplementedException",
    message: "Sallyport does not implement apigatewayv2:GetDomainNames yet.",
  });
  v2.destroy();
});
