/** Functions for a test, made and invoked with the SDK. */
import {
  AddPermissionCommand,
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  InvokeCommand,
  type InvokeCommandInput,
  type LambdaClient,
} from "@aws-sdk/client-lambda";
import { strToU8, zipSync } from "fflate";

/** Text by path, or the text of `index.mjs`. */
export type FunctionFiles = Record<string, string> | string;

export const zip = (files: Record<string, string>) =>
  zipSync(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, strToU8(text)])));

/** @returns the function's name */
export async function createFunction(
  client: LambdaClient,
  files: FunctionFiles,
  options: Partial<CreateFunctionCommandInput> = {},
): Promise<string> {
  const { FunctionName = `test-${crypto.randomUUID().slice(0, 13)}` } = options;
  const ZipFile = zip(typeof files === "string" ? { "index.mjs": files } : files);
  await client.send(
    new CreateFunctionCommand({
      Runtime: "nodejs22.x",
      Handler: "index.handler",
      Role: "arn:aws:iam::000000000000:role/r",
      Code: { ZipFile },
      ...options,
      FunctionName,
    }),
  );
  return FunctionName;
}

export const functionArn = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;

/** As integrations and authorizers name it. */
export const functionUri = (name: string) =>
  `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${functionArn(name)}/invocations`;

/**
 * Lets API Gateway call the function.
 * @param place of an API that may, below its account: `{apiId}/*`; without one all may
 */
export const permit = (client: LambdaClient, FunctionName: string, place?: string) =>
  client.send(
    new AddPermissionCommand({
      FunctionName,
      StatementId: crypto.randomUUID(),
      Action: "lambda:InvokeFunction",
      Principal: "apigateway.amazonaws.com",
      SourceArn: place && `arn:aws:execute-api:us-east-1:000000000000:${place}`,
    }),
  );

export async function invokeFunction(
  client: LambdaClient,
  FunctionName: string,
  event: unknown = {},
  options: Partial<InvokeCommandInput> = {},
) {
  const answer = await client.send(
    new InvokeCommand({ FunctionName, Payload: Buffer.from(JSON.stringify(event)), ...options }),
  );
  const text = Buffer.from(answer.Payload ?? []).toString();
  return {
    status: answer.StatusCode,
    error: answer.FunctionError,
    version: answer.ExecutedVersion,
    log: Buffer.from(answer.LogResult ?? "", "base64").toString(),
    payload: text === "" ? undefined : JSON.parse(text),
  };
}
