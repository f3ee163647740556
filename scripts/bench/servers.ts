/** The processes of the bench: the gateway with the bare worker in one workerd, its function host, and a backend. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { buildWorker, bundlePath } from "../build.ts";
import { FunctionHost } from "../function-host.ts";
import { StateDir } from "../state-dir.ts";
import { Workerd } from "../workerd.ts";
import { compatibilityDate, gatewayConfig } from "../workerd-config.ts";

export const credentials = { accessKeyId: "AKIABENCHBENCHBENCH1", secretAccessKey: "bench-secret" };
export const region = "us-east-1";
export const accountId = "000000000000";

export interface Servers {
  gateway: string;
  bare: string;
  backend: string;
  /** Bytes that the gateway's process holds. */
  memory(): number;
  /** Microseconds that the gateway's process and its function host's have computed. */
  computed(): number;
  /** Ends the gateway and starts it again on the same state. @returns milliseconds from its start until it listens */
  restart(): Promise<number>;
  stop(): Promise<void>;
}

export async function startServers({ webSocketCompression = false } = {}): Promise<Servers> {
  const folder = mkdtempSync(join(tmpdir(), "sallyport-bench-"));
  const state = new StateDir(join(folder, "state"));
  await buildWorker();
  const [bare, backend] = await Promise.all([bundle("bare-worker.ts", folder), bundle("backend.ts", folder)]);
  const [gatewayPort, barePort, backendPort] = [await freePort(), await freePort(), await freePort()];
  const backendConfig = join(folder, "backend.capnp");
  writeFileSync(backendConfig, workerConfig(readFileSync(backend, "utf8"), backendPort));
  const backendServer = new Workerd(backendConfig, process.env);
  const backendUrl = `http://127.0.0.1:${backendPort}/`;
  const functionHost = new FunctionHost([], () => undefined);
  await Promise.all([backendServer.listening, functionHost.listening]);

  const controlSocket = join(functionHost.folder, "control.sock");
  const config = gatewayConfig({
    host: "127.0.0.1",
    port: gatewayPort,
    stateDir: state.path,
    bundlePath,
    functionsSocket: functionHost.socketPath,
    // Nothing here asks for TLS, so nobody listens there.
    egressSocket: join(functionHost.folder, "tls-egress.sock"),
    controlSocket,
    caCertificates: [],
    variables: [
      "AWS_REGION",
      "AWS_ACCOUNT_ID",
      "ROOT_ACCESS_KEY_ID",
      "ROOT_SECRET_ACCESS_KEY",
      "ACCOUNT_RATE_LIMIT",
      "ACCOUNT_BURST_LIMIT",
      "ACCOUNT_CONNECT_LIMIT",
    ],
    vpcServices: [],
    webSocketCompression,
  });
  const configPath = join(folder, "gateway.capnp");
  const bareObjects = join(folder, "bare-objects");
  mkdirSync(bareObjects);
  writeFileSync(
    configPath,
    withBareWorker(config, readFileSync(bare, "utf8"), barePort, backendUrl, bareObjects),
  );
  const env = {
    ...process.env,
    AWS_REGION: region,
    AWS_ACCOUNT_ID: accountId,
    ROOT_ACCESS_KEY_ID: credentials.accessKeyId,
    ROOT_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    // More is measured than an account may have at AWS; requests are counted all the same.
    ACCOUNT_RATE_LIMIT: "1000000",
    ACCOUNT_BURST_LIMIT: "1000000",
    ACCOUNT_CONNECT_LIMIT: "0",
  };
  let gateway = new Workerd(configPath, env);
  await gateway.listening;
  return {
    gateway: `http://127.0.0.1:${gatewayPort}`,
    bare: `http://127.0.0.1:${barePort}`,
    backend: backendUrl,
    memory: () =>
      Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${gateway.pid}/status`, "utf8"))?.[1]) * 1024,
    computed: () => computedBy(gateway.pid) + computedBy(functionHost.pid),
    async restart() {
      await gateway.drain();
      rmSync(controlSocket, { force: true });
      const started = performance.now();
      gateway = new Workerd(configPath, env);
      await gateway.listening;
      return performance.now() - started;
    },
    async stop() {
      await gateway.drain();
      await Promise.all([backendServer.drain(), functionHost.stop()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function bundle(name: string, folder: string): Promise<string> {
  const outfile = join(folder, name.replace(".ts", ".js"));
  await build({
    entryPoints: [join(import.meta.dirname, name)],
    outfile,
    bundle: true,
    format: "esm",
    target: "es2024",
    minifySyntax: true,
    external: ["cloudflare:*"],
    logLevel: "warning",
  });
  return outfile;
}

function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

const module = (source: string) =>
  `modules = [ ( name = "worker.js", esModule = ${JSON.stringify(source)} ) ], compatibilityDate = "${compatibilityDate}"`;

const workerConfig = (source: string, port: number) => `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [ ( name = "worker", worker = .worker ) ],
  sockets = [ ( name = "http", address = "127.0.0.1:${port}", http = (), service = "worker" ) ],
);
const worker :Workerd.Worker = ( ${module(source)} );
`;

/** Microseconds, to ten thousand: user and system time, in hundredths of a second (proc_pid_stat(5)). */
function computedBy(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

/** The same process serves both, so that each round finds the same machine. */
const withBareWorker = (config: string, source: string, port: number, backendUrl: string, objects: string) =>
  `${config
    .replace(
      "services = [",
      `services = [
    ( name = "bare", worker = .bare ),
    ( name = "bare-objects", disk = ( path = ${JSON.stringify(objects)}, writable = true ) ),`,
    )
    .replace(
      "sockets = [",
      `sockets = [ ( name = "bare", address = "127.0.0.1:${port}", http = (), service = "bare" ),`,
    )}
const bare :Workerd.Worker = (
  ${module(source)},
  durableObjectNamespaces = [
    ( className = "EchoSockets", uniqueKey = "bare-echo", enableSql = true ),
    ( className = "FunctionSockets", uniqueKey = "bare-function", enableSql = true ),
  ],
  durableObjectStorage = ( localDisk = "bare-objects" ),
  bindings = [
    ( name = "BACKEND_URL", text = ${JSON.stringify(backendUrl)} ),
    ( name = "LOADER", workerLoader = () ),
    ( name = "ECHO", durableObjectNamespace = "EchoSockets" ),
    ( name = "FUNCTION", durableObjectNamespace = "FunctionSockets" ),
  ],
);
`;
