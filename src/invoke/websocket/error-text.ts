/** What a client is told when its message or its $connect fails, as users have recorded it, blanks included. */
import { GatewayError, internalError } from "../rest/gateway-error.ts";
import type { EventContext } from "./event-context.ts";

/** @returns a frame, or the body of a refused upgrade */
export function errorText(
  { messageString }: GatewayError,
  { connectionId, requestId }: Pick<EventContext, "connectionId" | "requestId">,
): string {
  return `{"message": ${messageString}, "connectionId":"${connectionId}", "requestId":"${requestId}"}`;
}

/** What no step has foreseen is told to the operator, and to the client as AWS tells it. */
export function gatewayErrorOf(error: unknown, { requestId }: Pick<EventContext, "requestId">): GatewayError {
  if (error instanceof GatewayError) return error;
  console.error(`${requestId}: ${error instanceof Error ? error.stack : error}`);
  return internalError();
}
