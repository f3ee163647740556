/** API Gateway V1 (REST APIs): a file per resource of the API. */
import type { Handlers } from "../operation.ts";

export const apigateway: Handlers = {};
