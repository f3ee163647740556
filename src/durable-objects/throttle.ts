/** One limiter in the world: its bucket, and what of it is leased (src/invoke/limits/throttle-ledger.ts). */
import { DurableObject } from "cloudflare:workers";
import { type Ask, type Grant, type Mark, ThrottleLedger } from "../invoke/limits/throttle-ledger.ts";
import type { Env } from "../settings.ts";

export class Throttle extends DurableObject<Env> {
  readonly #ledger: ThrottleLedger;
  /** Unix time, milliseconds. */
  #leasedUntil = 0;
  #isStaying = false;

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    const { sql } = state.storage;
    sql.exec(`CREATE TABLE IF NOT EXISTS mark (
      only INTEGER PRIMARY KEY CHECK (only = 1),
      rate REAL NOT NULL,
      burst REAL NOT NULL,
      until REAL NOT NULL,
      tokens REAL NOT NULL
    )`);
    const [mark] = sql
      .exec<{ rate: number; burst: number; until: number; tokens: number }>(
        "SELECT rate, burst, until, tokens FROM mark",
      )
      .toArray();
    // An answer leaves the object when what was written before is durable.
    const save = ({ rate, burst, until, tokens }: Mark) => {
      sql.exec("INSERT OR REPLACE INTO mark VALUES (1, ?, ?, ?, ?)", rate, burst, until, tokens);
    };
    this.#ledger = new ThrottleLedger(mark, save, Date.now());
  }

  ask(ask: Ask): Grant {
    const now = Date.now();
    const grant = this.#ledger.ask(ask, now);
    this.#leasedUntil = Math.max(this.#leasedUntil, now + grant.lasts);
    this.#stay(now);
    return grant;
  }

  /**
   * The runtime ends an object that has had nothing to do for ten seconds, unless a timer is on: a ledger that took over
   * while leases are out would have to begin with no tokens.
   */
  #stay(now: number): void {
    if (this.#isStaying || this.#leasedUntil <= now) return;
    this.#isStaying = true;
    setTimeout(() => {
      this.#isStaying = false;
      const now = Date.now();
      this.#stay(now);
      if (!this.#isStaying) this.#ledger.settle(now);
    }, this.#leasedUntil - now);
  }
}
