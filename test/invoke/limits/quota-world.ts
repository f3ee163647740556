/**
 * One quota in virtual time: its ledger, isolates that lease from it, a network that delays and loses, crashes of both
 * sides, an operator who changes things. Limiter, lease and ledger are the real ones, and so is what a crash leaves.
 */
import type { QuotaSettings } from "../../../src/definitions/api-key.ts";
import { dayOf, periodStart } from "../../../src/definitions/quota-period.ts";
import { Limiter } from "../../../src/invoke/limits/limiter.ts";
import { QuotaLease } from "../../../src/invoke/limits/quota-lease.ts";
import {
  type QuotaAsk,
  type QuotaGrant,
  QuotaLedger,
  type QuotaState,
} from "../../../src/invoke/limits/quota-ledger.ts";

export interface Network {
  /** Milliseconds that a message takes one way. */
  delay: () => number;
  /** What becomes of a message: it may be lost, and its sender told or not. */
  fate: () => "arrives" | "fails" | "vanishes";
}

export class QuotaWorld {
  quota: QuotaSettings;
  version = 1;
  readonly isolates: Isolate[] = [];
  /** By day, on the ledger's clock. */
  readonly admitted = new Map<string, number>();
  refused = 0;
  asks = 0;
  /** By a period's first day: the most that was ever allowed in it. */
  readonly #allowed = new Map<string, number>();
  readonly #network: Network;
  readonly #skew: number;
  #disk: { settings: string; days: Map<string, number> } = { settings: "{}", days: new Map() };
  #ledger!: QuotaLedger;

  /** @param skew milliseconds by which the ledger's clock is ahead of the isolates' */
  constructor(quota: QuotaSettings, network: Network, skew = 0) {
    this.quota = quota;
    this.#network = network;
    this.#skew = skew;
    this.crash();
  }

  /** The ledger is started from what it has kept. */
  crash(): void {
    const { settings, days } = this.#disk;
    const state: QuotaState = { version: 0, ...JSON.parse(settings), days: new Map(days) };
    this.#ledger = new QuotaLedger(state, (change) => {
      if (change.settings) this.#disk.settings = JSON.stringify({ ...state, days: undefined });
      if (change.day === undefined) return;
      const requests = state.days.get(change.day);
      if (requests === undefined) days.delete(change.day);
      else days.set(change.day, requests);
    });
  }

  addIsolate(): Isolate {
    const isolate = new Isolate(this);
    this.isolates.push(isolate);
    return isolate;
  }

  /** @param isolate leaves, with what it has leased and all that it waits for */
  replace(isolate: Isolate): void {
    isolate.isGone = true;
    this.isolates[this.isolates.indexOf(isolate)] = new Isolate(this);
  }

  /** UpdateUsagePlan: known to the isolates from now on. */
  change(quota: QuotaSettings): void {
    this.quota = quota;
    this.version++;
    for (const isolate of this.isolates) isolate.learn();
    this.#allow();
  }

  /** UpdateUsage. */
  extend(remaining: number): void {
    this.#ledger.extend(remaining, this.quota, this.#now);
    this.#allow();
  }

  async send(ask: QuotaAsk): Promise<QuotaGrant> {
    await this.#travel();
    this.asks++;
    this.#allow();
    const grant = this.#ledger.ask(structuredClone(ask), this.#now);
    this.#allow();
    await this.#travel();
    return structuredClone(grant);
  }

  admit(): void {
    const day = this.today;
    this.admitted.set(day, (this.admitted.get(day) ?? 0) + 1);
  }

  used(day: string): number {
    return this.#ledger.usage([day], undefined)[0]?.used ?? 0;
  }

  get today(): string {
    return dayOf(this.#now);
  }

  /** Requests that were admitted beyond what the periods allowed, or that were not counted on their day. */
  get excess(): number {
    let excess = 0;
    const periods = new Map<string, number>();
    for (const [day, admitted] of this.admitted) {
      excess = Math.max(excess, admitted - this.used(day));
      const period = periodStart(day, this.quota);
      periods.set(period, (periods.get(period) ?? 0) + admitted);
    }
    for (const [period, admitted] of periods) {
      excess = Math.max(excess, admitted - (this.#allowed.get(period) ?? 0));
    }
    return excess;
  }

  /** What is counted and was not admitted. */
  get unused(): number {
    let unused = 0;
    for (const day of this.#disk.days.keys()) unused += this.used(day) - (this.admitted.get(day) ?? 0);
    return unused;
  }

  get #now(): number {
    return Date.now() + this.#skew;
  }

  /** What the ledger shows as used and as left is what the period allows now. */
  #allow(): void {
    const [usage] = this.#ledger.usage([this.today], this.quota);
    const period = periodStart(this.today, this.quota);
    let used = 0;
    for (const [day, requests] of this.#disk.days) if (day >= period && day <= this.today) used += requests;
    const allowed = this.#allowed.get(period) ?? this.quota.limit;
    // Nothing left is not more than before.
    const now = usage?.remaining ? used + usage.remaining : 0;
    this.#allowed.set(period, Math.max(allowed, now));
  }

  async #travel(): Promise<void> {
    await new Promise<void>((resolve) => setTimeout(resolve, this.#network.delay()));
    const fate = this.#network.fate();
    if (fate === "fails") throw new Error("lost");
    if (fate === "vanishes") await new Promise(() => undefined);
  }
}

export class Isolate {
  isGone = false;
  readonly #world: QuotaWorld;
  readonly #limiter: Limiter<QuotaAsk, QuotaGrant> & { readonly lease: QuotaLease };

  constructor(world: QuotaWorld) {
    this.#world = world;
    const send = (ask: QuotaAsk) => (this.isGone ? new Promise<never>(() => undefined) : world.send(ask));
    const lease = new QuotaLease(world.quota, world.version);
    this.#limiter = new Limiter(lease, send, "closed") as Limiter<QuotaAsk, QuotaGrant> & {
      lease: QuotaLease;
    };
  }

  learn(): void {
    this.#limiter.lease.quota = this.#world.quota;
    this.#limiter.lease.version = this.#world.version;
  }

  request(): void {
    const world = this.#world;
    const passed = (isAdmitted: boolean) => {
      if (this.isGone) return;
      if (isAdmitted) world.admit();
      else world.refused++;
    };
    const answer = this.#limiter.admit(() => undefined);
    if (typeof answer === "boolean") passed(answer);
    else answer.then(passed);
  }
}
