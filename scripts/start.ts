/** `npm start`: builds the Worker and serves it from workerd, with its state on this machine's disk. */
import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { buildWorker, bundlePath } from "./build.ts";
import { workerdConfig } from "./workerd-config.ts";

const host = process.env.HOST ?? "127.0.0.1";
const port = Number(process.env.PORT ?? 8787);
const stateDir = resolve(process.env.STATE_DIR ?? ".sallyport");
for (const folder of ["objects", "kv", "kv-blobs"]) mkdirSync(join(stateDir, folder), { recursive: true });

process.env.ROOT_ACCESS_KEY_ID ??= "AKIAEXAMPLE";
process.env.ROOT_SECRET_ACCESS_KEY ??= "secret";

await buildWorker();
const config = join(stateDir, "workerd.capnp");
const variables = [
  "AWS_REGION",
  "AWS_ACCOUNT_ID",
  "EXECUTE_DOMAIN",
  "ROOT_ACCESS_KEY_ID",
  "ROOT_SECRET_ACCESS_KEY",
];
writeFileSync(config, workerdConfig({ host, port, stateDir, bundlePath, variables }));

const workerd = spawn(
  resolve("node_modules/.bin/workerd"),
  ["serve", "--experimental", "--control-fd=3", config],
  { stdio: ["ignore", "inherit", "inherit", "pipe"], detached: true },
);
workerd.stdio[3]?.on("data", (data: Buffer) => {
  for (const line of data.toString().trim().split("\n")) {
    const message = JSON.parse(line);
    if (message.event === "listen") console.log(`Sallyport ready on http://${host}:${message.port}`);
  }
});
let stopping = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    stopping = true;
    workerd.kill("SIGTERM");
  });
}
workerd.on("exit", (code) => process.exit(stopping ? 0 : (code ?? 1)));
