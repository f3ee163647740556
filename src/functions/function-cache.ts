/** Functions as this isolate knows them: read from KV once, and again in the background when they have become old. */
import { onPublished } from "../definitions/invalidation.ts";
import { functionCodeKey, functionKey } from "../definitions/published.ts";
import type { Env } from "../settings.ts";
import type { FunctionRecord } from "./function-record.ts";
import type { FunctionCode } from "./isolate-protocol.ts";

/** Milliseconds after which a record is read again. */
const freshFor = 30_000;
const mostRecords = 1_000;

/** A function that is not here is known as well: it may be at AWS, and be called often. */
const records = new Map<string, { record: FunctionRecord | undefined; readAt: number }>();

onPublished((key) => {
  if (key.startsWith("function/")) records.delete(key);
});

/** @returns undefined when there is no such function */
export async function functionRecord(env: Env, name: string): Promise<FunctionRecord | undefined> {
  const key = functionKey(name);
  const known = records.get(key);
  if (known) {
    // One reads again; the others go on with what is there, and so does this one.
    if (Date.now() - known.readAt > freshFor) {
      known.readAt = Date.now();
      await read(env, key).catch((error) => console.error(`${key} cannot be read again: ${error}`));
    }
    return records.get(key)?.record;
  }
  return read(env, key);
}

async function read(env: Env, key: string): Promise<FunctionRecord | undefined> {
  const readAt = Date.now();
  const record =
    (await env.DEFINITIONS.get<FunctionRecord>(key, { type: "json", cacheTtl: freshFor / 1000 })) ??
    undefined;
  if (records.size >= mostRecords) records.clear();
  records.set(key, { record, readAt });
  return record;
}

/** @throws Error when the code is not in KV, which a record that names it rules out but for a moment at the edge */
export async function functionCode(env: Env, sha256: string): Promise<FunctionCode> {
  const code = await env.DEFINITIONS.get<FunctionCode>(functionCodeKey(sha256), {
    type: "json",
    cacheTtl: 86_400,
  });
  if (!code) throw new Error("the function's code has not arrived here yet");
  return code;
}
