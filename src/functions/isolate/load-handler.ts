/** Finds `index.handler` among the function's modules. */

import { files } from "sallyport:files";
import { requireFrom } from "./require.ts";
import { RuntimeError } from "./runtime-error.ts";

type Handler = (event: unknown, context: unknown, callback: unknown) => unknown;

const extensions = [".js", ".mjs", ".cjs", ""];
const handlers = new Map<string, Promise<Handler>>();

/** Loaded once: a module that fails to load fails every invoke. */
export function loadHandler(name: string): Promise<Handler> {
  let handler = handlers.get(name);
  if (!handler) {
    handler = load(name);
    handlers.set(name, handler);
  }
  return handler;
}

async function load(name: string): Promise<Handler> {
  const match = /^((?:[^/]*\/)*[^.]+)\.(.+)$/.exec(name);
  if (!match) throw new RuntimeError("Runtime.MalformedHandlerName", "Bad handler");
  const [, module = "", path = ""] = match;
  const file = extensions
    .map((extension) => module.replace(/^\.\//, "") + extension)
    .find((file) => Object.hasOwn(files, file));
  if (file === undefined) {
    throw new RuntimeError("Runtime.ImportModuleError", `Error: Cannot find module '${module}'`);
  }
  const exported = await importModule(file);
  let handler: unknown = exported;
  for (const part of path.split(".")) handler = (handler as Record<string, unknown> | undefined)?.[part];
  if (typeof handler !== "function") {
    throw new RuntimeError("Runtime.HandlerNotFound", `${name} is undefined or not exported`);
  }
  return handler as Handler;
}

async function importModule(file: string): Promise<unknown> {
  try {
    if (files[file] === "cjs") return await requireFrom("", `./${file}`);
    return await import(`/${file}`);
  } catch (error) {
    if (error instanceof SyntaxError) {
      throw new RuntimeError("Runtime.UserCodeSyntaxError", `SyntaxError: ${error.message}`);
    }
    const text = error instanceof Error ? error.message : String(error);
    if (/no such module|cannot find module/i.test(text)) {
      throw new RuntimeError("Runtime.ImportModuleError", `Error: ${text}`);
    }
    throw error;
  }
}
