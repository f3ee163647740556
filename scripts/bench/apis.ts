/** The APIs that are measured, made with the AWS SDK as a user makes them. */
import {
  APIGatewayClient,
  CreateApiKeyCommand,
  CreateDeploymentCommand,
  CreateUsagePlanCommand,
  CreateUsagePlanKeyCommand,
  ImportRestApiCommand,
} from "@aws-sdk/client-api-gateway";
import { loadExample } from "../load-example.ts";
import { createFunction } from "./functions.ts";
import { model, template } from "./orders.ts";
import { accountId, credentials, region, type Servers } from "./servers.ts";
import { functionSource } from "./stored-function.ts";

export interface Apis {
  mock: string;
  mockOf3000: string;
  httpProxy: string;
  /** The same with an API key, whose plan has a throttle and a quota. */
  httpProxyMetered: string;
  apiKey: string;
  awsProxy: string;
  /** 1 MB. */
  httpProxyLarge: string;
  /** A function that does next to nothing. */
  storedFunction: string;
  /** POST of an order. */
  template: string;
  validation: string;
}

/** @returns the addresses of the methods */
export async function deployApis({ gateway, backend }: Servers): Promise<Apis> {
  const client = new APIGatewayClient({ endpoint: gateway, region, credentials });
  const deploy = async (title: string, paths: object, extensions: object = {}) => {
    const document = { openapi: "3.0.1", info: { title, version: "1" }, paths, ...extensions };
    const { id } = await client.send(
      new ImportRestApiCommand({
        parameters: { endpointConfigurationTypes: "REGIONAL" },
        body: Buffer.from(JSON.stringify(document)),
      }),
    );
    await client.send(new CreateDeploymentCommand({ restApiId: id, stageName: "bench" }));
    return `${gateway}/execute-api/${id}/bench`;
  };
  const small = await deploy("10 resources", {
    ...mocks(9),
    "/proxy": {
      get: method({
        type: "http_proxy",
        httpMethod: "GET",
        uri: backend,
        responses: { default: { statusCode: "200" } },
      }),
    },
  });
  const metered = await deploy(
    "metered",
    {
      "/proxy": {
        get: {
          ...method({
            type: "http_proxy",
            httpMethod: "GET",
            uri: backend,
            responses: { default: { statusCode: "200" } },
          }),
          security: [{ api_key: [] }],
        },
      },
    },
    {
      components: { securitySchemes: { api_key: { type: "apiKey", name: "x-api-key", in: "header" } } },
    },
  );
  const apiKey = await createKey(client, metered);
  const functionArn = await createFunction(gateway, "bench", functionSource);
  const backends = await deploy("backends", {
    "/large": {
      get: method({
        type: "http_proxy",
        httpMethod: "GET",
        uri: `${backend}large`,
        responses: { default: { statusCode: "200" } },
      }),
    },
    "/function": {
      get: method({
        type: "aws_proxy",
        httpMethod: "POST",
        uri: `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`,
      }),
    },
  });
  const large = await deploy("3,000 resources", mocks(2999));
  const transformations = await deploy(
    "transformations",
    {
      "/template": { post: mock({ requestTemplates: { "application/json": template } }) },
      "/validation": {
        post: {
          ...mock(),
          requestBody: {
            content: { "application/json": { schema: { $ref: "#/components/schemas/Order" } } },
          },
          "x-amazon-apigateway-request-validator": "body",
        },
      },
    },
    {
      components: { schemas: { Order: model } },
      "x-amazon-apigateway-request-validators": {
        body: { validateRequestBody: true, validateRequestParameters: false },
      },
    },
  );
  const petstore = await loadExample("petstore", { origin: gateway, credentials, region, accountId });
  client.destroy();
  return {
    mock: `${small}/group0/item7`,
    mockOf3000: `${large}/group5/item2705`,
    httpProxy: `${small}/proxy`,
    httpProxyMetered: `${metered}/proxy`,
    apiKey,
    awsProxy: `${petstore.url}/pets`,
    httpProxyLarge: `${backends}/large`,
    storedFunction: `${backends}/function`,
    template: `${transformations}/template`,
    validation: `${transformations}/validation`,
  };
}

/** A key with limits that nobody reaches. @returns its value */
async function createKey(client: APIGatewayClient, url: string): Promise<string> {
  const [apiId, stage] = url.split("/").slice(-2) as [string, string];
  const { id: usagePlanId } = await client.send(
    new CreateUsagePlanCommand({
      name: "bench",
      apiStages: [{ apiId, stage }],
      throttle: { rateLimit: 9_999, burstLimit: 4_999 },
      quota: { limit: 1_000_000_000, period: "MONTH", offset: 0 },
    }),
  );
  const { id: keyId, value } = await client.send(new CreateApiKeyCommand({ name: "bench", enabled: true }));
  await client.send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId, keyType: "API_KEY" }));
  return value as string;
}

/** Static mocks, at most 500 beside one another. */
function mocks(count: number): Record<string, object> {
  const paths: Record<string, object> = {};
  for (let index = 0; index < count; index++) {
    paths[`/group${Math.floor(index / 500)}/item${index}`] = { get: mock() };
  }
  return paths;
}

const mock = (integration: object = {}) =>
  method({
    type: "mock",
    requestTemplates: { "application/json": '{"statusCode": 200}' },
    responses: {
      default: {
        statusCode: "200",
        responseTemplates: { "application/json": '{"message":"Hello from the bench"}' },
      },
    },
    ...integration,
  });

const method = (integration: object) => ({
  responses: { 200: { description: "OK" } },
  "x-amazon-apigateway-integration": integration,
});
