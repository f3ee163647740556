/** API Gateway V2 (HTTP and WebSocket APIs): a file per resource of the API. */
import type { Handlers } from "../operation.ts";
import { apiHandlers } from "./apis.ts";
import { authorizerHandlers } from "./authorizers.ts";
import { autoDeploying } from "./auto-deploy.ts";
import { deploymentHandlers } from "./deployments.ts";
import { httpApiHandlers } from "./http-api-operations.ts";
import { integrationResponseHandlers } from "./integration-responses.ts";
import { integrationHandlers } from "./integrations.ts";
import { modelHandlers } from "./models.ts";
import { routeResponseHandlers } from "./route-responses.ts";
import { routeHandlers } from "./routes.ts";
import { stageHandlers } from "./stages.ts";
import { tagHandlers } from "./tags.ts";
import { vpcLinkHandlers } from "./vpc-links.ts";

export const apigatewayv2: Handlers = {
  // What a deployment is made of.
  ...autoDeploying({
    ...apiHandlers,
    ...routeHandlers,
    ...routeResponseHandlers,
    ...integrationHandlers,
    ...integrationResponseHandlers,
    ...modelHandlers,
    ...authorizerHandlers,
  }),
  ...httpApiHandlers,
  ...deploymentHandlers,
  ...stageHandlers,
  ...tagHandlers,
  ...vpcLinkHandlers,
};
