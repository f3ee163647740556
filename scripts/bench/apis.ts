/** The APIs that are measured, made with the AWS SDK as a user makes them. */
import { APIGatewayClient, CreateDeploymentCommand, ImportRestApiCommand } from "@aws-sdk/client-api-gateway";
import { loadExample } from "../load-example.ts";
import { model, template } from "./orders.ts";
import { accountId, credentials, region, type Servers } from "./servers.ts";

export interface Apis {
  mock: string;
  mockOf3000: string;
  httpProxy: string;
  awsProxy: string;
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
    awsProxy: `${petstore.url}/pets`,
    template: `${transformations}/template`,
    validation: `${transformations}/validation`,
  };
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
