/** Logging, metrics and throttling of a stage's routes. Source: the guide's websocket-api-protect. */
import type { RouteSettings } from "../../definitions/websocket-api.ts";
import { badRequest, notFound } from "../protocol/service-error.ts";
import type { Store } from "../store.ts";
import { routes } from "./collections.ts";
import { type Capitalized, capitalized, uncapitalized } from "./member-names.ts";
import { isPredefined } from "./route-rules.ts";
import { joined, updated } from "./update-rules.ts";

export type GivenRouteSettings = Capitalized<RouteSettings>;

/** -1 turns a limit off, as in V1's method settings. */
const lowestLimit = -1;
const highestLimit = 2_147_483_647;

/**
 * What is not given stays as it is: TestAccAPIGatewayV2Stage_defaultRouteSettingsWebSocket, where the logging level does.
 * @throws ServiceError BadRequestException, whose text is a guess
 */
export function routeSettingsOf(before: RouteSettings, given: GivenRouteSettings): RouteSettings {
  const settings = updated(before, uncapitalized(given));
  for (const limit of [settings.throttlingBurstLimit ?? 0, settings.throttlingRateLimit ?? 0]) {
    if (!(limit >= lowestLimit && limit <= highestLimit)) {
      throw badRequest(`Throttling limits must be between ${lowestLimit} and ${highestLimit}`);
    }
  }
  return settings;
}

/**
 * @param given by route key; null takes a route's away
 * @throws ServiceError NotFoundException for a route that is not there; the predefined ones need not be
 *   (TestAccAPIGatewayV2Stage_routeSettingsWebSocket). The text is AWS's as its users report it.
 */
export function joinedRouteSettings(
  apiId: string,
  before: Record<string, RouteSettings>,
  given: Record<string, GivenRouteSettings | null>,
  store: Store,
): Record<string, RouteSettings> {
  const keys = new Set(
    Object.keys(given).every(isPredefined)
      ? []
      : routes(store, apiId)
          .list()
          .map(({ routeKey }) => routeKey),
  );
  const changes = Object.entries(given).map(([routeKey, settings]) => {
    if (!isPredefined(routeKey) && !keys.has(routeKey)) throw noRouteSettings(routeKey);
    const own = Object.hasOwn(before, routeKey) ? before[routeKey] : undefined;
    return [routeKey, settings && routeSettingsOf(own ?? {}, settings)] as const;
  });
  return joined(before, Object.fromEntries(changes)) ?? {};
}

export const noRouteSettings = (routeKey: string) =>
  notFound(`Unable to find Route by key ${routeKey} within the provided RouteSettings`);

export const shownRouteSettings = (settings: Record<string, RouteSettings>) =>
  Object.fromEntries(Object.entries(settings).map(([routeKey, own]) => [routeKey, capitalized(own)]));
