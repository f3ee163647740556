/** `npm run dev`: wrangler's development server, for people who change Sallyport itself. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const wrangler = join(import.meta.dirname, "../node_modules/.bin/wrangler");
const { status } = spawnSync(wrangler, ["dev", ...process.argv.slice(2)], { stdio: "inherit" });
process.exit(status ?? 1);
