/** Functions that the gateway keeps. */
import { AddPermissionCommand, CreateFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { strToU8, zipSync } from "fflate";
import { accountId, credentials, region } from "./servers.ts";

/**
 * @param source of a module with a `handler`
 * @returns the ARN of the function, which API Gateway may invoke
 */
export async function createFunction(gateway: string, FunctionName: string, source: string): Promise<string> {
  const lambda = new LambdaClient({ endpoint: gateway, region, credentials });
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName,
      Runtime: "nodejs22.x",
      Handler: "index.handler",
      Role: `arn:aws:iam::${accountId}:role/bench`,
      Code: { ZipFile: zipSync({ "index.mjs": strToU8(source) }) },
    }),
  );
  await lambda.send(
    new AddPermissionCommand({
      FunctionName,
      StatementId: "bench",
      Action: "lambda:InvokeFunction",
      Principal: "apigateway.amazonaws.com",
    }),
  );
  lambda.destroy();
  return `arn:aws:lambda:${region}:${accountId}:function:${FunctionName}`;
}
