/** API Gateway V2 (HTTP and WebSocket APIs): a file per resource of the API. */
import type { Handlers } from "../operation.ts";
import { vpcLinkHandlers } from "./vpc-links.ts";

export const apigatewayv2: Handlers = {
  ...vpcLinkHandlers,
};
