/** Operations on what only HTTP APIs have; the API reference says so of each. A WebSocket API refuses them. */
import type { Handler, Handlers } from "../operation.ts";
import { badRequest } from "../protocol/service-error.ts";
import { requireApi } from "./collections.ts";

/** The text is AWS's of CORS, as its users report it; of the others a guess after it. */
const refused =
  (what: string): Handler<{ ApiId: string }> =>
  ({ ApiId }, context) => {
    requireApi(context, ApiId);
    throw badRequest(`${what} is not supported for WEBSOCKET protocolType`);
  };

export const httpApiHandlers: Handlers = {
  DeleteCorsConfiguration: refused("Cors"),
  ExportApi: refused("Export"),
  ReimportApi: refused("Import"),
};
