/** Every operation that Sallyport carries out in the Account object, by service. */
import { apigateway, apigatewayInWorker } from "./apigateway/index.ts";
import { apigatewayv2 } from "./apigatewayv2/index.ts";
import { lambda, lambdaInWorker } from "./lambda/index.ts";
import type { Handlers, WorkerHandlers } from "./operation.ts";

export const handlers: Record<string, Handlers> = { apigateway, apigatewayv2, lambda };

/** Every operation that is carried out in the Worker itself, by service. */
export const workerHandlers: Record<string, WorkerHandlers> = {
  apigateway: apigatewayInWorker,
  lambda: lambdaInWorker,
};
