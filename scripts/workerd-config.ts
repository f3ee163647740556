/**
 * The configuration that `workerd serve` runs the bundle with: the same bindings as wrangler.toml, with KV
 * (workerd's own, on disk) and Durable Objects kept below `stateDir`.
 */
import { readFileSync } from "node:fs";

export interface WorkerdOptions {
  host: string;
  /** 0 lets the system choose. */
  port: number;
  /** Absolute path. */
  stateDir: string;
  /** Absolute path of the bundle. */
  bundlePath: string;
  /** Names of the environment variables that the Worker sees. */
  variables: string[];
}

/** A Cap'n Proto text literal: JSON's but for control characters, whose escapes are `\\x07`, not `\\u0007`. */
const text = (value: string) =>
  JSON.stringify(value).replace(/\\(?:u00([0-9a-f]{2})|.)/g, (escaped, hex?: string) =>
    hex ? `\\x${hex}` : escaped,
  );

/** @returns the text of a Cap'n Proto configuration. Secrets are not in it: it names environment variables. */
export function workerdConfig(options: WorkerdOptions): string {
  const variables = options.variables.map(
    (name) => `( name = ${text(name)}, fromEnvironment = ${text(name)} )`,
  );
  return `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    ( name = "sallyport", worker = .sallyport ),
    ( name = "kv", worker = .kv ),
    ( name = "objects", disk = ( path = ${text(`${options.stateDir}/objects`)}, writable = true ) ),
    ( name = "kv-objects", disk = ( path = ${text(`${options.stateDir}/kv`)}, writable = true ) ),
    ( name = "kv-blobs", disk = ( path = ${text(`${options.stateDir}/kv-blobs`)}, writable = true ) ),
    ( name = "internet", network = ( allow = ["public", "private"], tlsOptions = ( trustBrowserCas = true ) ) ),
  ],
  sockets = [ ( name = "http", address = ${text(`${options.host}:${options.port}`)}, http = (), service = "sallyport" ) ],
);

const sallyport :Workerd.Worker = (
  modules = [ ( name = "worker.js", esModule = ${text(readFileSync(options.bundlePath, "utf8"))} ) ],
  compatibilityDate = "2026-11-01",
  durableObjectNamespaces = [ ( className = "Account", uniqueKey = "sallyport-account", enableSql = true ) ],
  durableObjectStorage = ( localDisk = "objects" ),
  bindings = [
    ( name = "DEFINITIONS", kvNamespace = ( name = "kv", props = ( json = "{\\"namespace\\": \\"definitions\\"}" ) ) ),
    ( name = "ACCOUNT", durableObjectNamespace = "Account" ),
    ( name = "LOADER", workerLoader = () ),
    ${variables.join(",\n    ")}
  ],
);

const kv :Workerd.Worker = (
  modules = [ ( name = "kv.js", bundled = "/workerd/kv.js" ) ],
  compatibilityDate = "2026-11-01",
  durableObjectNamespaces = [ ( className = "KVNamespace", uniqueKey = "sallyport-kv", enableSql = true ) ],
  durableObjectStorage = ( localDisk = "kv-objects" ),
  bindings = [
    ( name = "SHARD", durableObjectNamespace = "KVNamespace" ),
    ( name = "BLOBS", service = "kv-blobs" ),
  ],
);
`;
}
