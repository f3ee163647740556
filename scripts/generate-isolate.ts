/**
 * Bundles src/functions/isolate/main.ts, the runtime around a stored function's handler, to
 * src/functions/isolate.generated.json: the Worker carries it as text, since it runs in isolates of its own.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

const root = join(import.meta.dirname, "..");
export const isolatePath = join(root, "src/functions/isolate.generated.json");

/** @returns the file's content */
export async function generateIsolate(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(root, "src/functions/isolate/main.ts")],
    bundle: true,
    format: "esm",
    target: "es2024",
    external: ["cloudflare:*", "node:*", "sallyport:files"],
    write: false,
    logLevel: "warning",
  });
  return `${JSON.stringify({ source: outputFiles[0]?.text })}\n`;
}

if (import.meta.main) writeFileSync(isolatePath, await generateIsolate());
