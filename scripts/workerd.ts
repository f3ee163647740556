/** A workerd process, from its configuration to its end. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { UserError } from "./user-error.ts";
import { withoutNoise } from "./workerd-log.ts";

const binary = join(import.meta.dirname, "../node_modules/.bin/workerd");
/** Milliseconds that requests in flight get to finish: longer than any integration's timeout. */
export const drainTime = 35_000;

export class Workerd {
  readonly #process: ChildProcess;
  /** Resolves with the port once the socket listens; 0 for a socket without one. */
  readonly listening: Promise<number>;
  /** Resolves with the exit code, null after a signal. */
  readonly ended: Promise<number | null>;

  /** @param configPath of a Cap'n Proto configuration @param env the variables that it names */
  constructor(configPath: string, env: NodeJS.ProcessEnv) {
    // A group of its own: Ctrl-C in a terminal reaches the start script alone, which lets requests finish.
    this.#process = spawn(binary, ["serve", "--experimental", "--control-fd=3", configPath], {
      stdio: ["ignore", "inherit", "pipe", "pipe"],
      detached: true,
      env,
    });
    this.#process.stderr?.pipe(withoutNoise()).pipe(process.stderr, { end: false });
    // Not "exit": by then, what it wrote last may not have been read.
    this.ended = once(this.#process, "close").then(([code]) => code as number | null);
    this.listening = new Promise((resolve, reject) => {
      let text = "";
      this.#process.stdio[3]?.on("data", (data: Buffer) => {
        text += data.toString();
        for (const line of text.split("\n").slice(0, -1)) {
          const message = JSON.parse(line);
          if (message.event === "listen" && message.socket !== "control") resolve(message.port ?? 0);
        }
        text = text.slice(text.lastIndexOf("\n") + 1);
      });
      this.ended.then((code) => reject(new UserError(`workerd ended with ${code} before it was ready.`)));
    });
    this.listening.catch(() => undefined);
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** Lets requests in flight finish and ends the process. */
  async drain(): Promise<void> {
    const timer = setTimeout(() => this.kill(), drainTime);
    this.#process.kill("SIGTERM");
    await this.ended;
    clearTimeout(timer);
  }

  kill(): void {
    this.#process.kill("SIGKILL");
  }
}

/** @throws UserError when the port is taken or the address is not this machine's */
export async function requireFreePort(host: string, port: number): Promise<void> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, host, resolve);
    });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "EADDRINUSE") {
      throw new UserError(`Port ${port} on ${host} is taken: end what uses it, or set PORT to another.`);
    }
    if (code === "EACCES")
      throw new UserError(`Port ${port} needs more rights than this user has: set PORT to another.`);
    throw new UserError(`HOST ${host} cannot be listened on: ${message}`);
  } finally {
    server.close();
  }
}
