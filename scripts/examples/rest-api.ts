/** The REST API of an example, from its OpenAPI file. */
import { readFile } from "node:fs/promises";
import {
  APIGatewayClient,
  CreateDeploymentCommand,
  GetStagesCommand,
  ImportRestApiCommand,
  PutRestApiCommand,
  paginateGetRestApis,
  type RestApi,
} from "@aws-sdk/client-api-gateway";
import { parse } from "yaml";
import { permitInvokes } from "./functions.ts";
import { type ExampleOptions, fileOf, type Manifest } from "./manifest.ts";

const apiGatewayClient = ({ origin, region, credentials }: ExampleOptions) =>
  new APIGatewayClient({ endpoint: origin, region, credentials });

const urlOf = (origin: string, apiId: string, stage: string) => `${origin}/execute-api/${apiId}/${stage}`;

/** Imports the API, or overwrites the one that is there, and deploys it. @returns where it answers */
export async function loadRestApi(
  example: string,
  { stage, functions = [] }: Manifest,
  variables: Record<string, string>,
  options: ExampleOptions,
): Promise<string> {
  const client = apiGatewayClient(options);
  try {
    const apiId = await putApi(client, example);
    await permitInvokes(example, functions, { apiId, sources: "*/*/*" }, options);
    await client.send(new CreateDeploymentCommand({ restApiId: apiId, stageName: stage, variables }));
    return urlOf(options.origin, apiId, stage);
  } finally {
    client.destroy();
  }
}

/** @returns where the example's API answers; undefined when it is not deployed to the stage */
export async function loadedUrl(
  example: string,
  stage: string,
  options: ExampleOptions,
): Promise<string | undefined> {
  const client = apiGatewayClient(options);
  try {
    const api = await findApi(client, (await openApiOf(example)).info);
    if (!api?.id) return undefined;
    const { item = [] } = await client.send(new GetStagesCommand({ restApiId: api.id }));
    const isDeployed = item.some(({ stageName }) => stageName === stage);
    return isDeployed ? urlOf(options.origin, api.id, stage) : undefined;
  } finally {
    client.destroy();
  }
}

interface Info {
  title: string;
  description: string;
}

async function openApiOf(example: string): Promise<{ body: Buffer; info: Info }> {
  const body = await readFile(fileOf(example, "openapi.yaml"));
  return { body, info: parse(body.toString(), { maxAliasCount: -1 }).info };
}

async function findApi(client: APIGatewayClient, { title, description }: Info): Promise<RestApi | undefined> {
  for await (const page of paginateGetRestApis({ client }, {})) {
    const found = page.items?.find((api) => api.name === title && api.description === description);
    if (found) return found;
  }
  return undefined;
}

/** @returns the API's id */
async function putApi(client: APIGatewayClient, example: string): Promise<string> {
  const { body, info } = await openApiOf(example);
  const left = await findApi(client, info);
  if (left?.id) {
    await client.send(
      new PutRestApiCommand({ restApiId: left.id, mode: "overwrite", failOnWarnings: true, body }),
    );
    return left.id;
  }
  const api = await client.send(
    new ImportRestApiCommand({
      parameters: { endpointConfigurationTypes: "REGIONAL" },
      failOnWarnings: true,
      body,
    }),
  );
  return api.id as string;
}
