/**
 * Route: what becomes of messages with a key. Sources: the guide's websocket-api-develop-routes; Terraform's acceptance
 * tests (TestAccAPIGatewayV2Route_basic and its neighbours).
 */
import type { Route } from "../../definitions/websocket-api.ts";
import { randomId } from "../apigateway/ids.ts";
import type { Handlers, OperationContext } from "../operation.ts";
import { type TokenRequest, tokenPage } from "../protocol/paging.ts";
import { badRequest, notFound } from "../protocol/service-error.ts";
import { requireApi, requireOfApi, routes } from "./collections.ts";
import { type Capitalized, capitalized, uncapitalized } from "./member-names.ts";
import { constraintsOf, type GivenConstraints, shownConstraints } from "./parameter-constraints.ts";
import { checkRoute } from "./route-rules.ts";
import { joined, joinedTexts, requireRoom, updated } from "./update-rules.ts";

type Given = Partial<Omit<Route, "routeId" | "routeResponses" | "requestModels" | "requestParameters">>;

interface Input extends Capitalized<Given> {
  ApiId: string;
  RequestModels?: Record<string, string | null>;
  RequestParameters?: GivenConstraints;
  AuthorizationScopes?: unknown[];
}

export interface IdentifiedRoute {
  ApiId: string;
  RouteId: string;
}

export const routeHandlers: Handlers = {
  CreateRoute({ ApiId, ...input }: Input, context) {
    const { apiId } = requireApi(context, ApiId);
    requireRoom("Routes", routes(context.store, apiId));
    return shown(putRoute(apiId, routeOf({ routeId: randomId(7), routeResponses: [] }, input), context));
  },

  GetRoute: (input: IdentifiedRoute, context) => shown(requireRoute(input, context)),

  GetRoutes(input: TokenRequest & { ApiId: string }, context) {
    const { apiId } = requireApi(context, input.ApiId);
    const { items, ...next } = tokenPage(
      routes(context.store, apiId).list(),
      input,
      ({ routeId }) => routeId,
    );
    return { Items: items.map(shown), ...next };
  },

  UpdateRoute({ ApiId, RouteId, ...input }: Input & IdentifiedRoute, context) {
    const before = requireRoute({ ApiId, RouteId }, context);
    return shown(putRoute(ApiId, routeOf(before, input), context));
  },

  DeleteRoute(input: IdentifiedRoute, context) {
    routes(context.store, input.ApiId).delete(requireRoute(input, context).routeId);
    return undefined;
  },

  /** The text for a parameter that is not there is V1's, a guess. */
  DeleteRouteRequestParameter(input: IdentifiedRoute & { RequestParameterKey: string }, context) {
    const { requestParameters, ...route } = requireRoute(input, context);
    const key = input.RequestParameterKey;
    if (!Object.hasOwn(requestParameters ?? {}, key)) throw notFound("Invalid parameter name specified");
    const left = joined(requestParameters, { [key]: null });
    routes(context.store, input.ApiId).put(
      route.routeId,
      left ? { ...route, requestParameters: left } : route,
    );
    return undefined;
  },
};

/** @throws ServiceError NotFoundException */
export const requireRoute = ({ ApiId, RouteId }: IdentifiedRoute, context: OperationContext): Route =>
  requireOfApi(routes, "Route", ApiId, RouteId, context);

type Settled = Pick<Route, "routeId" | "routeResponses">;

/** With nothing checked yet. */
function routeOf(
  before: Settled & Partial<Route>,
  { RequestModels, RequestParameters, ...input }: Omit<Input, "ApiId">,
): Partial<Route> & Settled {
  const { AuthorizationScopes = [], ...given } = input;
  if (AuthorizationScopes.length > 0) {
    throw badRequest("Authorization Scopes are only valid for COGNITO_USER_POOLS and JWT authorization type");
  }
  const { requestModels, requestParameters, ...rest } = updated(before, uncapitalized(given));
  const models = joinedTexts(requestModels, RequestModels);
  const parameters = joined(requestParameters, RequestParameters && constraintsOf(RequestParameters));
  return {
    ...rest,
    ...(models ? { requestModels: models } : {}),
    ...(parameters ? { requestParameters: parameters } : {}),
  };
}

/** @throws ServiceError */
function putRoute(apiId: string, draft: Settled & Partial<Route>, { store }: OperationContext): Route {
  const route = checkRoute(apiId, draft, store);
  routes(store, apiId).put(route.routeId, route);
  return route;
}

const shown = ({ routeResponses: _, requestParameters, ...route }: Route) => ({
  ...capitalized(route),
  ...(requestParameters ? { RequestParameters: shownConstraints(requestParameters) } : {}),
});
