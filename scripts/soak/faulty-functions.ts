/** Functions that misbehave, stored in a gateway. */
import { AddPermissionCommand, CreateFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { strToU8, zipSync } from "fflate";
import { slugOf } from "./faulty-backend.ts";

/** The source of each one's `index.mjs`. */
const sources = {
  "healthy function": `export const handler = async () => ({ statusCode: 200, body: "healthy" });`,
  "function that throws": `export const handler = async () => { throw new Error("no luck"); };`,
  "function that throws at its start": `throw new Error("no start"); export const handler = async () => ({});`,
  "function that cannot be parsed": `export const handler = async () => {`,
  "function that never ends": `export const handler = () => new Promise((done) => setTimeout(done, 10_000));`,
  "function whose result is too large": `export const handler = async () => ({ body: "x".repeat(7_000_000) });`,
  "function whose result is no JSON": `export const handler = async () => 1n;`,
  "function whose result is no response": `export const handler = async () => "some text";`,
  "function that exits": `export const handler = async () => process.exit(1);`,
};

export type FunctionFaultName = keyof typeof sources;

export async function createFaultyFunctions(
  gateway: string,
  credentials: { accessKeyId: string; secretAccessKey: string },
): Promise<void> {
  const client = new LambdaClient({ endpoint: gateway, region: "us-east-1", credentials });
  for (const [name, source] of Object.entries(sources)) {
    const FunctionName = slugOf(name);
    await client.send(
      new CreateFunctionCommand({
        FunctionName,
        Runtime: "nodejs22.x",
        Handler: "index.handler",
        Role: "arn:aws:iam::000000000000:role/faulty",
        Code: { ZipFile: zipSync({ "index.mjs": strToU8(source) }) },
      }),
    );
    await client.send(
      new AddPermissionCommand({
        FunctionName,
        StatementId: "api",
        Action: "lambda:InvokeFunction",
        Principal: "apigateway.amazonaws.com",
      }),
    );
  }
  client.destroy();
}
