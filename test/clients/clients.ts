/** AWS SDK clients of a running gateway. */
import { APIGatewayClient } from "@aws-sdk/client-api-gateway";
import { ApiGatewayV2Client } from "@aws-sdk/client-apigatewayv2";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { credentials } from "../gateway.ts";

const region = "us-east-1";

/** Once: a test that expects an error does not wait for the client's own retries. */
const options = (origin: string) => ({ endpoint: origin, region, credentials, maxAttempts: 1 });

export const apiGatewayClient = (origin: string) => new APIGatewayClient(options(origin));
export const apiGatewayV2Client = (origin: string) => new ApiGatewayV2Client(options(origin));
export const lambdaClient = (origin: string) => new LambdaClient(options(origin));
