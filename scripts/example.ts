/** `npm run example -- <name> [variable=value …]`: loads an example into a running gateway and prints its URL. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { loadExample } from "./load-example.ts";
import { run, UserError } from "./user-error.ts";

const names = () =>
  readdirSync(join(import.meta.dirname, "../examples"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();

/** The settings that `npm start` prints as `export` lines. */
function setting(name: string): string {
  const value = process.env[name];
  if (value) return value;
  throw new UserError(`${name} is not set. Paste the "export" lines that npm start printed.`);
}

async function accountId(client: object): Promise<string> {
  const { GetCallerIdentityCommand, STSClient } = await import("@aws-sdk/client-sts");
  try {
    const { Account } = await new STSClient(client).send(new GetCallerIdentityCommand({}));
    return Account as string;
  } catch (error) {
    throw new UserError(
      `The gateway at ${setting("AWS_ENDPOINT_URL")} does not answer as it should: ${error}`,
    );
  }
}

await run(async () => {
  const [name, ...rest] = process.argv.slice(2);
  if (!name || !names().includes(name)) {
    throw new UserError(
      `Usage: npm run example -- <name> [variable=value …]\nThe examples are: ${names().join(", ")}`,
    );
  }
  const stageVariables = Object.fromEntries(
    rest.map((text) => {
      const cut = text.indexOf("=");
      if (cut < 1) throw new UserError(`${JSON.stringify(text)} must be a stage variable: name=value.`);
      return [text.slice(0, cut), text.slice(cut + 1)];
    }),
  );
  const origin = setting("AWS_ENDPOINT_URL").replace(/\/+$/, "");
  const credentials = {
    accessKeyId: setting("AWS_ACCESS_KEY_ID"),
    secretAccessKey: setting("AWS_SECRET_ACCESS_KEY"),
  };
  const region = process.env.AWS_REGION || process.env.AWS_DEFAULT_REGION || "us-east-1";
  const account = await accountId({ endpoint: origin, region, credentials });
  const dynamoDb = process.env.AWS_ENDPOINT_URL_DYNAMODB;
  const options = { origin, credentials, region, accountId: account, stageVariables, dynamoDb };
  const { url, page } = await loadExample(name, options);
  console.log(url);
  // Not to stdout: that is the URL alone, for scripts.
  if (page) console.error(`Open it in a browser: ${pathToFileURL(page)}#${url}`);
});
