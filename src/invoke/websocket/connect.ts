/**
 * A client opens a connection: access, the `$connect` route's integration, and then a shard accepts the socket.
 * Source: the guide's apigateway-websocket-api-route-keys-connect-disconnect, websocket-connect-route-subprotocol.
 */
import { isBodyless } from "../bodyless.ts";
import { connectionOf } from "../connection.ts";
import { checkHeaders } from "../limits/payload.ts";
import type { Located } from "../locate.ts";
import { parseQueryString } from "../query-string.ts";
import { GatewayError } from "../rest/gateway-error.ts";
import type { CompiledRoute, CompiledWebSocketStage } from "./compiled-websocket-api.ts";
import type { ConnectAccess } from "./connect-access.ts";
import { newConnectionId } from "./connection-id.ts";
import type { ConnectionRecord } from "./connection-record.ts";
import { errorText, gatewayErrorOf } from "./error-text.ts";
import { type EventContext, eventContext } from "./event-context.ts";
import { announceDisconnect, type EventScope } from "./messages.ts";
import type { RouteAnswer } from "./route-event.ts";
import { acceptSocket, chooseShard } from "./shard-client.ts";
import { placeOf } from "./shards.ts";

/** @param located of a request with `Upgrade: websocket` */
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
  { apiId, stageName, host, query }: Located,
  stage: CompiledWebSocketStage,
  scope: EventScope,
): Promise<Response> {
  const route = stage.api.route("$connect");
  const connectedAt = Date.now();
  // Refused before there is a connection, a client is given an id that leads nowhere.
  let context: EventContext = eventContext("CONNECT", "$connect", recordOf(""), undefined, connectedAt);
  function recordOf(connectionId: string, access: ConnectAccess = { identity: {} }): ConnectionRecord {
    const { sourceIp } = connectionOf(request);
    const userAgent = request.headers.get("user-agent");
    const domainName = host.replace(/:\d*$/, "");
    return { connectionId, apiId, stageName, domainName, connectedAt, sourceIp, userAgent, ...access };
  }
  try {
    checkHeaders(request.headers);
    const access = accessOf(route);
    const shard = await chooseShard(scope.env, placeOf(request));
    const record = recordOf(newConnectionId(shard, { apiId, stageName }), access);
    context = eventContext("CONNECT", "$connect", record, undefined, connectedAt);
    const opening = {
      headers: request.headers,
      query: parseQueryString(query),
      connection: connectionOf(request),
    };
    route?.check?.({ body: "", opening, context });
    const answer = await route?.integration?.({
      eventType: "CONNECT",
      body: "",
      opening,
      context,
      stage,
      ...scope,
    });
    if (answer && (answer.statusCode < 200 || answer.statusCode > 299)) return refusal(answer);
    return await accept(shard, record, answer, stage, scope);
  } catch (error) {
    const refused = gatewayErrorOf(error, context);
    return new Response(errorText(refused, context), {
      status: refused.status,
      headers: {
        "x-amzn-RequestId": context.requestId,
        "x-amzn-ErrorType": refused.errorType,
        "Content-Type": "application/json",
      },
    });
  }
}

function accessOf(route: CompiledRoute | undefined): ConnectAccess {
  if (!route || (route.route.authorizationType === "NONE" && !route.route.apiKeyRequired)) {
    return { identity: {} };
  }
  throw new GatewayError("ACCESS_DENIED", "Forbidden");
}

/** The status that the integration has answered is what the client sees. */
function refusal({ statusCode, body = "" }: RouteAnswer): Response {
  const status = statusCode >= 300 && statusCode <= 599 ? statusCode : 502;
  return new Response(isBodyless(status) ? null : body, { status });
}

async function accept(
  shard: Parameters<typeof acceptSocket>[1],
  record: ConnectionRecord,
  answer: RouteAnswer | undefined,
  stage: CompiledWebSocketStage,
  scope: EventScope,
): Promise<Response> {
  const socket = await acceptSocket(scope.env, shard, record).catch((error) => {
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
