/** RouteResponse: that a route answers at all. Source: the guide's apigateway-websocket-api-route-response. */
import type { Route, RouteResponse } from "../../definitions/websocket-api.ts";
import { randomId } from "../apigateway/ids.ts";
import type { Handlers, OperationContext } from "../operation.ts";
import { type TokenRequest, tokenPage } from "../protocol/paging.ts";
import { badRequest, conflict, notFound } from "../protocol/service-error.ts";
import { routes } from "./collections.ts";
import { checkMessageExpression } from "./expression-rules.ts";
import { capitalized } from "./member-names.ts";
import { constraintsOf, type GivenConstraints, shownConstraints } from "./parameter-constraints.ts";
import { checkModels } from "./route-rules.ts";
import { type IdentifiedRoute, requireRoute } from "./routes.ts";
import { checkLengths, joined, joinedTexts, updated } from "./update-rules.ts";

interface Input extends IdentifiedRoute {
  RouteResponseKey?: string;
  ModelSelectionExpression?: string;
  ResponseModels?: Record<string, string | null>;
  ResponseParameters?: GivenConstraints;
}

interface Identified extends IdentifiedRoute {
  RouteResponseId: string;
}

export const routeResponseHandlers: Handlers = {
  CreateRouteResponse(input: Input, context) {
    const route = requireRoute(input, context);
    const response = responseOf({ routeResponseId: randomId(7) }, input, context);
    if (route.routeResponses.length > 0) {
      // A guess, after AWS's text for routes.
      throw conflict(`RouteResponse with key ${response.routeResponseKey} already exists for this Route`);
    }
    putResponses(input.ApiId, route, [response], context);
    return shown(response);
  },

  GetRouteResponse: (input: Identified, context) => shown(requireResponse(input, context).response),

  GetRouteResponses(input: TokenRequest & IdentifiedRoute, context) {
    const { routeResponses } = requireRoute(input, context);
    const { items, ...next } = tokenPage(routeResponses, input, ({ routeResponseId }) => routeResponseId);
    return { Items: items.map(shown), ...next };
  },

  UpdateRouteResponse(input: Input & Identified, context) {
    const { route, response: before } = requireResponse(input, context);
    const response = responseOf(before, input, context);
    const responses = route.routeResponses.map((other) => (other === before ? response : other));
    putResponses(input.ApiId, route, responses, context);
    return shown(response);
  },

  DeleteRouteResponse(input: Identified, context) {
    const { route, response } = requireResponse(input, context);
    const left = route.routeResponses.filter((other) => other !== response);
    putResponses(input.ApiId, route, left, context);
    return undefined;
  },
};

function requireResponse(input: Identified, context: OperationContext) {
  const route = requireRoute(input, context);
  const response = route.routeResponses.find(
    ({ routeResponseId }) => routeResponseId === input.RouteResponseId,
  );
  if (!response) throw notFound(`Invalid RouteResponse identifier specified ${input.RouteResponseId}`);
  return { route, response };
}

const putResponses = (
  apiId: string,
  route: Route,
  routeResponses: RouteResponse[],
  { store }: OperationContext,
) => routes(store, apiId).put(route.routeId, { ...route, routeResponses });

/** @throws ServiceError BadRequestException */
function responseOf(
  before: Pick<RouteResponse, "routeResponseId"> & Partial<RouteResponse>,
  { ApiId, RouteResponseKey, ModelSelectionExpression, ResponseModels, ResponseParameters }: Input,
  { store }: OperationContext,
): RouteResponse {
  const { responseModels, responseParameters, ...rest } = before;
  const response = updated(rest, {
    routeResponseKey: RouteResponseKey,
    modelSelectionExpression: ModelSelectionExpression,
  });
  checkLengths(response);
  const { routeResponseKey } = response;
  if (routeResponseKey !== "$default") {
    throw badRequest("Currently, only $default is supported as a RouteResponseKey.");
  }
  checkMessageExpression("modelSelectionExpression", response.modelSelectionExpression);
  const models = joinedTexts(responseModels, ResponseModels);
  checkModels(ApiId, models, store);
  const parameters = joined(responseParameters, ResponseParameters && constraintsOf(ResponseParameters));
  return {
    ...response,
    routeResponseKey,
    ...(models ? { responseModels: models } : {}),
    ...(parameters ? { responseParameters: parameters } : {}),
  };
}

const shown = ({ responseParameters, ...response }: RouteResponse) => ({
  ...capitalized(response),
  ...(responseParameters ? { ResponseParameters: shownConstraints(responseParameters) } : {}),
});
