/**
 * `@connections`: what a backend does with a connection by its id. Sources: the guide's
 * apigateway-how-to-call-websocket-api-connections; the API reference of the API Gateway Management API.
 */

import { readBounded } from "../../bounded-body.ts";
import type { Located } from "../locate.ts";
import { GatewayError } from "../rest/gateway-error.ts";
import { admitCallback } from "./admission.ts";
import { isConnectionId, shardOfConnection } from "./connection-id.ts";
import { gatewayErrorOf } from "./error-text.ts";
import { largestMessage } from "./frames.ts";
import { authorizeManagement } from "./management-access.ts";
import type { EventScope } from "./messages.ts";
import { shardOf } from "./shard-client.ts";

/** Octets of a request that are read for its signature's sake: what is larger is too large anyway. */
const largestBody = 1_048_576;

/** @param located whose path begins with `/@connections/` */
export async function connectionsApi(
  request: Request,
  located: Located,
  scope: EventScope,
): Promise<Response> {
  const requestId = crypto.randomUUID();
  let answer: Response;
  try {
    answer = await authorizedAnswer(request, located, scope);
  } catch (error) {
    answer = errorResponse(gatewayErrorOf(error, { requestId }));
  }
  answer.headers.set("x-amzn-RequestId", requestId);
  return answer;
}

async function authorizedAnswer(request: Request, located: Located, scope: EventScope): Promise<Response> {
  let body: Promise<Uint8Array> | undefined;
  const payload = () => {
    body ??= readPayload(request);
    return body;
  };
  const { apiId, stageName, path } = located;
  const connectionId = connectionIdIn(path) ?? "";
  await authorizeManagement(request, payload, { apiId, stageName, connectionId }, scope.settings);
  await admitCallback({ ...scope, located }, scope.settings);
  return carryOut(request.method, payload, located, scope);
}

async function readPayload(request: Request): Promise<Uint8Array> {
  const declared = request.headers.get("content-length");
  if (Number(declared) > largestBody) throw payloadTooLarge();
  // A body of declared length is read in one piece.
  const octets = declared === null ? readBounded(request.body, largestBody) : request.bytes();
  const body = await octets.catch(() => {
    throw new GatewayError("DEFAULT_4XX", "Bad Request");
  });
  if (!body) throw payloadTooLarge();
  return body;
}

async function carryOut(
  method: string,
  payload: () => Promise<Uint8Array>,
  located: Located,
  { env }: EventScope,
): Promise<Response> {
  const id = connectionIdIn(located.path);
  if (id === undefined) throw missingAuthenticationToken();
  if (!isConnectionId(id)) {
    throw new GatewayError("DEFAULT_4XX", `Invalid connectionId: ${id}`);
  }
  if (method !== "GET" && method !== "POST" && method !== "DELETE") throw missingAuthenticationToken();
  const data = method === "POST" ? await payload() : undefined;
  if (data && data.byteLength > largestMessage) throw payloadTooLarge();
  const place = { apiId: located.apiId, stageName: located.stageName };
  const shard = shardOfConnection(id, place);
  if (!shard) throw gone();
  const connections = shardOf(env, shard);
  switch (method) {
    case "GET": {
      const state = await connections.describe(id, place);
      if (!state) throw gone();
      return Response.json(state);
    }
    case "DELETE":
      if (!(await connections.disconnect(id, place))) throw gone();
      return new Response(null, { status: 204 });
    default: {
      const outcome = await connections.post(id, place, messageOf(data as Uint8Array));
      if (outcome === "gone") throw gone();
      if (outcome === "full") throw bufferFull();
      return new Response(null, { status: 200 });
    }
  }
}

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Text; what is no UTF-8 goes out as a binary frame. */
function messageOf(data: Uint8Array): string | Uint8Array {
  try {
    return strictUtf8.decode(data);
  } catch {
    return data;
  }
}

/** What follows `/@connections/`, without its percent-encoding; undefined when it is more than one segment. */
function connectionIdIn(path: string): string | undefined {
  const encoded = path.slice(path.indexOf("/", 1) + 1);
  if (encoded === "" || encoded.includes("/")) return undefined;
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}

const missingAuthenticationToken = () =>
  new GatewayError("MISSING_AUTHENTICATION_TOKEN", "Missing Authentication Token");

/** AWS sends no text: its SDKs show `GoneException: UnknownError`, or 410. */
const gone = () => new GatewayError("DEFAULT_4XX", "", 410).named("GoneException");

const payloadTooLarge = () =>
  new GatewayError("DEFAULT_4XX", "Message too long", 413).named("PayloadTooLargeException");

/** The API reference's LimitExceededException is for a client's buffer that is full, too. */
const bufferFull = () =>
  new GatewayError("THROTTLED", "Client buffer is full").named("LimitExceededException");

function errorResponse({ status, errorType, message }: GatewayError): Response {
  return Response.json(message === "" ? {} : { message }, {
    status,
    headers: { "x-amzn-ErrorType": errorType },
  });
}
