/**
 * Loads a folder of examples/ into a running gateway, as a user would with the AWS SDK: its functions, an API
 * imported from its OpenAPI file, permissions, a deployment. What an earlier or interrupted run left behind is
 * taken up again: there is one API an example.
 */
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { APIGatewayClient, RestApi } from "@aws-sdk/client-api-gateway";
import type { LambdaClient } from "@aws-sdk/client-lambda";
import { zipSync } from "fflate";
import { parse } from "yaml";
import { UserError } from "./user-error.ts";

const examples = join(import.meta.dirname, "../examples");

/** `example.json` of an example's folder. */
interface Manifest {
  stage: string;
  functions?: FunctionOfExample[];
  /** `{name}` stands for where the example of that name answers, without its scheme; it is loaded if need be. */
  stageVariables?: Record<string, string>;
}

interface FunctionOfExample {
  name: string;
  description: string;
  handler: string;
  /** The one file of its code, from the example's folder. */
  code: string;
}

export interface ExampleOptions {
  /** Scheme, host and port of the gateway. */
  origin: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
  region: string;
  accountId: string;
  /** In place of those of the manifest. */
  stageVariables?: Record<string, string>;
}

/**
 * @param name a folder of examples/
 * @returns where the API answers, without a slash at the end
 * @throws UserError when there is no such folder, or no such stage variable; else whatever the gateway answers
 */
export async function loadExample(name: string, options: ExampleOptions): Promise<{ url: string }> {
  const { origin, credentials, region } = options;
  const [{ APIGatewayClient }, { LambdaClient }] = await Promise.all([
    import("@aws-sdk/client-api-gateway"),
    import("@aws-sdk/client-lambda"),
  ]);
  const client = { endpoint: origin, region, credentials };
  const lambda = new LambdaClient(client);
  const apigateway = new APIGatewayClient(client);
  try {
    const manifest = await manifestOf(name);
    const functions = manifest.functions ?? [];
    const variables = await stageVariables(name, manifest, apigateway, options);
    for (const each of functions) await putFunction(lambda, name, each, options);
    const apiId = await putApi(apigateway, name);
    for (const each of functions) await permitInvokes(lambda, name, each.name, apiId, options);
    await deploy(apigateway, apiId, manifest.stage, variables);
    return { url: urlOf(origin, apiId, manifest.stage) };
  } finally {
    lambda.destroy();
    apigateway.destroy();
  }
}

const urlOf = (origin: string, apiId: string, stage: string) => `${origin}/execute-api/${apiId}/${stage}`;

const isNamed = (error: unknown, name: string) => error instanceof Error && error.name === name;

