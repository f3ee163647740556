/**
 * Whether a connect or a message is within its limits: the plan's for the key, the stage's for the route, the
 * account's (for new connections, and for everything), then the plan's quota. Sources: the guide's websocket-api-protect, websocket-api-develop-routes and limits
 * ("across HTTP APIs, REST APIs, WebSocket APIs, and WebSocket callback APIs").
 */
import { accountThrottle as accountDefaults } from "../../definitions/account-throttle.ts";
import type { Limit } from "../../definitions/limit.ts";
import type { Route, RouteSettings } from "../../definitions/websocket-api.ts";
import type { RefusedRequest } from "../../observability/refusals.ts";
import type { Settings } from "../../settings.ts";
import { type ApiKeyAccess, requireApiKey } from "../access/api-key.ts";
import {
  accountThrottle,
  admit,
  connectThrottle,
  limitsByStage,
  type NamedLimit,
  planThrottle,
  stageThrottle,
} from "../limits/named-limit.ts";
import { GatewayError } from "../rest/gateway-error.ts";
import type { AdmitMessage } from "./connect-access.ts";
import type { RouteEvent } from "./route-event.ts";

/** A connect, or a message. */
type Admitted = Pick<RouteEvent, "env" | "settings" | "waitUntil" | "stage">;

/** @throws GatewayError 429 */
export type AdmitKeyed = (event: Admitted, access: ApiKeyAccess | undefined) => void | Promise<void>;

/** @returns the check of what takes this route, with the key that it comes with */
export function compileAdmission(routeKey: string): AdmitKeyed {
  const limitsOf = limitsByStage(
    (event: Admitted) => [
      ...routeThrottle(event, routeKey),
      ...(routeKey === "$connect" ? connectThrottle(event.env, event.settings) : []),
      ...accountThrottle(event.env, event.settings),
    ],
    ({ env }, access) => planThrottle(env, access),
  );
  return (event, access) => admit(limitsOf(event, access), access?.plan.id, refusedOf(event));
}

/**
 * The guide has API keys for `$connect`, where a message's key comes from too: a route that requires one is closed to
 * connections that were opened without, and its messages count for the key's plan.
 */
export function compileMessageAdmission({ routeKey, apiKeyRequired }: Route): AdmitMessage {
  const admitKeyed = compileAdmission(routeKey);
  if (!apiKeyRequired) return (message) => admitKeyed(message, undefined);
  return (message) => {
    const access = requireApiKey(message.apiKey?.value, refusedOf(message));
    return access instanceof Promise
      ? access.then((found) => admitKeyed(message, found))
      : admitKeyed(message, access);
  };
}

/**
 * Whether a request to `@connections` is within the account's limit, which it counts for.
 * @throws GatewayError 429, under the name that clients of the management API know (its reference, LimitExceededException)
 */
export async function admitCallback(
  request: RefusedRequest,
  settings: Pick<Settings, "accountThrottle">,
): Promise<void> {
  try {
    await admit(accountThrottle(request.env, settings), undefined, request);
  } catch (error) {
    throw error instanceof GatewayError ? error.named("LimitExceededException") : error;
  }
}

export const refusedOf = ({
  env,
  waitUntil,
  stage: { snapshot, stage },
}: Pick<Admitted, "env" | "waitUntil" | "stage">): RefusedRequest => ({
  env,
  waitUntil,
  located: { apiId: snapshot.apiId, stageName: stage.stageName },
});

function routeThrottle(
  { env, settings, stage: { snapshot, stage } }: Pick<Admitted, "env" | "settings" | "stage">,
  routeKey: string,
): NamedLimit[] {
  const { routeSettings, defaultRouteSettings, stageName, version } = stage;
  const own = Object.hasOwn(routeSettings, routeKey) ? routeSettings[routeKey] : undefined;
  const limit = limitOf({ ...defaultRouteSettings, ...own }, settings);
  return stageThrottle(
    "stage_route",
    `stage/${snapshot.apiId}/${stageName}/${routeKey}`,
    limit,
    version,
    env,
  );
}

/** What is left open the account's limit fills; -1 is no limit, as in V1's method settings. */
function limitOf(
  { throttlingRateLimit, throttlingBurstLimit }: RouteSettings,
  { accountThrottle }: Pick<Settings, "accountThrottle">,
): Limit | undefined {
  if (throttlingRateLimit === undefined && throttlingBurstLimit === undefined) return undefined;
  const rate = throttlingRateLimit ?? accountThrottle?.rate ?? accountDefaults.rateLimit;
  const burst = throttlingBurstLimit ?? accountThrottle?.burst ?? accountDefaults.burstLimit;
  return rate < 0 || burst < 0 ? undefined : { rate, burst };
}
