/**
 * Who may open a connection. Authorization is `$connect`'s alone; what it finds holds for as long as the connection does.
 * Sources: the guide's apigateway-websocket-api-route-keys-connect-disconnect, apigateway-websocket-control-access-iam
 * and apigateway-websocket-api-selection-expressions.
 */
import type { WebSocketSnapshot } from "../../definitions/published.ts";
import type { Route } from "../../definitions/websocket-api.ts";
import { requireApiKey } from "../access/api-key.ts";
import { conditionKeysOf } from "../access/condition-keys.ts";
import { authorizeIam, identityOf } from "../access/iam.ts";
import { connectionOf } from "../connection.ts";
import { GatewayError } from "../rest/gateway-error.ts";
import { compileAdmission, refusedOf } from "./admission.ts";
import { type ConnectAuthorization, compileAuthorizer } from "./authorizer.ts";
import { type CheckConnect, type ConnectAccess, connectArnOf, type Opening } from "./connect-access.ts";

type Authorized = Pick<ConnectAccess, "identity"> & { authorization?: ConnectAuthorization };

/** @param route `$connect`; an API that has none is open to everyone */
export function compileConnectAccess(snapshot: WebSocketSnapshot, route: Route | undefined): CheckConnect {
  const authorize = authorizationOf(snapshot, route);
  const keyIn = route?.apiKeyRequired ? keyOf(snapshot.api.apiKeySelectionExpression) : undefined;
  const admit = compileAdmission("$connect");
  return async (opening) => {
    const { identity, authorization } = await authorize(opening);
    const access = keyIn && (await requireApiKey(keyIn(opening, authorization), refusedOf(opening)));
    await admit(opening, access);
    return {
      identity,
      ...(authorization ? { authorizer: authorization.context } : {}),
      ...(access ? { apiKey: { keyId: access.keyId, value: access.value } } : {}),
    };
  };
}

function authorizationOf(
  { authorizers }: WebSocketSnapshot,
  { authorizationType = "NONE", authorizerId }: Partial<Route> = {},
): (opening: Opening) => Authorized | Promise<Authorized> {
  switch (authorizationType) {
    case "NONE":
      return () => ({ identity: {} });
    case "AWS_IAM":
      return authorizeSigner;
    case "CUSTOM": {
      const authorizer = authorizers.find((one) => one.authorizerId === authorizerId);
      // What should be protected is never open.
      if (!authorizer) {
        return () => {
          throw new GatewayError("UNAUTHORIZED", "Unauthorized");
        };
      }
      const authorize = compileAuthorizer(authorizer);
      return async (opening) => ({ identity: {}, authorization: await authorize(opening) });
    }
  }
}

/** Browsers cannot set headers: their URLs are presigned. An upgrade has no body. */
async function authorizeSigner(opening: Opening): Promise<Authorized> {
  const { request, settings } = opening;
  const access = {
    action: "execute-api:Invoke",
    resource: connectArnOf(opening),
    keys: conditionKeysOf({ request, connection: connectionOf(request), startedAt: Date.now() }),
  };
  return { identity: identityOf(await authorizeIam(request, async () => null, access, settings)) };
}

/** "Currently the only two supported values are `$request.header.x-api-key` and `$context.authorizer.usageIdentifierKey`." */
const keyOf = (
  expression: string,
): ((opening: Opening, authorization: ConnectAuthorization | undefined) => string | null | undefined) =>
  expression === "$context.authorizer.usageIdentifierKey"
    ? (_, authorization) => authorization?.usageIdentifierKey
    : ({ request }) => request.headers.get("x-api-key");
