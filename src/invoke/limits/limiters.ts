/** The limiters of this isolate, by name: whoever meets a limit meets the same one. */
import type { QuotaSettings } from "../../definitions/api-key.ts";
import type { Limit } from "../../definitions/limit.ts";
import { quotaName } from "../../definitions/quota-name.ts";
import { type Env, settingsOf } from "../../settings.ts";
import { Limiter } from "./limiter.ts";
import { QuotaLease } from "./quota-lease.ts";
import type { QuotaAsk, QuotaGrant } from "./quota-ledger.ts";
import { ThrottleLease } from "./throttle-lease.ts";
import type { Ask, Grant } from "./throttle-ledger.ts";

/** Of keys and methods there may be very many; those that were looked up longest ago go. */
const most = 20_000;
/** Limits that are told at once that this isolate ends. */
const leftAtOnce = 100;
const throttles = new Map<string, Limiter<Ask, Grant> & { readonly lease: ThrottleLease }>();
const quotas = new Map<string, Limiter<QuotaAsk, QuotaGrant> & { readonly lease: QuotaLease }>();

/**
 * @param name of the throttle, the same in every isolate
 * @param version grows with each change of the limit
 * @param belongsToPlan plans fail closed, stages and the account open, unless the settings say otherwise
 */
export function throttleLimiter(
  env: Env,
  name: string,
  limit: Limit,
  version: number,
  belongsToPlan: boolean,
): Limiter {
  let limiter = throttles.get(name);
  if (!limiter) {
    const lease = new ThrottleLease(crypto.randomUUID(), limit, version);
    const onFailure = settingsOf(env).limitsOnFailure ?? (belongsToPlan ? "closed" : "open");
    const send = (ask: Ask) => env.THROTTLE.get(env.THROTTLE.idFromName(name)).ask(ask);
    limiter = new Limiter(lease, send, onFailure) as typeof limiter & {};
  } else if (version > limiter.lease.version) {
    limiter.lease.limit = limit;
    limiter.lease.version = version;
  }
  keep(throttles, name, limiter);
  return limiter as Limiter;
}

/** @param quota undefined when requests are counted only */
export function quotaLimiter(
  env: Env,
  planId: string,
  keyId: string,
  quota: QuotaSettings | undefined,
  version: number,
): Limiter {
  const name = quotaName(planId, keyId);
  let limiter = quotas.get(name);
  if (!limiter) {
    const lease = new QuotaLease(quota, version);
    const send = (ask: QuotaAsk) => env.QUOTA.get(env.QUOTA.idFromName(name)).ask(ask);
    limiter = new Limiter(lease, send, settingsOf(env).limitsOnFailure ?? "closed") as typeof limiter & {};
  } else if (version > limiter.lease.version) {
    limiter.lease.quota = quota;
    limiter.lease.version = version;
  }
  keep(quotas, name, limiter);
  return limiter as Limiter;
}

/** Gives back what this isolate holds of all limits, so that who comes after it need not wait until its leases end. */
export async function leaveLimits(waitUntil: (work: Promise<unknown>) => void): Promise<void> {
  const limiters = [...throttles.values(), ...quotas.values()] as Limiter[];
  for (let first = 0; first < limiters.length; first += leftAtOnce) {
    await Promise.all(limiters.slice(first, first + leftAtOnce).map((limiter) => limiter.leave(waitUntil)));
  }
}

/** Who still has a limiter that has gone goes on with its lease, beside that of the next one of its name. */
function keep<T>(limiters: Map<string, T>, name: string, limiter: T): void {
  limiters.delete(name);
  if (limiters.size >= most) {
    for (const oldest of limiters.keys()) {
      limiters.delete(oldest);
      break;
    }
  }
  limiters.set(name, limiter);
}
