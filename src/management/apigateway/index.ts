/** API Gateway V1 (REST APIs): a file per resource of the API. */
import type { Handlers, WorkerHandlers } from "../operation.ts";
import { getExport } from "./exports.ts";
import { importRestApi, putRestApi } from "./rest-api-import.ts";

export const apigateway: Handlers = { ImportRestApi: importRestApi, PutRestApi: putRestApi };

/** Operations that read what was published. */
export const apigatewayInWorker: WorkerHandlers = { GetExport: getExport };
