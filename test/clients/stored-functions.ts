/** Functions for a test, made and invoked with the SDK. */
import {
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
  const FunctionName = `test-${crypto.randomUUID().slice(0, 13)}`;
  const ZipFile = zip(typeof files === "string" ? { "index.mjs": files } : files);
  await client.send(
    new CreateFunctionCommand({
      FunctionName,
      Runtime: "nodejs22.x",
      Handler: "index.handler",
      Role: "arn:aws:iam::000000000000:role/r",
      Code: { ZipFile },
      ...options,
    }),
  );
  return FunctionName;
}

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
