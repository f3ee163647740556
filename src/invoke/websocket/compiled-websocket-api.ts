/** A deployment of a WebSocket API, compiled: what its connections need of it, made once. */
import type { VpcLinkRecord, WebSocketSnapshot, WebSocketStageRecord } from "../../definitions/published.ts";
import type { Route } from "../../definitions/websocket-api.ts";
import { internalError } from "../rest/gateway-error.ts";
import { compileConnectAccess } from "./access.ts";
import { compileMessageAdmission } from "./admission.ts";
import type { AdmitMessage, CheckConnect } from "./connect-access.ts";
import { compileRouteIntegration } from "./integrations/compile-integration.ts";
import { compileMessageValidation, type MessageCheck } from "./message-validation.ts";
import { type RouteIntegration, type RouteStage, usesVpcLinks } from "./route-event.ts";
import { compileRouteSelection, type SelectRouteKey } from "./route-selection.ts";

export interface CompiledRoute {
  route: Route;
  /** Undefined for a route without an integration. */
  integration: RouteIntegration | undefined;
  /** Whether a message is within its limits. */
  admit: AdmitMessage;
  /** What an event is checked for before the integration sees it; undefined when there is nothing. */
  check: MessageCheck | undefined;
  /** Whether what the integration answers goes to the client. */
  isTwoWay: boolean;
}

export class CompiledWebSocketApi {
  readonly snapshot: WebSocketSnapshot;
  /** Whether any integration goes through a VPC link: its stages need to know the links. */
  readonly usesVpcLinks: boolean;
  readonly #routes: ReadonlyMap<string, Route>;
  readonly #compiled = new Map<Route, CompiledRoute>();
  readonly #integrations = new Map<string, RouteIntegration>();
  readonly #selectKey: SelectRouteKey;
  #checkConnect: CheckConnect | undefined;

  constructor(snapshot: WebSocketSnapshot) {
    this.snapshot = snapshot;
    this.usesVpcLinks = usesVpcLinks(snapshot);
    this.#routes = new Map(snapshot.routes.map((route) => [route.routeKey, route]));
    this.#selectKey = compileRouteSelection(snapshot.api.routeSelectionExpression);
  }

  /** All that stands before the `$connect` integration. */
  get checkConnect(): CheckConnect {
    this.#checkConnect ??= compileConnectAccess(this.snapshot, this.#routes.get("$connect"));
    return this.#checkConnect;
  }

  /** The route of this key, compiled when it is first asked for; undefined when there is none. */
  route(key: string): CompiledRoute | undefined {
    const route = this.#routes.get(key);
    if (!route) return undefined;
    let compiled = this.#compiled.get(route);
    if (!compiled) {
      compiled = this.#compile(route);
      this.#compiled.set(route, compiled);
    }
    return compiled;
  }

  /** The route that a message takes; undefined when there is none, and no `$default`. */
  routeOf(message: string): CompiledRoute | undefined {
    const key = this.#selectKey(message);
    // What happens to a connection is no message, whatever a message says.
    const isMessageRoute = key !== undefined && key !== "$connect" && key !== "$disconnect";
    return (isMessageRoute ? this.route(key) : undefined) ?? this.route("$default");
  }

  #compile(route: Route): CompiledRoute {
    const id = route.target?.replace(/^integrations\//, "");
    return {
      route,
      admit: compileMessageAdmission(route),
      check: this.#compileCheck(route),
      integration: id === undefined ? undefined : this.#integration(id),
      isTwoWay: route.routeResponses.length > 0,
    };
  }

  /** What cannot be compiled fails for its own route, with every event, and not for the others. */
  #compileCheck(route: Route): MessageCheck | undefined {
    try {
      return compileMessageValidation(route, this.snapshot);
    } catch (error) {
      console.error(`Route ${route.routeKey} of ${this.snapshot.apiId} cannot be validated: ${error}`);
      return () => {
        throw internalError("API_CONFIGURATION_ERROR");
      };
    }
  }

  /** Compiled once for all of its routes. */
  #integration(id: string): RouteIntegration | undefined {
    const known = this.#integrations.get(id);
    if (known) return known;
    const integration = this.snapshot.integrations.find(({ integrationId }) => integrationId === id);
    if (!integration) return undefined;
    const compiled = compileRouteIntegration(integration, this.snapshot);
    this.#integrations.set(id, compiled);
    return compiled;
  }
}

/** A stage with its deployment. */
export interface CompiledWebSocketStage extends RouteStage {
  protocol: "WEBSOCKET";
  api: CompiledWebSocketApi;
}

export function compileWebSocketStage(
  api: CompiledWebSocketApi,
  stage: WebSocketStageRecord["stage"],
  vpcLinks: ReadonlyMap<string, VpcLinkRecord>,
): CompiledWebSocketStage {
  return { protocol: "WEBSOCKET", api, snapshot: api.snapshot, stage, vpcLinks };
}
