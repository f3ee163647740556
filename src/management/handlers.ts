/** Every operation that Sallyport carries out in the Account object, by service. */
import { apigateway } from "./apigateway/index.ts";
import type { Handlers } from "./operation.ts";

export const handlers: Record<string, Handlers> = { apigateway };
