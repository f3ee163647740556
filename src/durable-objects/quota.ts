/** What one key has used of one plan (src/invoke/limits/quota-ledger.ts). */
import { DurableObject } from "cloudflare:workers";
import type { QuotaSettings } from "../definitions/api-key.ts";
import {
  type DayUsage,
  type QuotaAsk,
  type QuotaGrant,
  QuotaLedger,
  type QuotaState,
} from "../invoke/limits/quota-ledger.ts";
import type { Env } from "../settings.ts";

export class Quota extends DurableObject<Env> {
  readonly #ledger: QuotaLedger;

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    const { sql } = state.storage;
    // Without an index of its own: each ask costs one written row.
    sql.exec(
      "CREATE TABLE IF NOT EXISTS day (day TEXT PRIMARY KEY, requests INTEGER NOT NULL) WITHOUT ROWID",
    );
    sql.exec(
      "CREATE TABLE IF NOT EXISTS settings (only INTEGER PRIMARY KEY CHECK (only = 1), value TEXT NOT NULL)",
    );
    const days = sql.exec<{ day: string; requests: number }>("SELECT day, requests FROM day").toArray();
    const [settings] = sql.exec<{ value: string }>("SELECT value FROM settings").toArray();
    const known: QuotaState = {
      version: 0,
      ...(settings ? (JSON.parse(settings.value) as Partial<QuotaState>) : {}),
      days: new Map(days.map(({ day, requests }) => [day, requests])),
    };
    // An answer leaves the object when what was written before is durable.
    this.#ledger = new QuotaLedger(known, (change) => {
      if (change.settings) {
        const { days: _, ...value } = known;
        sql.exec("INSERT OR REPLACE INTO settings VALUES (1, ?)", JSON.stringify(value));
      }
      if (change.day === undefined) return;
      const requests = known.days.get(change.day);
      if (requests === undefined) sql.exec("DELETE FROM day WHERE day = ?", change.day);
      else sql.exec("INSERT OR REPLACE INTO day VALUES (?, ?)", change.day, requests);
    });
  }

  ask(ask: QuotaAsk): QuotaGrant {
    return this.#ledger.ask(ask, Date.now());
  }

  /** @param days `YYYY-MM-DD` in UTC */
  usage(days: string[], quota: QuotaSettings | undefined): DayUsage[] {
    return this.#ledger.usage(days, quota);
  }

  /** Leaves so many requests to the period that is on. */
  extend(remaining: number, quota: QuotaSettings): void {
    this.#ledger.extend(remaining, quota, Date.now());
  }
}
