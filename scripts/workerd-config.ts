/**
 * The configurations that `workerd serve` runs: the gateway with the same bindings as wrangler.toml, KV (workerd's own,
 * on disk) and Durable Objects kept below `stateDir`; and the function host.
 */
import { readFileSync } from "node:fs";
import type { VpcService } from "./vpc-services.ts";

export interface GatewayOptions {
  host: string;
  /** 0 lets the system choose. */
  port: number;
  /** Absolute path. */
  stateDir: string;
  /** Absolute path of the bundle. */
  bundlePath: string;
  /** Absolute path of the function host's socket. */
  functionsSocket: string;
  /** Absolute path of the TLS egress's socket. */
  egressSocket: string;
  /** Absolute path of the socket over which the start script speaks with the gateway (src/control.ts). */
  controlSocket: string;
  /** PEM, of authorities that are trusted besides those that browsers trust. */
  caCertificates: readonly string[];
  /** Names of the environment variables that the Worker sees. */
  variables: readonly string[];
  vpcServices: readonly VpcService[];
  /** Whether clients of WebSocket APIs that offer to compress may do so. */
  webSocketCompression: boolean;
}

/** Classes of src/durable-objects, and the bindings of wrangler.toml that lead to them. */
const durableObjects = [
  ["Account", "ACCOUNT"],
  ["Throttle", "THROTTLE"],
  ["Quota", "QUOTA"],
  ["Counters", "COUNTERS"],
  ["Connections", "CONNECTIONS"],
] as const;

export const compatibilityDate = "2026-11-01";

/** A Cap'n Proto text literal: JSON's but for control characters, whose escapes are `\\x07`, not `\\u0007`. */
const text = (value: string) =>
  JSON.stringify(value).replace(/\\(?:u00([0-9a-f]{2})|.)/g, (escaped, hex?: string) =>
    hex ? `\\x${hex}` : escaped,
  );

const address = (host: string, port: number) =>
  text(host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`);

const tlsOptions = (caCertificates: readonly string[]) =>
  `( trustBrowserCas = true, trustedCertificates = [${caCertificates.map(text).join(", ")}] )`;

const internet = (caCertificates: readonly string[]) =>
  `( name = "internet", network = ( allow = ["public", "private"], tlsOptions = ${tlsOptions(caCertificates)} ) )`;

const externalServer = ({ address, certificateHost }: VpcService, { caCertificates }: GatewayOptions) =>
  certificateHost === undefined
    ? `( address = ${text(address)}, http = () )`
    : `( address = ${text(address)}, https = ( options = (), certificateHost = ${text(certificateHost)}, tlsOptions = ${tlsOptions(caCertificates)} ) )`;

/** @returns the text of a Cap'n Proto configuration. Secrets are not in it: it names environment variables. */
export function gatewayConfig(options: GatewayOptions): string {
  const { stateDir } = options;
  const variables = options.variables.map(
    (name) => `( name = ${text(name)}, fromEnvironment = ${text(name)} )`,
  );
  const vpcServices = options.vpcServices.map(
    (service) => `( name = ${text(service.name)}, external = ${externalServer(service, options)} ),`,
  );
  const vpcBindings = options.vpcServices.map(
    ({ name }) => `( name = ${text(name)}, service = ${text(name)} ),`,
  );
  return `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  # src/durable-objects/kept-sockets.ts calls it. Functions run in another process.
  v8Flags = [ "--expose-gc" ],
  services = [
    ( name = "sallyport", worker = .sallyport ),
    ( name = "kv", worker = .kv ),
    ( name = "functions", external = ( address = ${text(`unix:${options.functionsSocket}`)}, http = () ) ),
    ( name = "egress", external = ( address = ${text(`unix:${options.egressSocket}`)}, http = () ) ),
    ${vpcServices.join("\n    ")}
    ( name = "objects", disk = ( path = ${text(`${stateDir}/objects`)}, writable = true ) ),
    ( name = "kv-objects", disk = ( path = ${text(`${stateDir}/kv`)}, writable = true ) ),
    ( name = "kv-blobs", disk = ( path = ${text(`${stateDir}/kv-blobs`)}, writable = true ) ),
    ${internet(options.caCertificates)},
  ],
  sockets = [
    ( name = "http", address = ${address(options.host, options.port)}, http = (), service = "sallyport" ),
    ( name = "control", address = ${text(`unix:${options.controlSocket}`)}, http = (), service = ( name = "sallyport", entrypoint = "Control" ) ),
  ],
);

const sallyport :Workerd.Worker = (
  modules = [ ( name = "worker.js", esModule = ${text(readFileSync(options.bundlePath, "utf8"))} ) ],
  compatibilityDate = "${compatibilityDate}",
  compatibilityFlags = [${options.webSocketCompression ? "" : '"no_web_socket_compression"'}],
  durableObjectNamespaces = [
    ${durableObjects.map(([name]) => `( className = "${name}", uniqueKey = "sallyport-${name.toLowerCase()}", enableSql = true ),`).join("\n    ")}
  ],
  durableObjectStorage = ( localDisk = "objects" ),
  bindings = [
    ( name = "DEFINITIONS", kvNamespace = ( name = "kv", props = ( json = "{\\"namespace\\": \\"definitions\\"}" ) ) ),
    ${durableObjects.map(([name, binding]) => `( name = "${binding}", durableObjectNamespace = "${name}" ),`).join("\n    ")}
    ( name = "FUNCTIONS", service = "functions" ),
    ( name = "FUNCTION_CHANNELS", service = ( name = "sallyport", entrypoint = "FunctionChannels" ) ),
    ( name = "EGRESS", service = "egress" ),
    ${vpcBindings.join("\n    ")}
    ${variables.join(",\n    ")}
  ],
);

const kv :Workerd.Worker = (
  modules = [ ( name = "kv.js", bundled = "/workerd/kv.js" ) ],
  compatibilityDate = "${compatibilityDate}",
  durableObjectNamespaces = [ ( className = "KVNamespace", uniqueKey = "sallyport-kv", enableSql = true ) ],
  durableObjectStorage = ( localDisk = "kv-objects" ),
  bindings = [
    ( name = "SHARD", durableObjectNamespace = "KVNamespace" ),
    ( name = "BLOBS", service = "kv-blobs" ),
  ],
);
`;
}

/**
 * Megabytes of an isolate's heap. V8 takes a quarter of the machine's memory otherwise, up to 4 GB, and lets large garbage
 * lie until half of that is full; a function that needs more ends the host, as Lambda ends it.
 */
const functionHeap = 512;

/**
 * @param socketPath where it listens
 * @param bundlePath of the function host
 * @param caCertificates PEM, as for the gateway: functions trust whom it trusts
 */
export function functionHostConfig(
  socketPath: string,
  bundlePath: string,
  caCertificates: readonly string[],
): string {
  return `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  v8Flags = [ "--max-old-space-size=${functionHeap}" ],
  services = [
    ( name = "functions", worker = .functions ),
    ${internet(caCertificates)},
  ],
  sockets = [ ( name = "unix", address = ${text(`unix:${socketPath}`)}, http = (), service = "functions" ) ],
);

const functions :Workerd.Worker = (
  modules = [ ( name = "function-host.js", esModule = ${text(readFileSync(bundlePath, "utf8"))} ) ],
  compatibilityDate = "${compatibilityDate}",
  bindings = [ ( name = "LOADER", workerLoader = () ) ],
);
`;
}
