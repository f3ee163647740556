/**
 * Who may open a connection: what the checks at $connect are given, what they come to, and what later events on the
 * connection show of it. `compileConnectAccess` (access.ts) makes the check, `compileMessageAdmission` (admission.ts)
 * that of messages.
 */
import type { ApiKeyAccess } from "../access/api-key.ts";
import type { RouteEvent } from "./route-event.ts";

/** The request that opens a connection. */
export interface Opening extends Pick<RouteEvent, "env" | "settings" | "waitUntil" | "stage"> {
  request: Request;
  /** Of its query string. */
  query: ReadonlyMap<string, readonly string[]>;
  /** `$context` of the CONNECT event as it is before the checks: with `requestId` and `identity`. */
  context: Readonly<Record<string, unknown>>;
}

/**
 * All that stands before the $connect integration: authorization, the API key, throttles and the quota.
 * @throws GatewayError 401, 403, 429, or 500 when an authorizer cannot be asked
 */
export type CheckConnect = (opening: Opening) => Promise<ConnectAccess>;

/** Small enough for a socket's attachment: an authorizer's result has 8 KB at most. */
export interface ConnectAccess {
  /** `$context.authorizer`: what a Lambda authorizer has said, `principalId` among it. */
  authorizer?: Readonly<Record<string, string | number>>;
  /** `$context.identity` beyond the address and the user agent: of an IAM caller. */
  identity: Readonly<Record<string, string | null>>;
  /** With which the connection was opened, where $connect requires one. */
  apiKey?: Pick<ApiKeyAccess, "keyId" | "value">;
}

/** A message before its integration. @throws GatewayError 403 for lack of an API key, 429 */
export type AdmitMessage = (
  message: Pick<RouteEvent, "env" | "settings" | "waitUntil" | "stage"> & Pick<ConnectAccess, "apiKey">,
) => void | Promise<void>;

/** What policies are about: a route has no method and no path (the guide's apigateway-websocket-control-access-iam). */
export const connectArnOf = ({
  settings: { region, accountId },
  stage: { snapshot, stage },
}: Opening): string =>
  `arn:aws:execute-api:${region}:${accountId}:${snapshot.apiId}/${stage.stageName}/$connect`;
