/** How an isolate reads records of KV that it keeps: at once when they are new to it, later behind its requests. */
import { sharedPromise } from "./shared-promise.ts";

/** Milliseconds after which a record is read again; KV's own copies are as old at most. */
export const freshFor = 30_000;
/** Milliseconds for which it is remembered that a record is not there. */
export const absentFor = 5_000;
export const asJson = { type: "json", cacheTtl: freshFor / 1000 } as const;

export interface KeptRecord {
  /** Unix time, milliseconds. */
  readAt: number;
  isBeingRead: boolean;
}

/** First requests that come together share one read. */
export function readOnce<Result>(
  reading: Map<string, Promise<Result>>,
  key: string,
  read: () => Promise<Result>,
): Promise<Result> {
  const known = reading.get(key);
  if (known) return known;
  const begun = sharedPromise(
    read().finally(() => {
      if (reading.get(key) === begun) reading.delete(key);
    }),
  );
  reading.set(key, begun);
  return begun;
}

export const isOld = ({ readAt, isBeingRead }: KeptRecord, now: number): boolean =>
  now - readAt > freshFor && !isBeingRead;

/** When KV cannot be read, the copy serves on and the next request tries again. */
export async function readAgain(
  kept: KeptRecord,
  recordKey: string,
  read: () => Promise<unknown>,
): Promise<void> {
  kept.isBeingRead = true;
  try {
    await read();
  } catch (error) {
    console.error(`${recordKey} cannot be read again: ${error}`);
  } finally {
    kept.isBeingRead = false;
  }
}
