/**
 * API keys and usage plans that this isolate has read. A warm request reads nothing; what has become old is read again
 * after the request that found it old. Keys are looked up in KV by their hash, which is made once for a value.
 */
import {
  apiKeyHash,
  apiKeyRecordKey,
  type PublishedApiKey,
  type PublishedUsagePlan,
  usagePlanRecordKey,
} from "../../definitions/api-key.ts";
import { onPublished } from "../../definitions/invalidation.ts";
import type { Env } from "../../settings.ts";
import { absentFor, asJson, isOld, type KeptRecord, readAgain, readOnce } from "../record-reads.ts";

type WaitUntil = (work: Promise<unknown>) => void;

/** A key with its plans. A new object whenever any of them was read again. */
export interface KnownKey {
  id: string;
  enabled: boolean;
  plans: PublishedUsagePlan[];
}

interface Entry extends KeptRecord {
  recordKey: string;
  key: KnownKey;
}

/** Of keys that are there, and of values that are none: clients choose what they send, and drive no key out. */
const most = 10_000;

/** By value, in the order of their first use. Engines compare by a seeded hash first: time tells nothing of a value. */
const entries = new Map<string, Entry>();
const valuesByRecord = new Map<string, string>();
/** Values that are no key, in the order in which that was seen; and when: Unix time, milliseconds. */
const absences = new Map<string, number>();
const loading = new Map<string, Promise<KnownKey | undefined>>();
/** Counts publications, so that a read that was under way meanwhile is not kept. */
let publications = 0;

onPublished((recordKey) => {
  if (recordKey.startsWith("api-key/")) {
    publications++;
    loading.clear();
    absences.clear();
    const value = valuesByRecord.get(recordKey);
    if (value !== undefined) drop(value);
  } else if (recordKey.startsWith("usage-plan/")) {
    publications++;
    loading.clear();
    const planId = recordKey.slice("usage-plan/".length);
    for (const [value, { key }] of entries) if (key.plans.some(({ id }) => id === planId)) drop(value);
  }
});

/**
 * @param value that a client sent, or an authorizer gave
 * @returns the key, at once when it is known; undefined when there is none
 */
export function keyOf(
  env: Env,
  value: string,
  waitUntil: WaitUntil,
): KnownKey | undefined | Promise<KnownKey | undefined> {
  const entry = entries.get(value);
  const now = Date.now();
  if (!entry) {
    const isAbsent = now - (absences.get(value) ?? 0) < absentFor;
    return isAbsent ? undefined : readOnce(loading, value, () => read(env, value));
  }
  if (isOld(entry, now)) waitUntil(readAgain(entry, entry.recordKey, () => read(env, value)));
  return entry.key;
}

async function read(env: Env, value: string): Promise<KnownKey | undefined> {
  const publication = publications;
  const recordKey = apiKeyRecordKey(apiKeyHash(value));
  const record = await env.DEFINITIONS.get<PublishedApiKey>(recordKey, asJson);
  const key = record ? await withPlans(env, record) : undefined;
  if (publications === publication) {
    if (key) keep(value, { recordKey, key, readAt: Date.now(), isBeingRead: false });
    else keepAbsence(value);
  }
  return key;
}

/** A plan that is not there any longer gives nothing. */
async function withPlans(env: Env, { id, enabled, planIds }: PublishedApiKey): Promise<KnownKey> {
  const plans = await Promise.all(
    planIds.map((planId) => env.DEFINITIONS.get<PublishedUsagePlan>(usagePlanRecordKey(planId), asJson)),
  );
  return { id, enabled, plans: plans.filter((plan) => plan !== null) };
}

function keep(value: string, entry: Entry): void {
  drop(value);
  if (entries.size >= most) drop(entries.keys().next().value as string);
  entries.set(value, entry);
  valuesByRecord.set(entry.recordKey, value);
}

function keepAbsence(value: string): void {
  drop(value);
  absences.delete(value);
  if (absences.size >= most) absences.delete(absences.keys().next().value as string);
  absences.set(value, Date.now());
}

function drop(value: string): void {
  const entry = entries.get(value);
  if (!entry) return;
  entries.delete(value);
  valuesByRecord.delete(entry.recordKey);
}
