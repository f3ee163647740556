/**
 * `$context` of what happens on a connection. The order of its members and the form of its ids are those of events that
 * users have published; they have no page in the guide but websocket-api-mapping-template-reference's list of names.
 */
import { requestTime } from "../integrations/lambda-proxy-event.ts";
import { extendedRequestId } from "../rest/request-ids.ts";
import type { Closing, ConnectionRecord } from "./connection-record.ts";
import type { EventType } from "./route-event.ts";

export interface EventContext extends Readonly<Record<string, unknown>> {
  readonly requestId: string;
  readonly connectionId: string;
}

export interface EventOccasion {
  eventType: EventType;
  routeKey: string;
  record: ConnectionRecord;
  /** Of a DISCONNECT. */
  closing?: Closing;
  /** Unix time, milliseconds. */
  now: number;
  /** One that the event has already. */
  requestId?: string;
}

/** @returns members in the order in which functions see them; a request's id and its extended id are one here */
export function eventContext({
  eventType,
  routeKey,
  record,
  closing,
  now,
  requestId = extendedRequestId(),
}: EventOccasion): EventContext {
  return {
    routeKey,
    ...(closing ? { disconnectStatusCode: closing.code } : {}),
    ...(record.authorizer ? { authorizer: record.authorizer } : {}),
    ...(eventType === "MESSAGE" ? { messageId: extendedRequestId() } : {}),
    eventType,
    extendedRequestId: requestId,
    requestTime: requestTime(now),
    messageDirection: "IN",
    ...(closing ? { disconnectReason: closing.reason } : {}),
    stage: record.stageName,
    connectedAt: record.connectedAt,
    requestTimeEpoch: now,
    identity: {
      ...record.identity,
      ...(record.apiKey ? { apiKey: record.apiKey.value, apiKeyId: record.apiKey.keyId } : {}),
      ...(record.userAgent === null ? {} : { userAgent: record.userAgent }),
      sourceIp: record.sourceIp,
    },
    requestId,
    domainName: record.domainName,
    connectionId: record.connectionId,
    apiId: record.apiId,
  };
}
