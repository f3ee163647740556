/** How often an isolate asks for a quota that is far from used up, in virtual time. */
import { QuotaLease } from "../../src/invoke/limits/quota-lease.ts";
import { QuotaLedger } from "../../src/invoke/limits/quota-ledger.ts";
import { randomOf } from "./overload.ts";
import { start } from "./virtual-throttle.ts";

/** Milliseconds of an ask with its answer. */
const roundTrip = 20;

/**
 * @param each requests a second, in a Poisson process
 * @param seconds of virtual time
 * @returns asks a second; each writes one row
 */
export function quotaAsks(each: number, seconds: number): number {
  const random = randomOf(1);
  const quota = { limit: 1_000_000_000, period: "MONTH", offset: 0 } as const;
  const ledger = new QuotaLedger({ version: 0, days: new Map() }, () => undefined);
  const lease = new QuotaLease(quota, 1);
  let asks = 0;
  let freeAt = start;
  const ask = (waiting: number, isIdle: boolean, now: number) => {
    asks++;
    lease.answered(ledger.ask(lease.ask(waiting, isIdle, now), now), now + roundTrip);
    freeAt = now + roundTrip;
  };
  for (let now = start; now < start + seconds * 1000; ) {
    lease.count(now);
    if (lease.take(now)) {
      if (now >= freeAt && lease.shouldAsk(now)) ask(0, false, now);
    } else {
      ask(1, false, now);
      lease.take(now + roundTrip);
    }
    const next = now - (Math.log(1 - random()) / each) * 1000;
    const idleAfter = lease.idleAfter(now);
    if (idleAfter !== undefined && now + idleAfter < next) ask(0, true, now + idleAfter);
    now = next;
  }
  return asks / seconds;
}
