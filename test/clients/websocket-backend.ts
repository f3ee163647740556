/** A backend for routes: an HTTP server that keeps what it is told of connections, and answers as a test wants. */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { json } from "node:stream/consumers";
import { listen } from "../listen.ts";
import { apiGatewayV2Client } from "./clients.ts";
import { type RouteOptions, TestWebSocketApi } from "./websocket-api.ts";

export interface BackendEvent {
  type: "CONNECT" | "MESSAGE" | "DISCONNECT";
  route: string;
  id: string;
  body: string;
  /** Of a DISCONNECT. */
  code: string;
  reason: string;
}

export interface BackendAnswer {
  status?: number;
  body?: string;
  /** Milliseconds until it is given. */
  delay?: number;
}

const template = `{"type":"$context.eventType","route":"$context.routeKey","id":"$context.connectionId",
"body":"$util.base64Encode($input.body)","code":"$context.disconnectStatusCode","reason":"$context.disconnectReason"}`;

export class WebSocketBackend {
  readonly events: BackendEvent[] = [];
  /** What an event is answered with; by default its body. */
  answer: (event: BackendEvent) => BackendAnswer | undefined = () => undefined;
  readonly #server: Server;
  #port = 0;

  private constructor() {
    this.#server = createServer(async (request, response) => {
      const event = (await json(request)) as BackendEvent;
      event.body = Buffer.from(event.body, "base64").toString();
      this.events.push(event);
      const { status = 200, body = event.body, delay = 0 } = this.answer(event) ?? {};
      setTimeout(() => response.writeHead(status).end(body), delay);
    });
  }

  static async start(): Promise<WebSocketBackend> {
    const backend = new WebSocketBackend();
    backend.#port = await listen(backend.#server);
    return backend;
  }

  /** A route that goes to it. */
  get route(): RouteOptions {
    return {
      integration: {
        IntegrationType: "HTTP",
        IntegrationMethod: "POST",
        IntegrationUri: `http://127.0.0.1:${this.#port}/`,
        RequestTemplates: { $default: template },
        TemplateSelectionExpression: "\\$default",
      },
      integrationResponses: [{ IntegrationResponseKey: "$default" }],
    };
  }

  /** An API of the gateway whose events all go to it; it is not deployed yet. */
  async createApi(
    origin: string,
    oneWay = ["$connect", "$disconnect"],
    twoWay = ["$default"],
  ): Promise<TestWebSocketApi> {
    const api = await TestWebSocketApi.create(apiGatewayV2Client(origin));
    for (const key of oneWay) await api.route(key, this.route);
    for (const key of twoWay) await api.route(key, { ...this.route, isTwoWay: true });
    return api;
  }

  of(id: string, type?: BackendEvent["type"]): BackendEvent[] {
    return this.events.filter((event) => event.id === id && (type === undefined || event.type === type));
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }
}
