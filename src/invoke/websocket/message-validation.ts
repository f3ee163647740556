/**
 * What of an event is checked before its integration sees it. Sources: the guide's websocket-api-request-validation and
 * websocket-api-data-mapping.
 */
import type { WebSocketSnapshot } from "../../definitions/published.ts";
import type { Route } from "../../definitions/websocket-api.ts";
import { textOfContext } from "../mapping/context-variable.ts";
import { compileModel, invalidBody } from "../validation/model.ts";
import { compileRequiredParameters } from "../validation/required-parameters.ts";
import type { RouteEvent } from "./route-event.ts";
import { compileSelection } from "./selection.ts";

/** @throws GatewayError 400 */
export type MessageCheck = (event: Pick<RouteEvent, "body" | "opening" | "context">) => void;

/** @returns undefined for a route that has nothing to check, which most have not */
export function compileMessageValidation(
  route: Route,
  snapshot: WebSocketSnapshot,
): MessageCheck | undefined {
  const checkParameters = parameterCheck(route);
  const checkBody = bodyCheck(route, snapshot);
  if (!checkParameters || !checkBody) return checkParameters ?? checkBody;
  return (event) => {
    checkParameters(event);
    checkBody(event);
  };
}

/** Of the request that opens a connection: a message has neither headers nor a query string. */
function parameterCheck({ requestParameters = {} }: Route): MessageCheck | undefined {
  const required = Object.entries(requestParameters)
    .filter(([, constraints]) => constraints.required)
    .map(([parameter]) => parameter);
  const check = compileRequiredParameters(required, "route.request.");
  return (
    check &&
    (({ opening }) => {
      if (opening) check({ request: { headers: opening.headers }, query: opening.query, pathParameters: {} });
    })
  );
}

const ownMember = (context: RouteEvent["context"], name: string): unknown =>
  Object.hasOwn(context, name) ? context[name] : undefined;

/**
 * By the model that the route's expression selects, or that of `$default`. Without either the message fails, whatever
 * the integration is; without an expression nothing is checked.
 */
function bodyCheck(
  { modelSelectionExpression, requestModels = {} }: Route,
  { apiId, models }: WebSocketSnapshot,
): MessageCheck | undefined {
  if (modelSelectionExpression === undefined) return undefined;
  const keyOf = compileSelection(modelSelectionExpression);
  const checks = new Map(
    Object.entries(requestModels).map(([key, name]) => [key, compileModel(apiId, name, models)]),
  );
  const otherwise = checks.get("$default");
  return ({ body, opening, context }) => {
    const key = keyOf({
      body,
      header: (name) => opening?.headers.get(name) ?? undefined,
      context: (name) => textOfContext({ variable: (first) => ownMember(context, first) }, name),
    });
    const check = checks.get(key) ?? otherwise;
    if (!check)
      throw invalidBody().because(`No model is selected by '${key}', and there is no $default model`);
    check(body, key);
  };
}
