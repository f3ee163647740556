/** Bundles the Worker, as `wrangler deploy` does, and the function host, to `dist/`. */
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";

const root = join(import.meta.dirname, "..");

export const bundlePath = join(root, "dist/worker.js");
export const functionHostPath = join(root, "dist/function-host.js");

/** Gateways that start at the same time all bundle to one place: each puts there what is whole, in one step. */
async function bundle(entryPoint: string, outfile: string): Promise<void> {
  const own = `${outfile}.${process.pid}`;
  await build({
    entryPoints: [join(root, entryPoint)],
    outfile: own,
    bundle: true,
    format: "esm",
    target: "es2024",
    conditions: ["workerd", "worker", "browser"],
    external: ["cloudflare:*", "node:*"],
    minifySyntax: true,
    minifyWhitespace: true,
    logLevel: "warning",
  });
  await rename(own, outfile);
}

export async function buildWorker(): Promise<void> {
  await Promise.all([
    bundle("src/worker.ts", bundlePath),
    bundle("src/functions/function-host.ts", functionHostPath),
  ]);
}

if (import.meta.main) await buildWorker();
