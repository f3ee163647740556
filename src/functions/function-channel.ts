/**
 * Channels to functions in the function host: what Lambda calls execution environments. A channel is a WebSocket that
 * ends in the function's isolate, and carries one invoke at a time, a message each way; a request over HTTP for each took
 * more computing than all the rest of the invoke. `/tmp`, and whatever else the runtime keeps for a request, is a
 * channel's own, so invokes that run at the same time do not share it, and those that follow one another do, as in Lambda.
 *
 * A socket belongs to the request that opened it, so a channel has a request of its own, whose work goes on until the
 * channel ends. A request that calls the function leaves its message here, wakes that request, and is woken by it.
 *
 * Whatever one request waits for and another settles is made by `Promise.withResolvers`. workerd marks each promise with
 * its request and goes on there when another settles it, but V8's optimized code forgets the mark of `new Promise` (seen
 * with workerd 1.20261117.1: after some thousand calls the waiting request went on inside the other).
 */
import type { Env } from "../settings.ts";
import { callHost } from "./call-host.ts";
import { functionCode } from "./function-cache.ts";
import { graceMillis, timedOut } from "./isolate-failure.ts";
import {
  type IsolateDefinition,
  type IsolateInvocation,
  type IsolateResult,
  readAnswer,
  writeCall,
} from "./isolate-protocol.ts";
import { TimeLimit } from "./time-limit.ts";

/** Milliseconds after which a channel that nobody has used is closed. */
const idleTime = 5_000;
/** Calls of one channel: what functions leave behind, such as answers that they have not read, goes with it. */
const mostCalls = 250;

/** Those that wait for a call, by the isolate's id; the one that was used last is used next. */
const idle = new Map<string, FunctionChannel[]>();
/** By their number: those whose request has not begun. */
const unbegun = new Map<number, FunctionChannel>();
let opened = 0;

/** @param codeSha256 names the isolate's code, which is sent when the host does not know the isolate */
export const channelTo = (definition: IsolateDefinition, codeSha256: string): FunctionChannel =>
  idle.get(definition.id)?.pop() ?? new FunctionChannel(definition, codeSha256);

/** @param number that `FunctionChannels.begin` was told @returns undefined when the channel has begun before */
export function beginningChannel(number: number): FunctionChannel | undefined {
  const channel = unbegun.get(number);
  unbegun.delete(number);
  return channel;
}

export class FunctionChannel {
  readonly #definition: IsolateDefinition;
  readonly #codeSha256: string;
  #calls = 0;
  #isRetired = false;
  #unsent: IsolateInvocation | undefined;
  /** What the request that calls waits for. */
  #answer: PromiseWithResolvers<IsolateResult> | undefined;
  /** What the request of the channel waits for. */
  #change: PromiseWithResolvers<void> | undefined;
  /** Of the request of the channel. */
  readonly #limit = new TimeLimit();

  constructor(definition: IsolateDefinition, codeSha256: string) {
    this.#definition = definition;
    this.#codeSha256 = codeSha256;
  }

  /**
   * Runs the function, for the request that calls it: once, as `channelTo` gives the channel to nobody else meanwhile.
   * @returns a failure as well when the function's timeout has passed, and it cannot say so itself
   * @throws Error when the host cannot be reached, or ends while the function runs
   */
  call(env: Env, invocation: IsolateInvocation): Promise<IsolateResult> {
    this.#calls++;
    this.#unsent = invocation;
    this.#answer = Promise.withResolvers();
    if (this.#calls === 1) this.#begin(env);
    this.#change?.resolve();
    return this.#answer.promise;
  }

  #begin(env: Env): void {
    const number = opened++;
    unbegun.set(number, this);
    env.FUNCTION_CHANNELS?.begin(number).catch((error) => {
      unbegun.delete(number);
      this.#end(error);
    });
  }

  /** Ends it, and what runs in it. */
  #retire(): void {
    this.#isRetired = true;
    const waiting = idle.get(this.#definition.id);
    const place = waiting?.indexOf(this) ?? -1;
    if (place >= 0) waiting?.splice(place, 1);
    if (waiting?.length === 0) idle.delete(this.#definition.id);
    this.#change?.resolve();
  }

  /** By the request of the channel. @returns when the channel has ended */
  async serve(env: Env): Promise<void> {
    if (this.#unsent) this.#keepTime(this.#unsent);
    try {
      const loadCode = () => functionCode(env, this.#codeSha256);
      const response = await callHost(env.FUNCTIONS as Fetcher, this.#definition, loadCode, {
        headers: { Upgrade: "websocket" },
      });
      if (response.webSocket) await this.#carry(response.webSocket);
      // The isolate has not started.
      else this.#end(await response.json());
    } catch (error) {
      this.#end(error as Error);
    }
  }

  async #carry(socket: WebSocket): Promise<void> {
    const closed = Promise.withResolvers<void>();
    const lost = (reason: string) => {
      closed.resolve();
      this.#end(new Error(reason));
    };
    socket.addEventListener("message", ({ data }) => this.#answered(data as string));
    socket.addEventListener("close", () => lost("the channel was closed"));
    socket.addEventListener("error", ({ message }) => lost(message));
    socket.accept();
    let callsBefore = 0;
    const timer = setInterval(() => {
      if (this.#calls === callsBefore && !this.#answer) this.#retire();
      callsBefore = this.#calls;
    }, idleTime);
    while (!this.#isRetired) {
      if (this.#unsent) {
        this.#keepTime(this.#unsent);
        socket.send(writeCall(this.#unsent));
        this.#unsent = undefined;
      }
      this.#change = Promise.withResolvers();
      await this.#change.promise;
    }
    clearInterval(timer);
    socket.close();
    await closed.promise;
  }

  #keepTime(invocation: IsolateInvocation): void {
    this.#limit.start(invocation.timeoutMillis + graceMillis, () => this.#end(timedOut(invocation)));
  }

  #answered(message: string): void {
    const answer = this.#answer;
    this.#answer = undefined;
    this.#limit.stop();
    try {
      const { isLast, ...result } = readAnswer(message);
      if (isLast || this.#calls === mostCalls) this.#retire();
      else if (!this.#isRetired) this.#rest();
      answer?.resolve(result);
    } catch (error) {
      answer?.reject(error);
      this.#retire();
    }
  }

  #rest(): void {
    const { id } = this.#definition;
    const waiting = idle.get(id);
    if (waiting) waiting.push(this);
    else idle.set(id, [this]);
  }

  #end(result: IsolateResult | Error): void {
    this.#retire();
    this.#limit.stop();
    if (result instanceof Error) this.#answer?.reject(result);
    else this.#answer?.resolve(result);
    this.#answer = undefined;
  }
}
