/** `npm run deploy`: the same Worker, to Cloudflare. Arguments go to wrangler (`--dry-run`). */
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const wrangler = join(import.meta.dirname, "../node_modules/.bin/wrangler");
const { status } = spawnSync(wrangler, ["deploy", ...process.argv.slice(2)], { stdio: "inherit" });
process.exit(status ?? 1);
