/** An event on a connection, as mappings, templates and endpoints are told of it. Costly parts are made when first asked for. */

import type { Connection } from "../../connection.ts";
import { canonicalHeaderName } from "../../integrations/header-names.ts";
import type { IntegrationContext } from "../../integrations/integration-context.ts";
import { textOfContext } from "../../mapping/context-variable.ts";
import { newOverrides, type Overrides, type TemplateScope } from "../../mapping/template-scope.ts";
import type { ExecutionLog } from "../../rest/execution-log.ts";
import { type TraceId, traceIdOf } from "../../trace-id.ts";
import type { RouteEvent } from "../route-event.ts";
import type { SelectionSource } from "../selection.ts";

const noHeaders = new Headers();
const noQuery: ReadonlyMap<string, readonly string[]> = new Map();
const nothing: ReadonlyMap<string, string> = new Map();
/** A message has no method; what it makes is posted. */
const method = "POST";

/**
 * Variables that functions are not told: of the guide's apigateway-websocket-api-mapping-template-reference,
 * websocket-api-custom-domain-names, and the list that websocket-api-data-mapping refers to.
 */
const ownVariables: Readonly<Record<string, (context: RouteContext) => unknown>> = {
  accountId: ({ settings }) => settings.accountId,
  domainPrefix: ({ event }) => String(event.context.domainName).split(".", 1)[0],
  status: ({ status }) => status,
};

export class RouteContext implements IntegrationContext {
  readonly event: RouteEvent;
  readonly request: IntegrationContext["request"];
  readonly query: ReadonlyMap<string, readonly string[]>;
  readonly pathParameters = {};
  readonly located: IntegrationContext["located"];
  readonly stage: IntegrationContext["stage"];
  readonly log: ExecutionLog | undefined = undefined;
  /** HTTP status of the endpoint's answer, once there is one: `$context.status`. */
  status: number | undefined;

  #trace: TraceId | undefined;
  #overrides: Overrides | undefined;
  #parameters: TemplateScope["params"] | undefined;

  constructor(event: RouteEvent) {
    const { opening, stage } = event;
    this.event = event;
    this.request = { method, headers: opening?.headers ?? noHeaders };
    this.query = opening?.query ?? noQuery;
    this.located = { apiId: stage.snapshot.apiId };
    this.stage = { variables: stage.stage.stageVariables, stage: stage.stage, vpcLinks: stage.vpcLinks };
  }

  get env() {
    return this.event.env;
  }

  get settings() {
    return this.event.settings;
  }

  /** Lower-case. */
  get headerNames(): string[] {
    return [...this.request.headers.keys()];
  }

  /** Where the request came from that opens the connection. */
  get connection(): Connection | undefined {
    return this.event.opening?.connection;
  }

  get requestId(): string {
    return String(this.variable("requestId"));
  }

  get trace(): TraceId {
    this.#trace ??= traceIdOf(this.request.headers.get("x-amzn-trace-id"), Date.now());
    return this.#trace;
  }

  get overrides(): Overrides {
    this.#overrides ??= newOverrides();
    return this.#overrides;
  }

  get hasOverrides(): boolean {
    return this.#overrides !== undefined;
  }

  /** Of the request that opens the connection; a message has none. */
  get parameters(): TemplateScope["params"] {
    this.#parameters ??= {
      path: nothing,
      querystring: new Map(Array.from(this.query, ([name, values]) => [name, values.at(-1) ?? ""])),
      header: new Map(
        Array.from(this.request.headers, ([name, value]) => [canonicalHeaderName(name), value] as const),
      ),
    };
    return this.#parameters;
  }

  get variables(): Readonly<Record<string, unknown>> {
    const all: Record<string, unknown> = { ...this.event.context };
    for (const name of Object.keys(ownVariables)) {
      const value = this.variable(name);
      if (value !== undefined) all[name] = value;
    }
    return all;
  }

  variable(name: string): unknown {
    const { context } = this.event;
    if (Object.hasOwn(context, name)) return context[name];
    return Object.hasOwn(ownVariables, name) ? ownVariables[name]?.(this) : undefined;
  }

  /** `arn:aws:execute-api:{region}:{account}:{apiId}/{stage}/{route key}`, for permissions. */
  get routeArn(): string {
    const { region, accountId } = this.settings;
    return `arn:aws:execute-api:${region}:${accountId}:${this.located.apiId}/${this.event.stage.stage.stageName}/${this.variable("routeKey")}`;
  }

  /** What selection expressions read. */
  get selectionSource(): SelectionSource {
    return {
      body: this.event.body,
      header: (name) => this.request.headers.get(name) ?? undefined,
      context: (name) => textOfContext(this, name),
    };
  }
}
