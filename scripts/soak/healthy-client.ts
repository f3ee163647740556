/** A client that keeps to everything, and takes note of whatever it does not get, or gets in another order. */
import { setTimeout as sleep } from "node:timers/promises";
import { type ClientSocket, opened } from "./client-socket.ts";
import type { Post } from "./connection-posts.ts";
import { type Echo, type EventFault, eventFaults, type Message, randomOf } from "./event-backend.ts";

/** Milliseconds between two messages, and between two posts: half of it to one and a half. */
const pace = 800;
/** Of messages, those whose event fails. A backend that hangs holds up what comes behind, so it is rare. */
const failing = 0.05;
const hanging = 0.005;
/** Milliseconds for the last answers. */
const patience = 30_000;

const pause = () => sleep(pace * (0.5 + Math.random()));

function drawFault(): EventFault {
  const drawn = Math.random();
  if (drawn < hanging) return "hanging";
  return drawn < failing ? randomOf(eventFaults.filter((fault) => fault !== "hanging")) : "none";
}

/** A status that is no success is an answer as well: the route has an integration response for all. */
const isAnswered = (fault: EventFault) => fault === "none" || fault === "refused";

export class HealthyClient {
  readonly faults: string[] = [];
  sent = 0;
  echoed = 0;
  failed = 0;
  posted = 0;
  readonly #name: string;
  readonly #client: ClientSocket;
  readonly #unanswered: Message[] = [];
  #id = "";
  #postsReceived = 0;
  #isClosing = false;

  private constructor(name: string, client: ClientSocket) {
    this.#name = name;
    this.#client = client;
    client.socket.on("message", (data) => this.#receive(data.toString()));
    client.socket.on("close", (code) => {
      if (!this.#isClosing) this.#note(`was closed with ${code}`);
    });
  }

  static async open(url: string, name: string): Promise<HealthyClient> {
    return new HealthyClient(name, await opened(url));
  }

  /**
   * Sends, and has numbered messages posted to it, until it is told to stop; waits for what it is owed, and leaves.
   * @param id of its connection
   */
  async run(post: Post, id: string, signal: AbortSignal): Promise<void> {
    await Promise.all([this.#send(signal), this.#receivePosts(post, id, signal)]);
    await this.#until(() => this.#unanswered.length === 0 && this.#postsReceived === this.posted);
    if (this.#unanswered.length > 0) this.#note(`has ${this.#unanswered.length} messages unanswered`);
    const missing = this.posted - this.#postsReceived;
    if (missing > 0) this.#note(`has not received ${missing} posts`);
    this.#isClosing = true;
    this.#client.socket.close();
  }

  async #send(signal: AbortSignal): Promise<void> {
    const { socket } = this.#client;
    while (!signal.aborted && socket.readyState === socket.OPEN) {
      const message: Message = { number: this.sent++, fault: drawFault() };
      this.#unanswered.push(message);
      socket.send(JSON.stringify(message));
      await pause();
    }
  }

  async #receivePosts(post: Post, id: string, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const outcome = await post(id, JSON.stringify({ posted: this.posted++ }));
      if (outcome !== "200") {
        this.#note(`post ${this.posted - 1} came to ${outcome}`);
        return;
      }
      await pause();
    }
  }

  #receive(text: string): void {
    const received = JSON.parse(text) as Partial<Echo> & { posted?: number; message?: string } & {
      connectionId?: string;
    };
    if (received.posted !== undefined) {
      if (received.posted !== this.#postsReceived) {
        this.#note(`received post ${received.posted} for ${this.#postsReceived}`);
      }
      this.#postsReceived = received.posted + 1;
      return;
    }
    const message = this.#unanswered.shift();
    if (!message) {
      this.#note(`received ${text} without having asked`);
      return;
    }
    const id = received.id ?? received.connectionId ?? "";
    this.#id ||= id;
    const isEcho = received.number === message.number;
    const isError = received.number === undefined && received.message !== undefined;
    if (id !== this.#id || !(isAnswered(message.fault) ? isEcho : isError)) {
      this.#note(`received ${text} for ${JSON.stringify(message)}`);
    }
    if (isEcho) this.echoed++;
    else this.failed++;
  }

  async #until(holds: () => boolean): Promise<void> {
    const deadline = Date.now() + patience;
    while (!holds() && Date.now() < deadline) await sleep(100);
  }

  /** The first ones are enough. */
  #note(fault: string): void {
    if (this.faults.length < 3) this.faults.push(`${this.#name} ${fault}`);
  }
}
