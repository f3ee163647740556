/** One limiter in the world: its bucket, and what of it is leased (src/invoke/limits/throttle-ledger.ts). */
import { DurableObject } from "cloudflare:workers";
import { type Ask, type Grant, type Mark, ThrottleLedger } from "../invoke/limits/throttle-ledger.ts";
import type { Env } from "../settings.ts";

export class Throttle extends DurableObject<Env> {
  readonly #ledger: ThrottleLedger;

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
    return this.#ledger.ask(ask, Date.now());
  }
}
