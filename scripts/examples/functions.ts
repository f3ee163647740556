/** The functions of an example, and who may call them. */
import { basename } from "node:path";
import {
  AddPermissionCommand,
  CreateFunctionCommand,
  LambdaClient,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { build } from "esbuild";
import { zipSync } from "fflate";
import { dynamoDbOf, type ExampleOptions, type FunctionOfExample, fileOf, isNamed } from "./manifest.ts";

const lambdaClient = ({ origin, region, credentials }: ExampleOptions) =>
  new LambdaClient({ endpoint: origin, region, credentials });

/** Makes the functions, or brings those that are there up to date. */
export async function putFunctions(
  example: string,
  functions: FunctionOfExample[],
  options: ExampleOptions,
): Promise<void> {
  const lambda = lambdaClient(options);
  try {
    for (const each of functions) await putFunction(lambda, example, each, options);
  } finally {
    lambda.destroy();
  }
}

async function putFunction(
  lambda: LambdaClient,
  example: string,
  { name, description, handler, code, environment, timeout }: FunctionOfExample,
  options: ExampleOptions,
): Promise<void> {
  const ZipFile = zipSync({ [basename(code)]: await bundled(fileOf(example, code)) });
  const configuration = {
    FunctionName: name,
    Description: description,
    Runtime: "nodejs22.x" as const,
    Handler: handler,
    Role: `arn:aws:iam::${options.accountId}:role/${name}`,
    Timeout: timeout,
    ...(environment ? { Environment: { Variables: variablesOf(environment, options) } } : {}),
  };
  try {
    await lambda.send(new CreateFunctionCommand({ ...configuration, Code: { ZipFile } }));
  } catch (error) {
    if (!isNamed(error, "ResourceConflictException")) throw error;
    await lambda.send(new UpdateFunctionCodeCommand({ FunctionName: name, ZipFile }));
    await lambda.send(new UpdateFunctionConfigurationCommand(configuration));
  }
}

/** The file with what it imports. */
async function bundled(file: string): Promise<Uint8Array> {
  const { outputFiles } = await build({
    entryPoints: [file],
    bundle: true,
    format: "esm",
    platform: "node",
    write: false,
    logLevel: "silent",
  });
  return outputFiles[0]?.contents as Uint8Array;
}

function variablesOf(environment: Record<string, string>, options: ExampleOptions): Record<string, string> {
  const settings: Record<string, () => string> = {
    $AWS_ENDPOINT_URL: () => options.origin,
    $AWS_ENDPOINT_URL_DYNAMODB: () => dynamoDbOf(options),
    $AWS_ACCESS_KEY_ID: () => options.credentials.accessKeyId,
    $AWS_SECRET_ACCESS_KEY: () => options.credentials.secretAccessKey,
  };
  return Object.fromEntries(
    Object.entries(environment).map(([name, text]) => [name, settings[text]?.() ?? text]),
  );
}

/**
 * Lets an API call functions.
 * @param apiId and what follows it in an ARN: which of its methods or routes may call
 */
export async function permitInvokes(
  example: string,
  functions: FunctionOfExample[],
  { apiId, sources }: { apiId: string; sources: string },
  options: ExampleOptions,
): Promise<void> {
  const { region, accountId } = options;
  const lambda = lambdaClient(options);
  try {
    for (const { name } of functions) {
      const permission = new AddPermissionCommand({
        FunctionName: name,
        StatementId: `${example}-${apiId}`,
        Action: "lambda:InvokeFunction",
        Principal: "apigateway.amazonaws.com",
        SourceArn: `arn:aws:execute-api:${region}:${accountId}:${apiId}/${sources}`,
      });
      await lambda.send(permission).catch((error) => {
        if (!isNamed(error, "ResourceConflictException")) throw error;
      });
    }
  } finally {
    lambda.destroy();
  }
}
