/**
 * What happens on a WebSocket connection, as its route's integration is given it, and what the integration comes to.
 * The one interface between the life of connections and integrations.
 */
import type { VpcLinkRecord, WebSocketSnapshot, WebSocketStageRecord } from "../../definitions/published.ts";
import type { Env, Settings } from "../../settings.ts";
import type { Connection } from "../connection.ts";

export type EventType = "CONNECT" | "MESSAGE" | "DISCONNECT";

/** A stage with its deployment, as far as integrations need them. */
export interface RouteStage {
  snapshot: WebSocketSnapshot;
  stage: WebSocketStageRecord["stage"];
  /** By id; empty where no integration goes through one (`usesVpcLinks`). */
  vpcLinks: ReadonlyMap<string, VpcLinkRecord>;
}

/** Whether the stages of this deployment need to know the VPC links. */
export const usesVpcLinks = ({ integrations }: WebSocketSnapshot): boolean =>
  integrations.some(({ connectionType }) => connectionType === "VPC_LINK");

export interface RouteEvent {
  eventType: EventType;
  /** The message as text; the empty text for CONNECT and DISCONNECT. */
  body: string;
  /** Of the request that opens the connection: CONNECT alone. */
  opening?: {
    headers: Headers;
    query: ReadonlyMap<string, readonly string[]>;
    /** Where it came from, for the `X-Forwarded-*` that integrations are sent. */
    connection: Connection;
  };
  /**
   * `$context`, and a function's `requestContext`, in the order in which functions see it: `routeKey`, `authorizer`,
   * `eventType`, `extendedRequestId`, `requestTime`, `messageDirection`, `stage`, `connectedAt`, `requestTimeEpoch`,
   * `identity`, `requestId`, `domainName`, `connectionId`, `apiId`, …; what is not there is absent.
   */
  context: Readonly<Record<string, unknown>>;
  stage: RouteStage;
  /** Whether anybody is told what the integration answers: not on a route without a response, nor at the end. */
  isAnswered: boolean;
  env: Env;
  settings: Settings;
  /** Keeps work alive that outlives the event. */
  waitUntil: (work: Promise<unknown>) => void;
}

export interface RouteAnswer {
  /** HTTP status: 200 to 299 lets a connection open. */
  statusCode: number;
  /** What a route response sends to the client; undefined when there is nothing. */
  body: string | undefined;
  /** Lower-case names: of a CONNECT's answer, `sec-websocket-protocol` counts. */
  headers: Readonly<Record<string, string>>;
}

/** Carries out a route's integration. @throws GatewayError when it cannot be carried out, or fails */
export type RouteIntegration = (event: RouteEvent) => Promise<RouteAnswer>;
