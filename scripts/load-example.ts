/**
 * Loads a folder of examples/ into a running gateway, as a user would with the AWS SDK: its tables and functions, an
 * API from its OpenAPI file or its manifest, permissions, a deployment. What an earlier or interrupted run left
 * behind is taken up again: there is one API an example.
 */
import { type ExampleOptions, fileOf, type Manifest, manifestOf } from "./examples/manifest.ts";
import { UserError } from "./user-error.ts";

export interface LoadedExample {
  /** Where the API answers, without a slash at the end; `ws:` when it is a WebSocket API. */
  url: string;
  /** Path of a page that is opened with the URL behind `#`. */
  page?: string;
}

// AWS's SDKs take a while to load, and `npm start` mostly has no example to load.
const functions = () => import("./examples/functions.ts");
const restApi = () => import("./examples/rest-api.ts");
const tables = () => import("./examples/tables.ts");
const webSocketApi = () => import("./examples/websocket-api.ts");

/**
 * @param name a folder of examples/
 * @throws UserError when there is no such folder, no such stage variable, or no DynamoDB for an example that has
 *   tables; else whatever the gateway answers
 */
export async function loadExample(name: string, options: ExampleOptions): Promise<LoadedExample> {
  const manifest = await manifestOf(name);
  const variables = await stageVariables(name, manifest, options);
  if (manifest.tables) await (await tables()).putTables(manifest.tables, options);
  if (manifest.functions) await (await functions()).putFunctions(name, manifest.functions, options);
  const url = manifest.webSocketApi
    ? await (await webSocketApi()).loadWebSocketApi(name, manifest, variables, options)
    : await (await restApi()).loadRestApi(name, manifest, variables, options);
  return { url, ...(manifest.page ? { page: fileOf(name, manifest.page) } : {}) };
}

async function stageVariables(
  name: string,
  { stageVariables: ofManifest = {} }: Manifest,
  options: ExampleOptions,
): Promise<Record<string, string>> {
  const given = options.stageVariables ?? {};
  for (const variable of Object.keys(given)) {
    if (Object.hasOwn(ofManifest, variable)) continue;
    const known = Object.keys(ofManifest).join(", ") || "none";
    throw new UserError(
      `The example ${name} has no stage variable ${JSON.stringify(variable)}. It has: ${known}.`,
    );
  }
  const variables: Record<string, string> = {};
  for (const [variable, text] of Object.entries(ofManifest)) {
    const other = /^\{(.+)\}$/.exec(text)?.[1];
    variables[variable] = given[variable] ?? (other ? await addressOf(other, options) : text);
  }
  return variables;
}

/** Where another example answers, without its scheme. One that is there stays as it is, with what its owner made of it. */
async function addressOf(name: string, options: ExampleOptions): Promise<string> {
  const { loadedUrl } = await restApi();
  const url =
    (await loadedUrl(name, (await manifestOf(name)).stage, options)) ??
    (await loadExample(name, { ...options, stageVariables: {} })).url;
  return url.replace(/^https?:\/\//, "");
}
