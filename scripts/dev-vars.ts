/** `.dev.vars`: where `wrangler dev` finds the variables and secrets of a development server. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { newRootCredential, type RootCredential } from "./root-credential.ts";

/**
 * The root credential that the file has; a file that is not there is made, for its owner alone, with a new one.
 * @returns undefined for a file without one
 */
export function devCredential(path: string): RootCredential | undefined {
  if (!existsSync(path)) {
    const { accessKeyId, secretAccessKey } = newRootCredential();
    const lines = [`ROOT_ACCESS_KEY_ID=${accessKeyId}`, `ROOT_SECRET_ACCESS_KEY=${secretAccessKey}`, ""];
    writeFileSync(path, lines.join("\n"), { mode: 0o600 });
  }
  const { ROOT_ACCESS_KEY_ID: accessKeyId, ROOT_SECRET_ACCESS_KEY: secretAccessKey } = parseEnv(
    readFileSync(path, "utf8"),
  );
  return accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : undefined;
}
