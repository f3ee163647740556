/**
 * A client opens a connection: access, the `$connect` route's integration, and then a shard accepts the socket.
 * Source: the guide's apigateway-websocket-api-route-keys-connect-disconnect, websocket-connect-route-subprotocol.
 */
import { connectionOf } from "../connection.ts";
import { checkHeaders } from "../limits/payload.ts";
import type { Located } from "../locate.ts";
import { parseQueryString } from "../query-string.ts";
import { GatewayError } from "../rest/gateway-error.ts";
import { extendedRequestId } from "../rest/request-ids.ts";
import type { CompiledWebSocketStage } from "./compiled-websocket-api.ts";
import { newConnectionId } from "./connection-id.ts";
import type { ConnectionRecord } from "./connection-record.ts";
import { errorText, gatewayErrorOf } from "./error-text.ts";
import { eventContext } from "./event-context.ts";
import { checkHandshake } from "./handshake.ts";
import { announceDisconnect, type EventScope } from "./messages.ts";
import { errorResponse, integrationRefusal } from "./refusal.ts";
import type { RouteAnswer, RouteEvent } from "./route-event.ts";
import { acceptSocket, chooseShard } from "./shard-client.ts";
import { placeOf } from "./shards.ts";

export async function connect(
  request: Request,
  located: Located,
  stage: CompiledWebSocketStage,
  scope: EventScope,
): Promise<Response> {
  // A client that leaves meanwhile is noticed by its shard: what $connect has begun is ended by $disconnect.
  const opening = open(request, located, stage, scope);
  scope.waitUntil(opening.catch(() => {}));
  return opening;
}

async function open(
  request: Request,
  { apiId, stageName, host, query: queryString }: Located,
  stage: CompiledWebSocketStage,
  scope: EventScope,
): Promise<Response> {
  const connectedAt = Date.now();
  const place = { apiId, stageName };
  const connection = connectionOf(request);
  const requestId = extendedRequestId();
  let record: ConnectionRecord = {
    connectionId: "",
    ...place,
    domainName: host.replace(/:\d*$/, ""),
    connectedAt,
    sourceIp: connection.sourceIp,
    userAgent: request.headers.get("user-agent"),
    identity: {},
  };
  const contextOf = (record: ConnectionRecord) =>
    eventContext({ eventType: "CONNECT", routeKey: "$connect", record, now: connectedAt, requestId });
  let context = contextOf(record);
  try {
    checkHandshake(request);
    checkHeaders(request.headers);
    const shard = await chooseShard(scope.env, placeOf(request));
    record = { ...record, connectionId: newConnectionId(shard, place) };
    context = contextOf(record);
    const query = parseQueryString(queryString);
    const access = await stage.api.checkConnect({ request, query, context, stage, ...scope });
    record = { ...record, ...access };
    context = contextOf(record);
    const opening = { headers: request.headers, query, connection };
    const event: RouteEvent = {
      eventType: "CONNECT",
      body: "",
      opening,
      context,
      stage,
      isAnswered: true,
      ...scope,
    };
    const route = stage.api.route("$connect");
    route?.check?.(event);
    const answer = await route?.integration?.(event);
    const isRefused = answer !== undefined && (answer.statusCode < 200 || answer.statusCode > 299);
    if (isRefused) return integrationRefusal(answer, requestId);
    return await accept(shard, record, answer, stage, scope);
  } catch (error) {
    const refused = gatewayErrorOf(error, context);
    // A connection has an id once there is a place for it.
    return errorResponse(refused, requestId, context.connectionId ? errorText(refused, context) : undefined);
  }
}

async function accept(
  shard: Parameters<typeof acceptSocket>[1],
  record: ConnectionRecord,
  answer: RouteAnswer | undefined,
  stage: CompiledWebSocketStage,
  scope: EventScope,
): Promise<Response> {
  const isOwed = stage.api.route("$disconnect")?.integration !== undefined;
  const socket = await acceptSocket(scope.env, shard, record, isOwed).catch((error) => {
    console.error(`${record.connectionId} cannot be accepted: ${error}`);
    return undefined;
  });
  if (!socket) {
    // The backend knows the connection already.
    const closing = { code: 1011, reason: "Internal server error" };
    if (answer) await announceDisconnect(closing, record, stage, scope);
    throw new GatewayError("DEFAULT_5XX", "Service Unavailable", 503);
  }
  const protocol = answer?.headers["sec-websocket-protocol"];
  return new Response(null, {
    status: 101,
    webSocket: socket,
    headers: protocol === undefined ? {} : { "Sec-WebSocket-Protocol": protocol },
  });
}
