/** A WebSocket API for a test, made with the SDK, and clients of it. */
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type ApiGatewayV2Client,
  CreateApiCommand,
  CreateDeploymentCommand,
  CreateIntegrationCommand,
  type CreateIntegrationCommandInput,
  CreateIntegrationResponseCommand,
  type CreateIntegrationResponseCommandInput,
  CreateRouteCommand,
  type CreateRouteCommandInput,
  CreateRouteResponseCommand,
  CreateStageCommand,
} from "@aws-sdk/client-apigatewayv2";
import { type ClientOptions, WebSocket } from "ws";

type Given<Input, Omitted extends keyof Input> = Partial<Omit<Input, Omitted>>;

export interface RouteOptions {
  integration?: Given<CreateIntegrationCommandInput, "ApiId">;
  integrationResponses?: Given<CreateIntegrationResponseCommandInput, "ApiId" | "IntegrationId">[];
  route?: Given<CreateRouteCommandInput, "ApiId" | "RouteKey">;
  /** Whether what the integration answers goes to the client. */
  isTwoWay?: boolean;
}

export class TestWebSocketApi {
  readonly client: ApiGatewayV2Client;
  readonly id: string;

  private constructor(client: ApiGatewayV2Client, id: string) {
    this.client = client;
    this.id = id;
  }

  static async create(
    client: ApiGatewayV2Client,
    RouteSelectionExpression = "$request.body.action",
  ): Promise<TestWebSocketApi> {
    const api = await client.send(
      new CreateApiCommand({ Name: "test", ProtocolType: "WEBSOCKET", RouteSelectionExpression }),
    );
    return new TestWebSocketApi(client, api.ApiId as string);
  }

  async route(
    RouteKey: string,
    { integration, integrationResponses = [], route = {}, isTwoWay = false }: RouteOptions = {},
  ): Promise<void> {
    const ApiId = this.id;
    let Target: string | undefined;
    if (integration) {
      const { IntegrationId } = await this.client.send(
        new CreateIntegrationCommand({ IntegrationType: "MOCK", ...integration, ApiId }),
      );
      Target = `integrations/${IntegrationId}`;
      for (const response of integrationResponses) {
        await this.client.send(
          new CreateIntegrationResponseCommand({
            IntegrationResponseKey: "$default",
            ...response,
            ApiId,
            IntegrationId,
          }),
        );
      }
    }
    const { RouteId } = await this.client.send(
      new CreateRouteCommand({
        ...(isTwoWay ? { RouteResponseSelectionExpression: "$default" } : {}),
        ...route,
        ApiId,
        RouteKey,
        ...(Target ? { Target } : {}),
      }),
    );
    if (isTwoWay) {
      await this.client.send(
        new CreateRouteResponseCommand({ ApiId, RouteId, RouteResponseKey: "$default" }),
      );
    }
  }

  async deploy(StageName = "test", StageVariables: Record<string, string> = {}): Promise<void> {
    const { DeploymentId } = await this.client.send(new CreateDeploymentCommand({ ApiId: this.id }));
    await this.client.send(
      new CreateStageCommand({ ApiId: this.id, StageName, DeploymentId, StageVariables }),
    );
  }

  /** What has changed since goes to the stage, too. */
  async redeploy(StageName = "test"): Promise<void> {
    await this.client.send(new CreateDeploymentCommand({ ApiId: this.id, StageName }));
  }

  url(origin: string, stageName = "test"): string {
    return `${origin.replace(/^http/, "ws")}/execute-api/${this.id}/${stageName}`;
  }
}

/** A client's end of a connection: what it was sent waits here until it is asked for. */
export class TestSocket {
  readonly socket: WebSocket;
  readonly #received: string[] = [];
  #wake: (() => void) | undefined;
  readonly closed: Promise<{ code: number; reason: string }>;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on("message", (data, isBinary) => {
      this.#received.push(isBinary ? `binary:${(data as Buffer).toString("hex")}` : data.toString());
      this.#wake?.();
    });
    socket.on("error", () => {});
    this.closed = new Promise((resolve) => {
      socket.on("close", (code, reason) => resolve({ code, reason: String(reason) }));
    });
  }

  /** @throws what the upgrade was answered with: `Unexpected server response: 403` */
  static async open(
    url: string,
    options: ClientOptions & { protocols?: string[] } = {},
  ): Promise<TestSocket> {
    // workerd keeps a connection that it has closed first, and on which it has received no message, until the client
    // hangs up.
    const closeTimeout = { closeTimeout: 1000 };
    const socket = new WebSocket(url, options.protocols ?? [], { ...closeTimeout, ...options });
    const test = new TestSocket(socket);
    await once(socket, "open");
    return test;
  }

  send(message: unknown): void {
    this.socket.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  /** What was received and not asked for yet. */
  get waiting(): readonly string[] {
    return this.#received;
  }

  /** The next message that comes, or has come. */
  async next(): Promise<string> {
    const deadline = Date.now() + 10_000;
    while (this.#received.length === 0) {
      if (Date.now() > deadline) throw new Error("nothing was received in ten seconds");
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        setTimeout(resolve, 1000);
      });
    }
    return this.#received.shift() as string;
  }

  /** The next message, which is JSON. */
  async nextJson(): Promise<Record<string, unknown>> {
    return JSON.parse(await this.next());
  }
}

/** Waits until a condition holds. */
export async function eventually<T>(find: () => T | undefined | false, patience = 10_000): Promise<T> {
  const deadline = Date.now() + patience;
  for (;;) {
    const found = find();
    if (found) return found;
    if (Date.now() > deadline) throw new Error("it has not happened");
    await sleep(20);
  }
}
