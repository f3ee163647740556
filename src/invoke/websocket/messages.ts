/** A message's way: its route, the route's integration, and what the client gets back of it. */
import { GatewayError, internalError } from "../rest/gateway-error.ts";
import type { CompiledRoute, CompiledWebSocketStage } from "./compiled-websocket-api.ts";
import type { Closing, ConnectionRecord } from "./connection-record.ts";
import { errorText, gatewayErrorOf } from "./error-text.ts";
import { type EventContext, eventContext } from "./event-context.ts";
import { isTooLarge } from "./frames.ts";
import type { RouteAnswer, RouteEvent } from "./route-event.ts";

/** What events are carried out with. */
export type EventScope = Pick<RouteEvent, "env" | "settings" | "waitUntil">;

/**
 * @param stage null when it cannot be read
 * @returns the frame that the client is sent; undefined for none
 */
export async function answerMessage(
  message: string,
  record: ConnectionRecord,
  stage: CompiledWebSocketStage | null,
  scope: EventScope,
): Promise<string | undefined> {
  const compiled = stage?.api.routeOf(message);
  const routeKey = compiled?.route.routeKey ?? "$default";
  const now = Date.now();
  let made: EventContext | undefined;
  // Many messages are answered without anybody asking for it.
  const contextOf = () => {
    made ??= eventContext({ eventType: "MESSAGE", routeKey, record, now });
    return made;
  };
  try {
    if (!stage) throw internalError();
    // Reported: a message that no route takes is forbidden.
    if (!compiled) throw new GatewayError("ACCESS_DENIED", "Forbidden");
    const { admit, check, integration } = compiled;
    const admission = admit({ ...scope, stage, ...(record.apiKey ? { apiKey: record.apiKey } : {}) });
    if (admission) await admission;
    const event: RouteEvent = {
      eventType: "MESSAGE",
      body: message,
      get context() {
        return contextOf();
      },
      stage,
      isAnswered: compiled.isTwoWay,
      ...scope,
    };
    check?.(event);
    if (!integration) throw internalError("API_CONFIGURATION_ERROR");
    const answer = await integration(event);
    return frameOf(compiled, answer);
  } catch (error) {
    const context = contextOf();
    return errorText(gatewayErrorOf(error, context), context);
  }
}

/**
 * Nothing goes back unless the route has a response (the guide's apigateway-websocket-api-route-response); then an
 * answer without a body is an empty message, as AWS's users report it (serverless/serverless#6816).
 */
function frameOf({ isTwoWay }: CompiledRoute, { body }: RouteAnswer): string | undefined {
  if (!isTwoWay || body === undefined) return undefined;
  if (isTooLarge(body)) {
    throw internalError().because("The answer is larger than 128 KB");
  }
  return body;
}

/** Runs the `$disconnect` route, if there is one. What its integration comes to changes nothing: nobody is left to tell. */
export async function announceDisconnect(
  closing: Closing,
  record: ConnectionRecord,
  stage: CompiledWebSocketStage | undefined,
  scope: EventScope,
): Promise<void> {
  const compiled = stage?.api.route("$disconnect");
  if (!stage || !compiled?.integration) return;
  const context = eventContext({
    eventType: "DISCONNECT",
    routeKey: "$disconnect",
    record,
    closing,
    now: Date.now(),
  });
  try {
    await compiled.integration({
      eventType: "DISCONNECT",
      body: "",
      context,
      stage,
      isAnswered: false,
      ...scope,
    });
  } catch (error) {
    gatewayErrorOf(error, context);
  }
}
