/** `npm test`: formatting and lint, types, then every test. Arguments go to vitest. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const bin = join(import.meta.dirname, "../node_modules/.bin");
const run = (command: string, ...args: string[]) => {
  const { status } = spawnSync(join(bin, command), args, { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
};

run("biome", "check", ".");
run("tsc", "--noEmit");
run("vitest", "run", ...process.argv.slice(2));
