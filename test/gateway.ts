/** Starts a gateway as a user does (scripts/start.ts), on a free port with a state of its own. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const credentials = {
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
};

/** The same in the environment: of a client, or as the outbound credentials of a gateway. */
export const credentialVariables = {
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
};

export interface Gateway {
  origin: string;
  stateDir: string;
  /** The start script's process. */
  pid: number;
  /** Everything that it printed so far. */
  output(): string;
  /** Ends it as Ctrl-C does, or as a crash does, and waits; removes the state unless `keepState`. */
  stop(options?: { signal?: NodeJS.Signals; keepState?: boolean }): Promise<number | null>;
}

/** A crash of the machine takes the processes behind the start script as well. */
async function killWorkerd(stateDir: string): Promise<void> {
  const { workerd } = JSON.parse(await readFile(join(stateDir, "holder.json"), "utf8"));
  for (const pid of workerd) process.kill(pid, "SIGKILL");
}

/** Without the credentials and endpoints of whoever runs the tests: they are settings of the gateway as well. */
const ownEnvironment = () =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("AWS_")));

/** @param options.env more settings; @param options.stateDir a state to go on with */
export async function startGateway(
  options: { env?: Record<string, string>; stateDir?: string } = {},
): Promise<Gateway> {
  const stateDir = options.stateDir ?? (await mkdtemp(join(tmpdir(), "sallyport-test-")));
  const child = spawn(process.execPath, [join(import.meta.dirname, "../scripts/start.ts")], {
    env: {
      ...ownEnvironment(),
      PORT: "0",
      STATE_DIR: stateDir,
      EXAMPLE: "0",
      ROOT_ACCESS_KEY_ID: credentials.accessKeyId,
      ROOT_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      // Tests share a gateway, and open more connections at once than its account might have left.
      ACCOUNT_CONNECT_LIMIT: "0",
      ...options.env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const exited = once(child, "exit") as Promise<[number | null]>;
  const origin = await new Promise<string>((resolve, reject) => {
    const read = (data: Buffer) => {
      output += data.toString();
      const ready = /^Sallyport ready on (\S+)/m.exec(output);
      if (ready?.[1]) resolve(ready[1]);
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    exited.then(([code]) =>
      reject(new Error(`the gateway ended with ${code} before it was ready:\n${output}`)),
    );
  });
  return {
    origin,
    stateDir,
    pid: child.pid as number,
    output: () => output,
    async stop({ signal = "SIGTERM", keepState = false } = {}) {
      if (signal === "SIGKILL") await killWorkerd(stateDir);
      child.kill(signal);
      const [code] = await exited;
      if (!keepState) await rm(stateDir, { recursive: true, force: true });
      return code;
    },
  };
}
