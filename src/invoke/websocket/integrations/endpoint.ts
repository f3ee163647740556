/** An integration in the words of the code that REST APIs share. */
import type { Integration } from "../../../definitions/websocket-api.ts";
import type { CalledIntegration } from "../../integrations/endpoint-request.ts";

export const endpointOf = (integration: Integration): CalledIntegration => ({
  ...(integration.integrationUri === undefined ? {} : { uri: integration.integrationUri }),
  ...(integration.integrationMethod === undefined ? {} : { httpMethod: integration.integrationMethod }),
  ...(integration.credentialsArn === undefined ? {} : { credentials: integration.credentialsArn }),
  ...(integration.connectionId === undefined ? {} : { connectionId: integration.connectionId }),
  connectionType: integration.connectionType,
  timeoutInMillis: integration.timeoutInMillis,
});
