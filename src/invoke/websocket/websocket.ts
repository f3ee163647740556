/** A request to a WebSocket API: an upgrade, a call of `@connections`, or neither. */
import { type Env, settingsOf } from "../../settings.ts";
import type { Located } from "../locate.ts";
import { forbidden } from "../rest/gateway-response.ts";
import type { CompiledWebSocketStage } from "./compiled-websocket-api.ts";
import { connect } from "./connect.ts";
import { connectionsApi } from "./connections-api.ts";

const connectionsPath = /^\/(?:@|%40)connections\//;

export async function webSocket(
  request: Request,
  env: Env,
  waitUntil: (work: Promise<unknown>) => void,
  located: Located,
  stage: CompiledWebSocketStage,
): Promise<Response> {
  const scope = { env, settings: settingsOf(env), waitUntil };
  if (connectionsPath.test(located.path)) return connectionsApi(request, located, scope);
  if (located.path !== "" && located.path !== "/") return forbidden();
  if (!isOpening(request)) return upgradeRequired();
  return connect(request, located, stage, scope);
}

/** A version that the runtime would refuse is refused before `$connect` is asked (RFC 6455, 4.2.2). */
function isOpening({ method, headers }: Request): boolean {
  const version = headers.get("sec-websocket-version") ?? "13";
  return method === "GET" && headers.get("upgrade")?.toLowerCase() === "websocket" && version === "13";
}

const upgradeRequired = (): Response =>
  new Response('{"message":"Upgrade Required"}', {
    status: 426,
    headers: { Upgrade: "websocket", "Sec-WebSocket-Version": "13", "Content-Type": "application/json" },
  });
