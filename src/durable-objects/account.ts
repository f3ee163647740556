/**
 * The control plane's state: one strongly consistent object for the account. Handlers run in it, each in one
 * SQLite transaction; what they publish waits in an outbox table and reaches KV before the caller's answer,
 * or after a crash when the object next wakes.
 */
import { DurableObject } from "cloudflare:workers";
import type { KeyPair } from "../definitions/rest-api.ts";
import { clientCertificateKeys } from "../management/apigateway/collections.ts";
import { handlers } from "../management/handlers.ts";
import type { OperationCall, OperationContext } from "../management/operation.ts";
import { ServiceError } from "../management/protocol/service-error.ts";
import { type Env, settingsOf } from "../settings.ts";
import { type Flushed, Outbox } from "./outbox.ts";
import { SqlStore } from "./sql-store.ts";

/** What `execute` answers: an error is data, since a class does not survive the way between isolates. */
export type OperationReply =
  // The caller's isolate drops its copies of what was published.
  | ({ output: object | undefined } & Flushed)
  | { error: { code: string; status: number; message: string; members: Record<string, unknown> } };

export class Account extends DurableObject<Env> {
  readonly #store: SqlStore;
  readonly #outbox: Outbox;

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    this.#store = new SqlStore(state.storage.sql);
    this.#outbox = new Outbox(state.storage, env.DEFINITIONS);
    // What an earlier life committed and did not publish goes out before anything else happens.
    state.blockConcurrencyWhile(async () => {
      await this.#outbox.flush();
    });
  }

  /** Carries out one operation, in one transaction, and publishes what it changed. */
  async execute(call: OperationCall): Promise<OperationReply> {
    const handler = handlers[call.service]?.[call.operation];
    if (!handler) {
      return {
        error: {
          code: "NotImplementedException",
          status: 501,
          message: `Sallyport does not implement ${call.service}:${call.operation} yet.`,
          members: {},
        },
      };
    }
    const context: OperationContext = {
      store: this.#store,
      publish: this.#outbox,
      settings: settingsOf(this.env),
      caller: call.caller,
      origin: call.origin,
      requestId: call.requestId,
      now: Math.floor(Date.now() / 1000),
    };
    try {
      const output = this.ctx.storage.transactionSync(() => handler(call.input, context));
      return { output, ...(await this.#outbox.flush()) };
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      const { code, status, message, members } = error;
      return { error: { code, status, message, members } };
    }
  }

  /** For the data plane alone: what a stage's client certificate is presented with. No operation answers it. */
  clientCertificateKeyPair(id: string): KeyPair | undefined {
    return clientCertificateKeys(this.#store).get(id);
  }

  /** Goes on with what `execute` could not publish in one invocation. */
  publish(): Promise<Flushed> {
    return this.#outbox.flush();
  }

  /** Set by the outbox when something is left in it. */
  override async alarm(): Promise<void> {
    await this.#outbox.flush();
  }
}
