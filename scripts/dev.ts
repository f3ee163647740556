/**
 * `npm run dev`: wrangler's development server, for people who change Sallyport itself. Its settings are in `.dev.vars`,
 * which gets a root credential the first time, or in the `--env-file` that is named. What follows `--` is wrangler's:
 * `npm run dev -- --port 9000`.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { devCredential } from "./dev-vars.ts";

const root = join(import.meta.dirname, "..");
const args = process.argv.slice(2);
const credential = args.some((arg) => arg.startsWith("--env-file"))
  ? undefined
  : devCredential(join(root, ".dev.vars"));
if (credential) {
  console.log("Manage your APIs with the AWS CLI or any AWS SDK, at the address that wrangler prints:");
  console.log(`  export AWS_ACCESS_KEY_ID=${credential.accessKeyId}`);
  console.log(`  export AWS_SECRET_ACCESS_KEY=${credential.secretAccessKey}`);
}
const wrangler = spawn(join(root, "node_modules/.bin/wrangler"), ["dev", ...args], {
  stdio: "inherit",
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => wrangler.kill(signal));
wrangler.on("exit", (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
