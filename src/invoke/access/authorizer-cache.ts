/**
 * Results of authorizers that this isolate has, by stage, authorizer and identity. One result counts for every method
 * of the API until it expires. Calls for the same identity that come together are one.
 */
import { sharedPromise } from "../shared-promise.ts";
import type { AuthorizerResult } from "./authorizer-result.ts";

/** Characters of keys and policies; compiled, they take some ten times as many bytes. */
const mostCharacters = 2_000_000;

interface Entry {
  result: AuthorizerResult;
  /** Unix time, milliseconds. */
  expiresAt: number;
  size: number;
}

export class AuthorizerCache {
  /** In the order of their last use. */
  readonly #entries = new Map<string, Entry>();
  readonly #pending = new Map<string, Promise<AuthorizerResult>>();
  readonly #most: number;
  #size = 0;

  constructor(most = mostCharacters) {
    this.#most = most;
  }

  /** @param now Unix time, milliseconds */
  get(key: string, now: number): AuthorizerResult | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    this.#drop(key, entry);
    if (entry.expiresAt <= now) return undefined;
    this.#keep(key, entry);
    return entry.result;
  }

  /** The call that is under way for this key. */
  pending(key: string): Promise<AuthorizerResult> | undefined {
    return this.#pending.get(key);
  }

  /**
   * Keeps what the call comes to; a failure is not kept.
   * @param timeToLive milliseconds
   */
  async make(
    key: string,
    timeToLive: number,
    call: () => Promise<AuthorizerResult>,
  ): Promise<AuthorizerResult> {
    const promise = sharedPromise(call());
    this.#pending.set(key, promise);
    try {
      const result = await promise;
      const before = this.#entries.get(key);
      if (before) this.#drop(key, before);
      this.#keep(key, { result, expiresAt: Date.now() + timeToLive, size: sizeOf(key, result) });
      return result;
    } finally {
      if (this.#pending.get(key) === promise) this.#pending.delete(key);
    }
  }

  #keep(key: string, entry: Entry): void {
    this.#entries.set(key, entry);
    this.#size += entry.size;
    for (const [oldest, { size }] of this.#entries) {
      if (this.#size <= this.#most) break;
      this.#entries.delete(oldest);
      this.#size -= size;
    }
  }

  #drop(key: string, { size }: Entry): void {
    this.#entries.delete(key);
    this.#size -= size;
  }
}

const sizeOf = (key: string, { policyDocument, principalId, context }: AuthorizerResult): number =>
  key.length + policyDocument.length + principalId.length + JSON.stringify(context).length;
