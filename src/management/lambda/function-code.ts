/** A function's zip, read into the modules that its isolate is made of. */
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { unzipSync } from "fflate";
import type { CodeFile, FunctionCode } from "../../functions/isolate-protocol.ts";
import { isJson } from "../../is-json.ts";
import { invalidParameter } from "./lambda-error.ts";

/** Bytes of all files together, and their number: what one KV value and one isolate take. AWS's limit is 250 MB. */
const largestUnzipped = 10_000_000;
const mostFiles = 5_000;

export interface ReadCode {
  code: FunctionCode;
  /** Base64. */
  codeSha256: string;
  codeSize: number;
}

/** @throws ServiceError InvalidParameterValueException for what is no zip, or one that is too large */
export function readZip(zip: Uint8Array | undefined): ReadCode {
  if (!zip || zip.byteLength === 0) throw invalidParameter("Uploaded file must be a non-empty zip");
  return {
    code: { files: classify(unzip(zip)) },
    codeSha256: createHash("sha256").update(zip).digest("base64"),
    codeSize: zip.byteLength,
  };
}

/** Text files that something can load; the sizes that entries declare are counted before anything is unpacked. */
function unzip(zip: Uint8Array): Map<string, string> {
  let size = 0;
  let count = 0;
  const tooLarge = () => invalidParameter(`Unzipped size must be smaller than ${largestUnzipped} bytes`);
  let entries: Record<string, Uint8Array>;
  try {
    entries = unzipSync(zip, {
      filter({ name, originalSize }) {
        size += originalSize;
        count++;
        if (size > largestUnzipped) throw tooLarge();
        if (count > mostFiles) throw invalidParameter(`A function may have at most ${mostFiles} files`);
        return /\.(?:[cm]?js|json)$/.test(name) && isPlainPath(name);
      },
    });
  } catch (error) {
    if (error instanceof Error && error.name === "ServiceError") throw error;
    throw invalidParameter(
      "Could not unzip uploaded file. Please check your file, then try to upload again.",
    );
  }
  const files = new Map<string, string>();
  let unpacked = 0;
  for (const [name, content] of Object.entries(entries)) {
    unpacked += content.byteLength;
    if (unpacked > largestUnzipped) throw tooLarge();
    files.set(name, Buffer.from(content).toString());
  }
  return files;
}

const isPlainPath = (path: string) =>
  !path.startsWith("/") && !path.includes("\\") && !path.split("/").some((part) => part === "..");

/** As Node does: by the extension, and for `.js` by the nearest package.json. */
function classify(files: Map<string, string>): Record<string, CodeFile> {
  const isModule = new Map<string, boolean>();
  for (const [path, text] of files) {
    if (path === "package.json" || path.endsWith("/package.json")) {
      isModule.set(path.slice(0, -"package.json".length), typeOf(text) === "module");
    }
  }
  const classified: [string, CodeFile][] = [];
  for (const [path, text] of files) {
    if (path.endsWith(".json")) {
      if (isJson(text)) classified.push([path, { kind: "json", text }]);
    } else if (path.endsWith(".mjs")) {
      classified.push([path, { kind: "esm", text }]);
    } else {
      const isEsm = !path.endsWith(".cjs") && nearest(isModule, path);
      classified.push([path, { kind: isEsm ? "esm" : "cjs", text }]);
    }
  }
  return Object.fromEntries(classified);
}

function nearest(isModule: Map<string, boolean>, path: string): boolean {
  let folder = path.slice(0, path.lastIndexOf("/") + 1);
  for (;;) {
    const found = isModule.get(folder);
    if (found !== undefined) return found;
    if (folder === "") return false;
    folder = folder.slice(0, folder.lastIndexOf("/", folder.length - 2) + 1);
  }
}

function typeOf(text: string): unknown {
  try {
    return (JSON.parse(text) as { type?: unknown } | null)?.type;
  } catch {
    return undefined;
  }
}
