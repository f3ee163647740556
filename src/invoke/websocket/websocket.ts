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
  return connect(request, located, stage, scope);
}
