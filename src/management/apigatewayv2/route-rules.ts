/** What a route may say. The texts are AWS's as its users report them; those that are guesses say so. */
import type { Route } from "../../definitions/websocket-api.ts";
import { parameterFault, refuseFaults } from "../apigateway/mapping-expressions.ts";
import { badRequest, conflict } from "../protocol/service-error.ts";
import type { Store } from "../store.ts";
import { authorizers, integrations, models, routes } from "./collections.ts";
import { checkMessageExpression } from "./expression-rules.ts";
import { checkLengths } from "./update-rules.ts";

const predefinedKeys: ReadonlySet<string> = new Set(["$connect", "$disconnect", "$default"]);

export const isPredefined = (routeKey: string): boolean => predefinedKeys.has(routeKey);

/**
 * @param draft with what was given, or was there before
 * @returns the route with what is left out filled in
 * @throws ServiceError
 */
export function checkRoute(
  apiId: string,
  draft: Pick<Route, "routeId" | "routeResponses"> & Partial<Route>,
  store: Store,
): Route {
  checkLengths(draft);
  const routeKey = routeKeyOf(draft.routeKey);
  const isTaken = routes(store, apiId)
    .list()
    .some((other) => other.routeKey === routeKey && other.routeId !== draft.routeId);
  if (isTaken) throw conflict(`Route with key ${routeKey} already exists for this API`);
  checkModels(apiId, draft.requestModels, store);
  checkMessageExpression("modelSelectionExpression", draft.modelSelectionExpression);
  if (draft.requestParameters && routeKey !== "$connect") {
    throw badRequest("Request parameters are only supported for the $connect route in WEBSOCKET APIs");
  }
  checkParameters(draft.requestParameters);
  checkTarget(apiId, draft, store);
  if ((draft.routeResponseSelectionExpression ?? "$default") !== "$default") {
    // A guess, after AWS's text for keys of route responses.
    throw badRequest("Currently, only $default is supported as a route response selection expression.");
  }
  const { authorizerId, authorizationType = "NONE", apiKeyRequired = false, ...route } = draft;
  checkAuthorization(apiId, { routeKey, authorizationType, authorizerId }, store);
  return {
    ...route,
    routeKey,
    apiKeyRequired,
    authorizationType,
    // As for methods of V1: another type has none.
    ...(authorizationType === "CUSTOM" && authorizerId !== undefined ? { authorizerId } : {}),
  };
}

/** The guide: "do not use the `$` prefix in the route key name". */
function routeKeyOf(routeKey = ""): string {
  if (routeKey.trim() && (!routeKey.startsWith("$") || isPredefined(routeKey))) return routeKey;
  throw badRequest("The provided route key is not formatted properly");
}

/** The text is V1's, a guess. @throws ServiceError BadRequestException */
export function checkModels(apiId: string, selected: Record<string, string> | undefined, store: Store): void {
  if (!selected) return;
  const names = new Set(
    models(store, apiId)
      .list()
      .map(({ name }) => name),
  );
  for (const name of Object.values(selected)) {
    if (!names.has(name)) throw badRequest(`Invalid model identifier specified: ${name}`);
  }
}

/** The guide's websocket-api-data-mapping. */
const requestPrefix = /^route\.request\.(?:querystring|header)\./;

/** Of a route, or of its responses. The texts are V1's, a guess. @throws ServiceError BadRequestException */
function checkParameters(parameters: Route["requestParameters"] = {}, prefix = requestPrefix): void {
  refuseFaults(Object.keys(parameters), (name) => parameterFault(name, prefix));
}

/** A route that is being made has no id yet, which AWS's text shows. */
function checkTarget(apiId: string, { routeId, target }: Partial<Route>, store: Store): void {
  if (target === undefined) return;
  const [, integrationId] = /^integrations\/([^/]+)$/.exec(target) ?? [];
  if (integrationId === undefined) {
    throw badRequest(
      `Unexpected or malformed target in route ${routes(store, apiId).has(routeId ?? "") ? routeId : null}. Correct format should be integrations/<integration_id>.`,
    );
  }
  // A guess, after what AWS says of identifiers elsewhere.
  if (!integrations(store, apiId).has(integrationId)) {
    throw badRequest(`Invalid Integration identifier specified ${integrationId}`);
  }
}

function checkAuthorization(
  apiId: string,
  {
    routeKey,
    authorizationType,
    authorizerId,
  }: { routeKey: string; authorizationType: string; authorizerId: string | undefined },
  store: Store,
): void {
  if (authorizationType === "NONE") return;
  if (routeKey !== "$connect") {
    throw badRequest("Currently, authorization is restricted to the $connect route only");
  }
  if (authorizationType === "JWT") {
    throw badRequest("Setting the authorization type to JWT requires a valid JWT authorizer.");
  }
  if (authorizationType === "CUSTOM" && !(authorizerId && authorizers(store, apiId).has(authorizerId))) {
    throw badRequest(
      "Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.",
    );
  }
}
