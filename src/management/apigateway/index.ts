/** API Gateway V1 (REST APIs): a file per resource of the API. */
import type { Handlers } from "../operation.ts";
import { importRestApi, putRestApi } from "./rest-api-import.ts";

export const apigateway: Handlers = { ImportRestApi: importRestApi, PutRestApi: putRestApi };
