/**
 * CommonJS over the function's files, resolved as Node does. A workerd module cannot be required by a path that is
 * known only later, so every CommonJS file is a module that exports its wrapper function, imported before the first.
 */
import { files } from "sallyport:files";

type Wrapper = (exports: object, require: Require, module: Module, filename: string, dirname: string) => void;

interface Module {
  exports: unknown;
}

interface Require {
  (id: string): unknown;
  resolve(id: string): string;
}

const wrappers = new Map<string, unknown>();
const modules = new Map<string, Module>();
let imported: Promise<void> | undefined;

/** @param from the requiring file; empty for the function's root */
export async function requireFrom(from: string, id: string): Promise<unknown> {
  imported ??= importWrappers();
  await imported;
  return makeRequire(from)(id);
}

async function importWrappers(): Promise<void> {
  for (const [file, kind] of Object.entries(files)) {
    if (kind === "cjs" || kind === "json") wrappers.set(file, (await import(`/${file}`)).default);
  }
}

function makeRequire(from: string): Require {
  const directory = from.includes("/") ? from.slice(0, from.lastIndexOf("/")) : "";
  const require = (id: string): unknown => {
    const builtin = builtinOf(id);
    return builtin ?? load(resolve(directory, id));
  };
  return Object.assign(require, { resolve: (id: string) => resolve(directory, id) });
}

function builtinOf(id: string): unknown {
  if (id.startsWith(".") || id.startsWith("/")) return undefined;
  return process.getBuiltinModule(id.replace(/^node:/, ""));
}

function load(file: string): unknown {
  const known = modules.get(file);
  if (known) return known.exports;
  const wrapper = wrappers.get(file);
  if (files[file] === "json") return wrapper;
  if (typeof wrapper !== "function") throw new Error(`require() of ES Module ${file} not supported.`);
  const module: Module = { exports: {} };
  modules.set(file, module);
  try {
    const directory = file.includes("/") ? `/var/task/${file.slice(0, file.lastIndexOf("/"))}` : "/var/task";
    (wrapper as Wrapper).call(
      module.exports,
      module.exports as object,
      makeRequire(file),
      module,
      `/var/task/${file}`,
      directory,
    );
  } catch (error) {
    modules.delete(file);
    throw error;
  }
  return module.exports;
}

/** Relative paths, then node_modules from the directory upwards; files, folders with package.json or index. */
function resolve(directory: string, id: string): string {
  if (id.startsWith("./") || id.startsWith("../") || id === "." || id === "..") {
    const found = fileAt(join(directory, id));
    if (found !== undefined) return found;
  } else {
    const parts = directory === "" ? [] : directory.split("/");
    for (let depth = parts.length; depth >= 0; depth--) {
      const found = fileAt(join(parts.slice(0, depth).join("/"), `node_modules/${id}`));
      if (found !== undefined) return found;
    }
  }
  throw new Error(`Cannot find module '${id}'`);
}

function fileAt(path: string): string | undefined {
  for (const candidate of [path, `${path}.js`, `${path}.json`, `${path}.cjs`]) {
    if (Object.hasOwn(files, candidate)) return candidate;
  }
  const description = wrappers.get(`${path}/package.json`) as { main?: unknown } | undefined;
  const main = typeof description?.main === "string" ? join(path, description.main) : undefined;
  for (const candidate of main === undefined ? [] : [main, `${main}.js`, `${main}/index.js`]) {
    if (Object.hasOwn(files, candidate)) return candidate;
  }
  return [`${path}/index.js`, `${path}/index.json`].find((candidate) => Object.hasOwn(files, candidate));
}

function join(directory: string, path: string): string {
  const segments = directory === "" ? [] : directory.split("/");
  for (const segment of path.split("/")) {
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(segment);
  }
  return segments.join("/");
}
