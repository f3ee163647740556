/**
 * A backend for the routes of a WebSocket API, which keeps account of connections and fails when it is asked to: by the
 * query of what opens a connection, by what is in a message, and as it likes at the end of one, where nobody is told.
 */
import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { RouteOptions } from "../../test/clients/websocket-api.ts";

/** What may become of an event. */
export const eventFaults = ["none", "refused", "hanging", "broken off", "broken off in the body"] as const;
export type EventFault = (typeof eventFaults)[number];

export const randomOf = <T>(values: readonly T[]): T =>
  values[Math.floor(Math.random() * values.length)] as T;

/** Of an integration, milliseconds: much longer than anything that does not hang takes. */
const timeout = 4_000;
/** Milliseconds. */
const mostDelay = 100;

interface Event {
  type: "CONNECT" | "MESSAGE" | "DISCONNECT";
  id: string;
  /** Base64. */
  body: string;
  /** Of a CONNECT: who opens it, and what is to become of that. */
  client: string;
  fault: string;
}

const template = `{"type":"$context.eventType","id":"$context.connectionId",
"body":"$util.base64Encode($input.body)","client":"$input.params('client')","fault":"$input.params('fault')"}`;

/** What a message of a client says. */
export interface Message {
  number: number;
  fault: EventFault;
}

/** What the backend makes of one that it answers. */
export interface Echo {
  number: number;
  id: string;
}

interface Account {
  wasRefused: boolean;
  connects: number;
  disconnects: number;
  /** Of the last numbered message. */
  last: number;
  outOfOrder: number;
}

export class EventBackend {
  readonly accounts = new Map<string, Account>();
  /** By the name that a client has given itself. */
  readonly idOf = new Map<string, string>();
  messages = 0;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer(async (request, response) => {
      response.on("error", () => undefined);
      try {
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk);
        await this.#answer(JSON.parse(Buffer.concat(chunks).toString()), response);
      } catch {
        response.destroy();
      }
    });
    // The gateway closes idle connections, so that no event meets one that is being closed.
    this.#server.keepAliveTimeout = 60_000;
  }

  static async start(): Promise<EventBackend> {
    const backend = new EventBackend();
    backend.#server.listen(0, "127.0.0.1");
    await once(backend.#server, "listening");
    return backend;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** A route that goes to it. */
  get route(): RouteOptions {
    return {
      integration: {
        IntegrationType: "HTTP",
        IntegrationMethod: "POST",
        IntegrationUri: `http://127.0.0.1:${this.port}/`,
        RequestTemplates: { $default: template },
        TemplateSelectionExpression: "\\$default",
        TimeoutInMillis: timeout,
      },
      integrationResponses: [{ IntegrationResponseKey: "$default" }],
    };
  }

  /** How many connections have been opened, as their clients were told, and how many of them have ended. */
  get totals(): { opened: number; ended: number } {
    let opened = 0;
    let ended = 0;
    for (const { wasRefused, disconnects } of this.accounts.values()) {
      if (!wasRefused) opened++;
      if (disconnects > 0) ended++;
    }
    return { opened, ended };
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  #accountOf(id: string): Account {
    let account = this.accounts.get(id);
    if (!account) {
      account = { wasRefused: false, connects: 0, disconnects: 0, last: -1, outOfOrder: 0 };
      this.accounts.set(id, account);
    }
    return account;
  }

  async #answer(event: Event, response: ServerResponse): Promise<void> {
    const { type, id } = event;
    const account = this.#accountOf(id);
    switch (type) {
      case "CONNECT": {
        account.connects++;
        const fault = event.fault as EventFault;
        account.wasRefused = fault !== "none";
        this.idOf.set(event.client, id);
        return give(response, fault, "");
      }
      case "DISCONNECT":
        account.disconnects++;
        return give(response, Math.random() < 0.9 ? "none" : randomOf(eventFaults), "");
      default: {
        this.messages++;
        const text = Buffer.from(event.body, "base64").toString();
        const message = messageOf(text);
        // What misbehaving clients send is nothing to be counted.
        if (!message) return give(response, "none", text);
        if (message.number !== account.last + 1) account.outOfOrder++;
        account.last = message.number;
        return give(response, message.fault, JSON.stringify({ number: message.number, id } satisfies Echo));
      }
    }
  }
}

function messageOf(text: string): Message | undefined {
  try {
    const message = JSON.parse(text);
    return typeof message?.number === "number" ? message : undefined;
  } catch {
    return undefined;
  }
}

/** @param body of an answer that is given */
async function give(response: ServerResponse, fault: EventFault, body: string): Promise<void> {
  await sleep(Math.random() ** 2 * mostDelay);
  switch (fault) {
    case "none":
      response.writeHead(200).end(body);
      return;
    case "refused":
      response.writeHead(randomOf([400, 403, 500, 503])).end(body);
      return;
    case "hanging":
      await sleep(2 * timeout, undefined, { ref: false });
      response.writeHead(200).end("too late");
      return;
    case "broken off":
      response.socket?.resetAndDestroy();
      return;
    case "broken off in the body":
      response.writeHead(200, { "Content-Length": 1000 }).write("half");
      await sleep(20);
      response.socket?.resetAndDestroy();
  }
}
