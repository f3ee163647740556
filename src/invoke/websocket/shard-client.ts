/** How the Worker speaks with shards. */
import { asciiJson } from "../../ascii-json.ts";
import type { Env } from "../../settings.ts";
import type { ConnectionRecord } from "./connection-record.ts";
import { type Shard, ShardChooser, type ShardLoad, shardName } from "./shards.ts";

const choosers = new WeakMap<Env, ShardChooser>();

/** One for an isolate: what it has heard of shards outlives a request. */
function chooserOf(env: Env): ShardChooser {
  let chooser = choosers.get(env);
  if (!chooser) {
    chooser = new ShardChooser((shard) => shardOf(env, shard).load() as Promise<ShardLoad>);
    choosers.set(env, chooser);
  }
  return chooser;
}

export const shardOf = (env: Env, shard: Shard) =>
  env.CONNECTIONS.get(env.CONNECTIONS.idFromName(shardName(shard)));

/** @param place of the client @throws GatewayError 503 */
export const chooseShard = (env: Env, place: string): Promise<Shard> => chooserOf(env).choose(place);

/** Header of the request by which a shard is given a connection; its JSON has no character beyond ASCII. */
export const recordHeader = "x-connection";
/** There when the connection's `$disconnect` must be run, whatever happens to the shard. */
export const owedHeader = "x-disconnect-owed";
/** Header of its answer. */
export const loadHeader = "x-load";

/**
 * @param isOwed whether the connection is owed a `$disconnect`
 * @returns the client's end of the connection; undefined when the shard is full
 */
export async function acceptSocket(
  env: Env,
  shard: Shard,
  record: ConnectionRecord,
  isOwed: boolean,
): Promise<WebSocket | undefined> {
  const json = asciiJson(JSON.stringify(record));
  const response = await shardOf(env, shard).fetch("http://shard/", {
    headers: { Upgrade: "websocket", [recordHeader]: json, ...(isOwed ? { [owedHeader]: "1" } : {}) },
  });
  const load = response.headers.get(loadHeader);
  if (load !== null) chooserOf(env).heard(shard, JSON.parse(load) as ShardLoad);
  if (response.status !== 101) {
    await response.body?.cancel();
    return undefined;
  }
  return response.webSocket ?? undefined;
}
