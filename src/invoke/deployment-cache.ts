/**
 * Deployments that this isolate serves, compiled. A warm request reads nothing: snapshots never change, and a stage
 * record that has become old is read again after the request that found it old has been answered.
 */

import { onPublished } from "../definitions/invalidation.ts";
import {
  type RestSnapshot,
  type RestStageRecord,
  snapshotKey,
  stageKey,
  type VpcLinkRecord,
  type VpcLinkRecords,
  vpcLinksKey,
  type WebSocketSnapshot,
  type WebSocketStageRecord,
} from "../definitions/published.ts";
import type { Env } from "../settings.ts";
import { absentFor, asJson, freshFor, isOld, type KeptRecord, readAgain, readOnce } from "./record-reads.ts";
import { CompiledApi, type CompiledStage, compileStage } from "./rest/compiled-api.ts";
import {
  CompiledWebSocketApi,
  type CompiledWebSocketStage,
  compileWebSocketStage,
} from "./websocket/compiled-websocket-api.ts";

/** A stage of either protocol. */
export type ServedStage = CompiledStage | CompiledWebSocketStage;
type ServedApi = ServedStage["api"];
type StageRecord = RestStageRecord | WebSocketStageRecord;

/** Of stages that are not there: clients choose their names. */
const mostAbsent = 10_000;
/**
 * Characters of snapshots; compiled, one takes some four times as many bytes. An isolate at the edge has 128 MB.
 * The deployment in use stays, however large it is.
 */
const mostCharacters = 8_000_000;

interface StageEntry extends KeptRecord {
  compiled: ServedStage;
}

const stages = new Map<string, StageEntry>();
const absent = new Map<string, number>();
/** In the order of their last use. */
const apis = new Map<string, { api: ServedApi; size: number }>();
let totalSize = 0;
const loading = new Map<string, Promise<ServedStage | undefined>>();
/** Counts a stage's publications, so that a read that was under way meanwhile is not kept. */
const publications = new Map<string, number>();
/** The same for the links. */
let linkPublications = 0;

onPublished((key) => {
  if (key === vpcLinksKey) return forgetVpcLinks();
  if (!key.startsWith("stage/")) return;
  stages.delete(key);
  absent.delete(key);
  loading.delete(key);
  publications.set(key, (publications.get(key) ?? 0) + 1);
});

/** Stages that use links are read again, with the links as they are now. */
function forgetVpcLinks(): void {
  for (const [key, { compiled }] of stages) if (compiled.api.usesVpcLinks) stages.delete(key);
  loading.clear();
  linkPublications++;
}

/**
 * @param waitUntil keeps a background read alive
 * @returns the stage, at once when it is known; undefined when there is no such API or stage
 */
export function stageOf(
  env: Env,
  apiId: string,
  stageName: string,
  waitUntil: (work: Promise<unknown>) => void,
): ServedStage | undefined | Promise<ServedStage | undefined> {
  const key = stageKey(apiId, stageName);
  const entry = stages.get(key);
  const now = Date.now();
  if (!entry) return isAbsent(key, now) ? undefined : readOnce(loading, key, () => read(env, key));
  if (isOld(entry, now)) waitUntil(readAgain(entry, key, () => read(env, key)));
  return entry.compiled;
}

/**
 * Whether a stage that `stageOf` does not find has been deleted: where it is there, its deployment has only not come
 * here yet.
 */
export async function isDeleted(env: Env, apiId: string, stageName: string): Promise<boolean> {
  return (await env.DEFINITIONS.get(stageKey(apiId, stageName), { cacheTtl: freshFor / 1000 })) === null;
}

function isAbsent(key: string, now: number): boolean {
  const since = absent.get(key);
  if (since === undefined) return false;
  if (now - since < absentFor) return true;
  absent.delete(key);
  return false;
}

async function read(env: Env, key: string): Promise<ServedStage | undefined> {
  const publication = publications.get(key);
  const linkPublication = linkPublications;
  const record = await env.DEFINITIONS.get<StageRecord>(key, asJson);
  const api = record ? await apiOf(env, record.apiId, record.stage.deploymentId) : undefined;
  const vpcLinks = api?.usesVpcLinks ? await readVpcLinks(env) : undefined;
  const isCurrent = publications.get(key) === publication && linkPublications === linkPublication;
  if (!record || !api) {
    if (!isCurrent) return undefined;
    stages.delete(key);
    if (absent.size >= mostAbsent) absent.clear();
    absent.set(key, Date.now());
    return undefined;
  }
  const compiled = compile(api, record, vpcLinks);
  if (isCurrent) stages.set(key, { compiled, readAt: Date.now(), isBeingRead: false });
  return compiled;
}

function compile(
  api: ServedApi,
  record: StageRecord,
  vpcLinks: ReadonlyMap<string, VpcLinkRecord> | undefined,
): ServedStage {
  if (record.protocol === "REST")
    return compileStage(api as CompiledApi, record.stage, record.version, vpcLinks);
  return compileWebSocketStage(api as CompiledWebSocketApi, record.stage, vpcLinks ?? new Map());
}

/** Links change without a deployment, so they are read as often as the stages that use them. */
async function readVpcLinks(env: Env): Promise<ReadonlyMap<string, VpcLinkRecord>> {
  const records = await env.DEFINITIONS.get<VpcLinkRecords>(vpcLinksKey, asJson);
  return new Map(Object.entries(records ?? {}));
}

async function apiOf(env: Env, apiId: string, deploymentId: string): Promise<ServedApi | undefined> {
  const key = snapshotKey(apiId, deploymentId);
  const known = apis.get(key);
  if (known) {
    apis.delete(key);
    apis.set(key, known);
    return known.api;
  }
  const text = await env.DEFINITIONS.get(key, { type: "text", cacheTtl: 86_400 });
  if (text === null) return undefined;
  const snapshot = JSON.parse(text) as RestSnapshot | WebSocketSnapshot;
  const api = snapshot.protocol === "REST" ? new CompiledApi(snapshot) : new CompiledWebSocketApi(snapshot);
  keep(key, api, text.length);
  return api;
}

/** Drops what was not used for longest, with the stages that serve it. */
function keep(key: string, api: ServedApi, size: number): void {
  const before = apis.get(key);
  if (before) totalSize -= before.size;
  apis.set(key, { api, size });
  totalSize += size;
  for (const [oldKey, old] of apis) {
    if (totalSize <= mostCharacters || oldKey === key) break;
    apis.delete(oldKey);
    totalSize -= old.size;
    for (const [stage, { compiled }] of stages) if (compiled.api === old.api) stages.delete(stage);
  }
}
