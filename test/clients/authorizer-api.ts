/** APIs with Lambda authorizers for a test, and the functions behind them. */
import {
  type APIGatewayClient,
  CreateAuthorizerCommand,
  type CreateAuthorizerCommandInput,
} from "@aws-sdk/client-api-gateway";
import type { LambdaClient } from "@aws-sdk/client-lambda";
import { TestApi } from "./rest-api.ts";
import { createFunction, functionUri, permit } from "./stored-functions.ts";

/** The guide's token function (apigateway-use-lambda-authorizer), which also counts its calls. */
export const guideFunction = `
let calls = 0;
export const handler = (event, _, callback) => {
  calls++;
  const policy = (Effect, Resource) => ({
    principalId: "user",
    policyDocument: { Version: "2012-10-17", Statement: [{ Action: "execute-api:Invoke", Effect, Resource }] },
    context: { stringKey: "stringval", numberKey: 123, booleanKey: true, calls },
  });
  switch (event.authorizationToken) {
    case "deny": return callback(null, policy("Deny", event.methodArn));
    case "unauthorized": return callback("Unauthorized");
    case "nothing": return callback(null, null);
    case "extra": return callback(null, { ...policy("Allow", "*"), more: 1 });
    case "list": return callback(null, { ...policy("Allow", "*"), context: { roles: [] } });
    case "any": return callback(null, policy("Allow", "*"));
    case "slow": return setTimeout(() => callback(null, policy("Allow", event.methodArn)), 1_000);
    default:
      if (event.authorizationToken.startsWith("allow")) return callback(null, policy("Allow", event.methodArn));
      callback("Error: Invalid token");
  }
};`;

/** What a function behind the authorizer sees of it. */
const echo = `export const handler = async ({ requestContext }) =>
  ({ statusCode: 200, body: JSON.stringify(requestContext.authorizer) });`;

/** A function that API Gateway may call. */
export async function allowed(lambda: LambdaClient, code: string): Promise<string> {
  const FunctionName = await createFunction(lambda, code);
  await permit(lambda, FunctionName);
  return FunctionName;
}

export type AuthorizerOptions = Partial<CreateAuthorizerCommandInput>;

/** An API with the function as its authorizer, and what a method of it is made with. */
export async function apiWith(
  client: APIGatewayClient,
  lambda: LambdaClient,
  functionName: string,
  options: AuthorizerOptions = {},
) {
  const api = await TestApi.create(client);
  const { id: authorizerId } = await client.send(
    new CreateAuthorizerCommand({
      restApiId: api.id,
      name: "auth",
      type: "TOKEN",
      authorizerUri: functionUri(functionName),
      identitySource: "method.request.header.authorizationToken",
      ...options,
    }),
  );
  const method = { authorizationType: "CUSTOM", authorizerId } as const;
  const integration = {
    type: "AWS_PROXY",
    integrationHttpMethod: "POST",
    uri: functionUri(await allowed(lambda, echo)),
  } as const;
  return { api, authorizerId: authorizerId as string, method, integration };
}

/** Lets all in, and tells what it was sent. */
export const requestFunction = `
export const handler = async (event) => {
  if (event.headers["X-Refuse"]) throw new Error("Unauthorized");
  return {
    principalId: "me",
    policyDocument: { Version: "2012-10-17", Statement: [{ Action: "*", Effect: "Allow", Resource: "*" }] },
    context: { event: JSON.stringify(event) },
  };
};`;
