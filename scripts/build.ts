/** Bundles the Worker, as `wrangler deploy` does, to `dist/worker.js`. */
import { join } from "node:path";
import { build } from "esbuild";

export const bundlePath = join(import.meta.dirname, "../dist/worker.js");

export async function buildWorker(): Promise<void> {
  await build({
    entryPoints: [join(import.meta.dirname, "../src/worker.ts")],
    outfile: bundlePath,
    bundle: true,
    format: "esm",
    target: "es2024",
    conditions: ["workerd", "worker", "browser"],
    external: ["cloudflare:*", "node:*"],
    minifySyntax: true,
    sourcemap: "linked",
    logLevel: "warning",
  });
}

if (import.meta.main) await buildWorker();
