/**
 * Loads examples/petstore into a running gateway, as a user would with the AWS SDK: a function, an API imported
 * from its OpenAPI file, a permission, a deployment. What an interrupted run left behind is taken up again.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { APIGatewayClient } from "@aws-sdk/client-api-gateway";
import type { LambdaClient } from "@aws-sdk/client-lambda";
import { zipSync } from "fflate";
import { parse } from "yaml";

const folder = join(import.meta.dirname, "../examples/petstore");
const FUNCTION_NAME = "petstore";
const STAGE_NAME = "prod";
export interface ExampleOptions {
  /** Scheme, host and port of the gateway. */
  origin: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
  region: string;
  accountId: string;
}

/** @returns where the API answers, without a slash at the end */
export async function loadExample(options: ExampleOptions): Promise<{ url: string }> {
  const { origin, credentials, region } = options;
  const [{ APIGatewayClient }, { LambdaClient }] = await Promise.all([
    import("@aws-sdk/client-api-gateway"),
    import("@aws-sdk/client-lambda"),
  ]);
  const client = { endpoint: origin, region, credentials };
  const lambda = new LambdaClient(client);
  const apigateway = new APIGatewayClient(client);
  try {
    await putFunction(lambda, options);
    const apiId = await putApi(apigateway);
    await permitInvokes(lambda, options, apiId);
    await deploy(apigateway, apiId);
    return { url: `${origin}/execute-api/${apiId}/${STAGE_NAME}` };
  } finally {
    lambda.destroy();
    apigateway.destroy();
  }
}

const isNamed = (error: unknown, name: string) => error instanceof Error && error.name === name;

async function putFunction(lambda: LambdaClient, { accountId }: ExampleOptions): Promise<void> {
  const { CreateFunctionCommand, UpdateFunctionCodeCommand } = await import("@aws-sdk/client-lambda");
  const ZipFile = zipSync({ "index.mjs": await readFile(join(folder, "backend/index.mjs")) });
  try {
    await lambda.send(
      new CreateFunctionCommand({
        FunctionName: FUNCTION_NAME,
        Description: "The backend of the PetStore example",
        Runtime: "nodejs22.x",
        Handler: "index.handler",
        Role: `arn:aws:iam::${accountId}:role/petstore`,
        Code: { ZipFile },
      }),
    );
  } catch (error) {
    if (!isNamed(error, "ResourceConflictException")) throw error;
    await lambda.send(new UpdateFunctionCodeCommand({ FunctionName: FUNCTION_NAME, ZipFile }));
  }
}

/** @returns the API's id */
async function putApi(apigateway: APIGatewayClient): Promise<string> {
  const { ImportRestApiCommand, PutRestApiCommand, paginateGetRestApis } = await import(
    "@aws-sdk/client-api-gateway"
  );
  const body = await readFile(join(folder, "openapi.yaml"));
  const { title, description } = parse(body.toString()).info;
  for await (const page of paginateGetRestApis({ client: apigateway }, {})) {
    const left = page.items?.find((api) => api.name === title && api.description === description);
    if (!left?.id) continue;
    await apigateway.send(
      new PutRestApiCommand({ restApiId: left.id, mode: "overwrite", failOnWarnings: true, body }),
    );
    return left.id;
  }
  const api = await apigateway.send(
    new ImportRestApiCommand({
      parameters: { endpointConfigurationTypes: "REGIONAL" },
      failOnWarnings: true,
      body,
    }),
  );
  return api.id as string;
}

async function permitInvokes(
  lambda: LambdaClient,
  { region, accountId }: ExampleOptions,
  apiId: string,
): Promise<void> {
  const { AddPermissionCommand } = await import("@aws-sdk/client-lambda");
  try {
    await lambda.send(
      new AddPermissionCommand({
        FunctionName: FUNCTION_NAME,
        StatementId: `petstore-${apiId}`,
        Action: "lambda:InvokeFunction",
        Principal: "apigateway.amazonaws.com",
        SourceArn: `arn:aws:execute-api:${region}:${accountId}:${apiId}/*/*/*`,
      }),
    );
  } catch (error) {
    if (!isNamed(error, "ResourceConflictException")) throw error;
  }
}

async function deploy(apigateway: APIGatewayClient, restApiId: string): Promise<void> {
  const { CreateDeploymentCommand } = await import("@aws-sdk/client-api-gateway");
  await apigateway.send(new CreateDeploymentCommand({ restApiId, stageName: STAGE_NAME }));
}
