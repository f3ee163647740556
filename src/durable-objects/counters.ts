/** The sums of what all isolates have counted (src/observability/counters.ts). */
import { DurableObject } from "cloudflare:workers";
import type { Env } from "../settings.ts";

export class Counters extends DurableObject<Env> {
  readonly #sql: SqlStorage;

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    this.#sql = state.storage.sql;
    this.#sql.exec("CREATE TABLE IF NOT EXISTS counter (series TEXT PRIMARY KEY, value INTEGER NOT NULL)");
  }

  /** @param counted by series, as Prometheus writes them */
  add(counted: [series: string, value: number][]): void {
    for (const [series, value] of counted) {
      this.#sql.exec(
        "INSERT INTO counter VALUES (?, ?) ON CONFLICT (series) DO UPDATE SET value = value + excluded.value",
        series,
        value,
      );
    }
  }

  all(): { series: string; value: number }[] {
    return this.#sql
      .exec<{ series: string; value: number }>("SELECT series, value FROM counter ORDER BY series")
      .toArray();
  }
}
