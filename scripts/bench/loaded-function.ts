/** A function in an isolate of its own, called without anything between. */

interface LoadedFunction {
  invoke(event: string): Promise<{ statusCode: number; body: string }>;
}

/** @param source of a module with a `handler` */
export function loadedFunction(loader: WorkerLoader, name: string, source: string): LoadedFunction {
  const stub = loader.get(name, () => ({
    compatibilityDate: "2026-11-01",
    mainModule: "main.js",
    modules: {
      "main.js": `
        import { WorkerEntrypoint } from "cloudflare:workers";
        import { handler } from "./index.mjs";
        export class Loaded extends WorkerEntrypoint {
          invoke(event) { return handler(JSON.parse(event)); }
        }`,
      "index.mjs": { js: source },
    },
  }));
  return stub.getEntrypoint("Loaded") as unknown as LoadedFunction;
}
