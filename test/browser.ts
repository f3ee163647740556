/**
 * A real browser. For Linux on x64 an npm package brings it, with the libraries and the font that it needs: tests ask
 * nothing of the machine. Elsewhere it is the Chrome that is installed, or the one that `CHROME_PATH` names.
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Browser, chromium, type LaunchOptions } from "playwright-core";

const isPackaged = process.platform === "linux" && process.arch === "x64";

export interface TestBrowser {
  browser: Browser;
  stop(): Promise<void>;
}

/** @returns undefined when this machine has none, which cannot be where the package has one */
export async function startBrowser(): Promise<TestBrowser | undefined> {
  const executablePath = process.env.CHROME_PATH;
  if (executablePath) return started({ executablePath });
  if (isPackaged) return startPackaged();
  try {
    return await started({ channel: "chrome" });
  } catch (error) {
    if (!String(error).includes("is not found")) throw error;
    return undefined;
  }
}

async function started(options: LaunchOptions, cleanUp = async () => {}): Promise<TestBrowser> {
  const browser = await chromium.launch({ timeout: 120_000, ...options });
  return {
    browser,
    async stop() {
      await browser.close();
      await cleanUp();
    },
  };
}

async function startPackaged(): Promise<TestBrowser> {
  const directory = await mkdtemp(join(tmpdir(), "sallyport-browser-"));
  const cleanUp = () => rm(directory, { recursive: true, force: true });
  try {
    await unpack(directory);
    // The package's own configuration names /tmp/fonts. Without any font the browser ends.
    const FONTCONFIG_FILE = join(directory, "fonts.conf");
    await writeFile(
      FONTCONFIG_FILE,
      `<fontconfig><dir>${directory}/fonts</dir><cachedir>${directory}/fonts-cache</cachedir></fontconfig>`,
    );
    const env = { ...process.env, LD_LIBRARY_PATH: join(directory, "al2023/lib"), FONTCONFIG_FILE };
    return await started({ executablePath: join(directory, "chromium"), env }, cleanUp);
  } catch (error) {
    await cleanUp();
    throw error;
  }
}

/** The package looks at the environment: it unpacks to TMPDIR, and libraries only where it takes itself to be at AWS. */
async function unpack(directory: string): Promise<void> {
  const script = `
    const { default: chromium } = await import("@sparticuz/chromium");
    await chromium.executablePath();`;
  const env = { ...process.env, TMPDIR: directory, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x" };
  await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script], {
    cwd: join(import.meta.dirname, ".."),
    env,
  });
}
