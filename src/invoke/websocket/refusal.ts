/** What a request is answered that opens no connection. */
import { isBodyless } from "../bodyless.ts";
import type { GatewayError } from "../rest/gateway-error.ts";
import type { RouteAnswer } from "./route-event.ts";

/** A request's id and its extended id are one here. */
const idHeaders = (requestId: string): Record<string, string> => ({
  "x-amzn-RequestId": requestId,
  "x-amz-apigw-id": requestId,
});

const upgradeHeaders = { Upgrade: "websocket", "Sec-WebSocket-Version": "13" };

/** The gateway refuses. @param body JSON */
export const errorResponse = (
  error: GatewayError,
  requestId: string,
  body = `{"message":${error.messageString}}`,
): Response =>
  new Response(body, {
    status: error.status,
    headers: {
      ...idHeaders(requestId),
      ...(error.status === 426 ? upgradeHeaders : {}),
      "x-amzn-ErrorType": error.errorType,
      "Content-Type": "application/json",
    },
  });

/** The integration of $connect refuses: the status that it has answered is what the client sees. */
export function integrationRefusal({ statusCode, body = "" }: RouteAnswer, requestId: string): Response {
  const status = statusCode >= 300 && statusCode <= 599 ? statusCode : 502;
  return new Response(isBodyless(status) ? null : body, { status, headers: idHeaders(requestId) });
}
