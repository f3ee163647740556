/** `npm start`: builds the Worker and serves it from workerd, with its state on this machine's disk. */
import { writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { buildWorker, bundlePath } from "./build.ts";
import { FunctionHost } from "./function-host.ts";
import { loadExample } from "./load-example.ts";
import type { RootCredential } from "./root-credential.ts";
import { readSettings, type StartSettings } from "./start-settings.ts";
import { StateDir } from "./state-dir.ts";
import { TlsEgress } from "./tls-egress.ts";
import { run } from "./user-error.ts";
import { vpcServices } from "./vpc-services.ts";
import { drainTime, requireFreePort, Workerd } from "./workerd.ts";
import { gatewayConfig } from "./workerd-config.ts";

/** What the Worker sees of the environment. */
const variables = [
  "AWS_REGION",
  "AWS_ACCOUNT_ID",
  "EXECUTE_DOMAIN",
  "FUNCTION_FETCH",
  "ACCOUNT_RATE_LIMIT",
  "ACCOUNT_BURST_LIMIT",
  "ACCOUNT_CONNECT_LIMIT",
  "LIMITS_ON_FAILURE",
  "WEBSOCKET_IDLE_TIMEOUT",
  "WEBSOCKET_MAX_DURATION",
  "ROOT_ACCESS_KEY_ID",
  "ROOT_SECRET_ACCESS_KEY",
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AWS_ENDPOINT_URL",
  "VPC_LINK_TARGETS",
  ...Object.keys(process.env).filter((name) => /^AWS_ENDPOINT_URL_[A-Z0-9_]+$/.test(name)),
];

await run(async () => {
  const settings = readSettings(process.env);
  await requireFreePort(settings.host, settings.port);
  const state = new StateDir(settings.stateDir);
  const isNew = state.isNew;
  const credential = settings.rootCredential ?? state.rootCredential();
  await buildWorker();

  const functionHost = new FunctionHost(settings.caCertificates, (pid) =>
    state.holdWith([gateway.pid, pid], functionHost.folder),
  );
  const vpc = vpcServices(settings.vpcLinkTargets);
  setDefaultCACertificates([...getCACertificates("default"), ...settings.caCertificates]);
  const vpcOrigins = new Map(vpc.services.map(({ name, origin }) => [name, origin]));
  const egress = new TlsEgress(functionHost.folder, vpcOrigins);
  const controlSocket = join(functionHost.folder, "control.sock");
  const configPath = join(settings.stateDir, "workerd.capnp");
  writeFileSync(
    configPath,
    gatewayConfig({
      ...settings,
      bundlePath,
      functionsSocket: functionHost.socketPath,
      egressSocket: egress.socketPath,
      controlSocket,
      variables,
      vpcServices: vpc.services,
    }),
  );
  const gateway = new Workerd(configPath, {
    ...process.env,
    AWS_REGION: settings.region,
    AWS_ACCOUNT_ID: settings.accountId,
    WEBSOCKET_IDLE_TIMEOUT: String(settings.webSocketIdleTimeout),
    WEBSOCKET_MAX_DURATION: String(settings.webSocketMaxDuration),
    VPC_LINK_TARGETS: vpc.setting,
    ROOT_ACCESS_KEY_ID: credential.accessKeyId,
    ROOT_SECRET_ACCESS_KEY: credential.secretAccessKey,
  });
  state.holdWith([gateway.pid, functionHost.pid], functionHost.folder);
  stopOnSignals(gateway, controlSocket, functionHost, egress, state);

  const [port] = await Promise.all([gateway.listening, functionHost.listening]);
  const origin = `http://${settings.host.includes(":") ? `[${settings.host}]` : settings.host}:${port}`;
  const example = await exampleOf(state, isNew, { origin, credential, settings });
  console.log(`Sallyport ready on ${origin}\n${welcome(origin, credential, settings, example)}`);
});

/** The second signal of one Ctrl-C, which npm passes on as well, is not a second Ctrl-C. */
const impatient = 2_000;

function stopOnSignals(
  gateway: Workerd,
  controlSocket: string,
  functionHost: FunctionHost,
  egress: TlsEgress,
  state: StateDir,
): void {
  let stoppingSince: number | undefined;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, async () => {
      if (stoppingSince !== undefined) {
        if (Date.now() - stoppingSince > impatient) gateway.kill();
        return;
      }
      stoppingSince = Date.now();
      console.log("Stopping: requests in flight are finished first. Press Ctrl-C again to end at once.");
      await closeConnections(controlSocket);
      await gateway.drain();
      egress.stop();
      await functionHost.stop();
      state.release();
      process.exit(0);
    });
  }
  gateway.ended.then((code) => {
    if (stoppingSince !== undefined) return;
    functionHost.kill();
    state.release();
    console.error(`workerd ended unexpectedly${code === null ? "" : ` with ${code}`}.`);
    process.exit(1);
  });
}

/** WebSocket connections would keep workerd from ending. What functions have not heard in time they hear after the next start. */
function closeConnections(socketPath: string): Promise<void> {
  return new Promise((resolve) => {
    const options = { socketPath, path: "/drain", method: "POST", timeout: drainTime };
    const asking = request(options, (response) => response.resume().on("end", resolve).on("error", resolve));
    asking.on("timeout", () => asking.destroy());
    asking.on("error", resolve);
    asking.on("close", resolve);
    asking.end();
  });
}

interface ExampleContext {
  origin: string;
  credential: RootCredential;
  settings: StartSettings;
}

/** Address of the PetStore, which is loaded into an empty state; undefined without it. */
async function exampleOf(
  state: StateDir,
  isNew: boolean,
  { origin, credential, settings }: ExampleContext,
): Promise<string | undefined> {
  const loaded = state.example;
  if (loaded?.path) return origin + loaded.path;
  // What an interrupted start has begun is taken up again.
  if (!settings.loadsExample || (!isNew && !loaded)) return undefined;
  console.log("First start: loading the PetStore example …");
  state.example = { path: null };
  try {
    const { region, accountId } = settings;
    const { url } = await loadExample("petstore", { origin, credentials: credential, region, accountId });
    state.example = { path: url.slice(origin.length) };
    return url;
  } catch (error) {
    console.error(`The example could not be loaded, and will be tried again at the next start: ${error}`);
    return undefined;
  }
}

function welcome(
  origin: string,
  credential: RootCredential,
  { region, rootCredential }: StartSettings,
  example: string | undefined,
): string {
  const lines = [""];
  if (example) lines.push("Try the PetStore:", `  curl ${example}/pets`, "");
  lines.push("Manage your APIs with the AWS CLI or any AWS SDK:");
  if (!rootCredential) {
    lines.push(
      `  export AWS_ACCESS_KEY_ID=${credential.accessKeyId}`,
      `  export AWS_SECRET_ACCESS_KEY=${credential.secretAccessKey}`,
    );
  }
  lines.push(
    `  export AWS_DEFAULT_REGION=${region}`,
    `  export AWS_ENDPOINT_URL=${origin}`,
    "  aws apigateway get-rest-apis",
    "",
  );
  return lines.join("\n");
}
