/** An API with a method for every kind of backend and every fault, imported as a user imports one. */
import {
  APIGatewayClient,
  CreateDeploymentCommand,
  CreateVpcLinkCommand,
  ImportRestApiCommand,
} from "@aws-sdk/client-api-gateway";
import { slugOf } from "./faulty-backend.ts";

export const kinds = [
  "HTTP",
  "HTTP_PROXY",
  "HTTP_PROXY, streamed",
  "VPC link",
  "AWS service",
  "Lambda, AWS_PROXY",
  "Lambda, AWS",
] as const;
export type Kind = (typeof kinds)[number];

const loadBalancer =
  "arn:aws:elasticloadbalancing:us-east-1:000000000000:loadbalancer/net/faulty/1234567890abcdef";

/** Settings of a gateway whose integrations all lead to `origin`. */
export const settingsFor = (origin: string): Record<string, string> => ({
  AWS_ACCESS_KEY_ID: "AKIAOUTBOUNDOUTBOUND",
  AWS_SECRET_ACCESS_KEY: "outbound-secret",
  AWS_ENDPOINT_URL_S3: origin,
  AWS_ENDPOINT_URL_LAMBDA: origin,
  VPC_LINK_TARGETS: JSON.stringify({ [loadBalancer]: origin }),
});

interface FaultyApiOptions {
  /** Of the gateway. */
  gateway: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
  /** Of the backend. */
  origin: string;
  kinds: readonly Kind[];
  /** Names of faults to the integration's timeout, in milliseconds. */
  timeouts: Readonly<Record<string, number>>;
}

/** @returns where the method for a kind and a fault answers a POST */
export async function deployFaultyApi({
  gateway,
  credentials,
  origin,
  kinds,
  timeouts,
}: FaultyApiOptions): Promise<(kind: Kind, fault: string) => string> {
  const client = new APIGatewayClient({ endpoint: gateway, region: "us-east-1", credentials });
  const { id: connectionId } = await client.send(
    new CreateVpcLinkCommand({ name: "faulty", targetArns: [loadBalancer] }),
  );
  const paths: Record<string, object> = {};
  for (const kind of kinds) {
    for (const [fault, timeoutInMillis] of Object.entries(timeouts)) {
      const integration = {
        ...integrationOf(kind, slugOf(fault), origin, connectionId as string),
        httpMethod: "POST",
        timeoutInMillis,
        responses: { default: { statusCode: "200" }, "302": { statusCode: "302" } },
      };
      paths[`/${slugOf(kind)}/${slugOf(fault)}`] = {
        post: {
          responses: { 200: { description: "OK" }, 302: { description: "Found" } },
          "x-amazon-apigateway-integration": integration,
        },
      };
    }
  }
  const document = { openapi: "3.0.1", info: { title: "faults", version: "1" }, paths };
  const { id } = await client.send(
    new ImportRestApiCommand({
      parameters: { endpointConfigurationTypes: "REGIONAL" },
      body: Buffer.from(JSON.stringify(document)),
    }),
  );
  await client.send(new CreateDeploymentCommand({ restApiId: id, stageName: "faults" }));
  client.destroy();
  return (kind, fault) => `${gateway}/execute-api/${id}/faults/${slugOf(kind)}/${slugOf(fault)}`;
}

const lambdaUri = (name: string) =>
  `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:${name}/invocations`;

function integrationOf(kind: Kind, slug: string, origin: string, connectionId: string): object {
  const uri = `${origin}/${slug}`;
  switch (kind) {
    case "HTTP":
      return { type: "http", uri };
    case "HTTP_PROXY":
      return { type: "http_proxy", uri };
    case "HTTP_PROXY, streamed":
      return { type: "http_proxy", uri, responseTransferMode: "STREAM" };
    case "VPC link":
      return { type: "http_proxy", uri, connectionType: "VPC_LINK", connectionId };
    case "AWS service":
      return {
        type: "aws",
        uri: `arn:aws:apigateway:us-east-1:s3:path/${slug}`,
        credentials: "arn:aws:iam::000000000000:role/faulty",
      };
    case "Lambda, AWS_PROXY":
      return { type: "aws_proxy", uri: lambdaUri(slug) };
    case "Lambda, AWS":
      return { type: "aws", uri: lambdaUri(slug) };
  }
}