async function manifestOf(name: string): Promise<Manifest> {
  try {
    // A name and no path: `..` leads nowhere.
    if (/^[a-z0-9-]+$/.test(name)) {
      return JSON.parse(await readFile(join(examples, name, "example.json"), "utf8"));
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  throw new UserError(`There is no example ${JSON.stringify(name)}.`);
}

async function stageVariables(
  name: string,
  { stageVariables: ofManifest = {} }: Manifest,
  apigateway: APIGatewayClient,
  options: ExampleOptions,
): Promise<Record<string, string>> {
  const given = options.stageVariables ?? {};
  for (const variable of Object.keys(given)) {
    if (Object.hasOwn(ofManifest, variable)) continue;
    const known = Object.keys(ofManifest).join(", ") || "none";
    throw new UserError(
      `The example ${name} has no stage variable ${JSON.stringify(variable)}. It has: ${known}.`,
    );
  }
  const variables: Record<string, string> = {};
  for (const [variable, text] of Object.entries(ofManifest)) {
    const other = /^\{(.+)\}$/.exec(text)?.[1];
    variables[variable] = given[variable] ?? (other ? await addressOf(other, apigateway, options) : text);
  }
  return variables;
}

/** Where another example answers, without its scheme. */
async function addressOf(
  name: string,
  apigateway: APIGatewayClient,
  options: ExampleOptions,
): Promise<string> {
  const { origin, ...rest } = options;
  const loaded = await loadedUrl(name, apigateway, origin);
  const { url } = loaded ?? (await loadExample(name, { ...rest, origin, stageVariables: {} }));
  return url.replace(/^https?:\/\//, "");
}

/** An example that is there stays as it is, with what its owner has made of it. */
async function loadedUrl(
  name: string,
  apigateway: APIGatewayClient,
  origin: string,
): Promise<{ url: string } | undefined> {
  const { GetStagesCommand } = await import("@aws-sdk/client-api-gateway");
  const { stage } = await manifestOf(name);
  const api = await findApi(apigateway, (await openApiOf(name)).info);
  if (!api?.id) return undefined;
  const { item = [] } = await apigateway.send(new GetStagesCommand({ restApiId: api.id }));
  return item.some(({ stageName }) => stageName === stage)
    ? { url: urlOf(origin, api.id, stage) }
    : undefined;
}

async function putFunction(
  lambda: LambdaClient,
  example: string,
  { name, description, handler, code }: FunctionOfExample,
  { accountId }: ExampleOptions,
): Promise<void> {
  const { CreateFunctionCommand, UpdateFunctionCodeCommand } = await import("@aws-sdk/client-lambda");
  const ZipFile = zipSync({ [basename(code)]: await readFile(join(examples, example, code)) });
  try {
    await lambda.send(
      new CreateFunctionCommand({
        FunctionName: name,
        Description: description,
        Runtime: "nodejs22.x",
        Handler: handler,
        Role: `arn:aws:iam::${accountId}:role/${name}`,
        Code: { ZipFile },
      }),
    );
  } catch (error) {
    if (!isNamed(error, "ResourceConflictException")) throw error;
    await lambda.send(new UpdateFunctionCodeCommand({ FunctionName: name, ZipFile }));
  }
}

interface Info {
  title: string;
  description: string;
}

async function openApiOf(example: string): Promise<{ body: Buffer; info: Info }> {
  const body = await readFile(join(examples, example, "openapi.yaml"));
  return { body, info: parse(body.toString(), { maxAliasCount: -1 }).info };
}

async function findApi(
  apigateway: APIGatewayClient,
  { title, description }: Info,
): Promise<RestApi | undefined> {
  const { paginateGetRestApis } = await import("@aws-sdk/client-api-gateway");
  for await (const page of paginateGetRestApis({ client: apigateway }, {})) {
    const found = page.items?.find((api) => api.name === title && api.description === description);
    if (found) return found;
  }
  return undefined;
}

/** @returns the API's id */
async function putApi(apigateway: APIGatewayClient, example: string): Promise<string> {
  const { ImportRestApiCommand, PutRestApiCommand } = await import("@aws-sdk/client-api-gateway");
  const { body, info } = await openApiOf(example);
  const left = await findApi(apigateway, info);
  if (left?.id) {
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
  example: string,
  functionName: string,
  apiId: string,
  { region, accountId }: ExampleOptions,
): Promise<void> {
  const { AddPermissionCommand } = await import("@aws-sdk/client-lambda");
  try {
    await lambda.send(
      new AddPermissionCommand({
        FunctionName: functionName,
        StatementId: `${example}-${apiId}`,
        Action: "lambda:InvokeFunction",
        Principal: "apigateway.amazonaws.com",
        SourceArn: `arn:aws:execute-api:${region}:${accountId}:${apiId}/*/*/*`,
      }),
    );
  } catch (error) {
    if (!isNamed(error, "ResourceConflictException")) throw error;
  }
}

async function deploy(
  apigateway: APIGatewayClient,
  restApiId: string,
  stageName: string,
  variables: Record<string, string>,
): Promise<void> {
  const { CreateDeploymentCommand } = await import("@aws-sdk/client-api-gateway");
  await apigateway.send(new CreateDeploymentCommand({ restApiId, stageName, variables }));
}
