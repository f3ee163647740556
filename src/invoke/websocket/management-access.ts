/** Who may write to connections, ask for them and close them: `@connections`. */
import type { Settings } from "../../settings.ts";
import type { Principal } from "../../signature/authenticate.ts";
import { conditionKeysOf } from "../access/condition-keys.ts";
import { authorizeIam } from "../access/iam.ts";
import { connectionOf } from "../connection.ts";

/**
 * @param payload reads the body, in bounds
 * @returns who signed the request
 * @throws GatewayError 403
 */
export function authorizeManagement(
  request: Request,
  payload: () => Promise<Uint8Array | null>,
  { apiId, stageName, connectionId }: { apiId: string; stageName: string; connectionId: string },
  settings: Settings,
): Promise<Principal> {
  const { region, accountId } = settings;
  const access = {
    action: "execute-api:ManageConnections",
    // The guide's apigateway-websocket-control-access-iam: "the same ARN format as REST APIs".
    resource: `arn:aws:execute-api:${region}:${accountId}:${apiId}/${stageName}/${request.method}/@connections/${connectionId}`,
    keys: conditionKeysOf({
      request,
      startedAt: Date.now(),
      // Read when a policy asks for it.
      get connection() {
        return connectionOf(request);
      },
    }),
  };
  return authorizeIam(request, payload, access, settings);
}
