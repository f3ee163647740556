/**
 * Keeps the function host running: a workerd of its own, which is ended and started again when a function keeps it
 * from answering. The gateway never waits for more than one function because of another's endless loop.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { functionHostPath } from "./build.ts";
import { Workerd } from "./workerd.ts";
import { functionHostConfig } from "./workerd-config.ts";

/** Milliseconds between two questions, and for which no answer is borne. */
const interval = 1_000;
const patience = 5_000;

export class FunctionHost {
  readonly folder = mkdtempSync(join(tmpdir(), "sallyport-"));
  /** Where the gateway reaches it. Only this user may enter the folder. */
  readonly socketPath = join(this.folder, "functions.sock");
  readonly #configPath = join(this.folder, "workerd.capnp");
  #workerd: Workerd;
  #lastAnswer = Date.now();
  #stopped = false;
  readonly #timer: NodeJS.Timeout;
  readonly #onRestart: (pid: number) => void;

  /**
   * @param caCertificates PEM, of authorities that functions trust besides those that browsers trust
   * @param onRestart is told the process id of every workerd but the first
   */
  constructor(caCertificates: readonly string[], onRestart: (pid: number) => void) {
    this.#onRestart = onRestart;
    writeFileSync(this.#configPath, functionHostConfig(this.socketPath, functionHostPath, caCertificates));
    this.#workerd = this.#start();
    this.#timer = setInterval(() => this.#watch(), interval);
  }

  get pid(): number {
    return this.#workerd.pid;
  }

  get listening(): Promise<number> {
    return this.#workerd.listening;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    const timer = setTimeout(() => this.#workerd.kill(), patience);
    await this.#workerd.drain();
    clearTimeout(timer);
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** At once, without waiting: for when the gateway itself has ended. */
  kill(): void {
    this.#stopped = true;
    clearInterval(this.#timer);
    this.#workerd.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #start(): Workerd {
    rmSync(this.socketPath, { force: true });
    // No variable of the gateway's: functions could read them.
    const workerd = new Workerd(this.#configPath, { PATH: process.env.PATH });
    this.#lastAnswer = Date.now();
    workerd.ended.then((code) => {
      if (this.#stopped) return;
      console.error(`The function host ended${code === null ? "" : ` with ${code}`}; it is started again.`);
      this.#workerd = this.#start();
      this.#onRestart(this.#workerd.pid);
    });
    return workerd;
  }

  #watch(): void {
    if (Date.now() - this.#lastAnswer > patience) {
      console.error(
        `A function kept the function host busy for ${patience / 1000} seconds; the host is ended.`,
      );
      this.#lastAnswer = Date.now();
      this.#workerd.kill();
      return;
    }
    const asked = request({ socketPath: this.socketPath, timeout: interval }, (response) => {
      response.resume();
      this.#lastAnswer = Date.now();
    });
    asked.on("timeout", () => asked.destroy());
    asked.on("error", () => undefined);
    asked.end();
  }
}
