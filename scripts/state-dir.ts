/** STATE_DIR: everything that the gateway keeps on this machine, and who is using it. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { newRootCredential, type RootCredential } from "./root-credential.ts";
import { UserError } from "./user-error.ts";

const parts = ["objects", "kv", "kv-blobs"];

interface Holder {
  start: number;
  workerd: number[];
  /** The function host's. */
  folder?: string;
}

export class StateDir {
  readonly path: string;

  /** Makes the folder. @throws UserError when that cannot be done, or another gateway uses it */
  constructor(path: string) {
    this.path = path;
    try {
      makeFolder(path);
      for (const part of parts) makeFolder(join(path, part));
      this.#endOrphans();
      this.#write("holder.json", { start: process.pid, workerd: [] } satisfies Holder);
    } catch (error) {
      if (error instanceof UserError) throw error;
      throw new UserError(`STATE_DIR ${path} cannot be written: ${(error as Error).message}`);
    }
  }

  /** Tells the next start which processes are this one's, and the function host's folder. */
  holdWith(workerd: number[], folder: string): void {
    this.#write("holder.json", { start: process.pid, workerd, folder } satisfies Holder);
  }

  release(): void {
    rmSync(join(this.path, "holder.json"), { force: true });
  }

  /** The credential that is kept here, made at random the first time; only its owner may read the file. */
  rootCredential(): RootCredential {
    const kept = this.#read<RootCredential>("root-credential.json");
    if (kept) return kept;
    const credential = newRootCredential();
    this.#write("root-credential.json", credential);
    return credential;
  }

  /** Whether nothing has been kept here yet. */
  get isNew(): boolean {
    return readdirSync(join(this.path, "objects")).length === 0;
  }

  /** Path of the example's API below the origin; undefined when it has not been loaded. */
  get example(): { path: string | null } | undefined {
    return this.#read("example.json");
  }

  /** @param path null while it is being loaded: an interrupted load is taken up again */
  set example(example: { path: string | null }) {
    this.#write("example.json", example);
  }

  /** A start that was killed leaves its workerd behind, with the port and the state. */
  #endOrphans(): void {
    const holder = this.#read<Holder>("holder.json");
    if (!holder) return;
    if (holder.start !== process.pid && isRunning(holder.start, "start.ts")) {
      throw new UserError(`STATE_DIR ${this.path} is in use by another gateway (process ${holder.start}).`);
    }
    for (const pid of holder.workerd) if (isRunning(pid, "workerd")) process.kill(pid, "SIGKILL");
    if (holder.folder?.startsWith(join(tmpdir(), "sallyport-")))
      rmSync(holder.folder, { recursive: true, force: true });
  }

  #read<T>(name: string): T | undefined {
    const file = join(this.path, name);
    if (!existsSync(file)) return undefined;
    try {
      return JSON.parse(readFileSync(file, "utf8")) as T;
    } catch {
      throw new UserError(`${file} is damaged: delete it and start again.`);
    }
  }

  #write(name: string, content: object): void {
    writeFileSync(join(this.path, name), `${JSON.stringify(content)}\n`, { mode: 0o600 });
  }
}

/** Folder by folder: Node's own recursive way never ends where a parent cannot be made, as below /proc. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  const parent = dirname(path);
  if (parent !== path) makeFolder(parent);
  mkdirSync(path, { mode: 0o700 });
}

/** Whether the process is there and is ours: a process id may have been given to another since. */
function isRunning(pid: number, command: string): boolean {
  try {
    process.kill(pid, 0);
    return commandLineOf(pid).includes(command);
  } catch {
    return false;
  }
}

/** Linux tells it in /proc; other systems have `ps`. */
function commandLineOf(pid: number): string {
  const file = `/proc/${pid}/cmdline`;
  return existsSync(file)
    ? readFileSync(file, "utf8")
    : execFileSync("ps", ["-p", String(pid), "-o", "args="], { encoding: "utf8" });
}
