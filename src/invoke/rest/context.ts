/** A request on its way: what the steps read and leave for those after them. Costly parts are made when first asked for. */
import type { Method, Resource } from "../../definitions/rest-api.ts";
import { type Env, type Settings, settingsOf } from "../../settings.ts";
import type { Principal } from "../../signature/authenticate.ts";
import type { ApiKeyAccess } from "../access/api-key.ts";
import type { Authorization } from "../access/lambda-authorizer.ts";
import { type Connection, connectionOf } from "../connection.ts";
import { canonicalHeaderName } from "../integrations/header-names.ts";
import type { RequestContext } from "../integrations/lambda-proxy-event.ts";
import { declaredLength, readPayload, readPayloadText } from "../limits/payload.ts";
import type { Located } from "../locate.ts";
import { newOverrides, type Overrides, type TemplateScope } from "../mapping/template-scope.ts";
import { parseQueryString } from "../query-string.ts";
import { type TraceId, traceIdOf } from "../trace-id.ts";
import type { CompiledStage } from "./compiled-api.ts";
import { variableOf, variablesOf } from "./context-variables.ts";
import type { ExecutionLog } from "./execution-log.ts";
import { extendedRequestId, requestIdOf } from "./request-ids.ts";

const utf8 = new TextDecoder();

export class RestContext {
  /** As the client sent it, but for a payload that was compressed. */
  request: Request;
  readonly env: Env;
  readonly settings: Settings;
  readonly waitUntil: (work: Promise<unknown>) => void;
  readonly located: Located;
  readonly stage: CompiledStage;
  readonly requestId: string;
  readonly extendedRequestId = extendedRequestId();
  /** Unix time, milliseconds. */
  readonly startedAt = Date.now();
  /** Only a test of a method has one. */
  log: ExecutionLog | undefined;
  /** Lower-case, set when the headers were checked. */
  headerNames: readonly string[] = [];
  /** Whether the response passes as it comes: nothing may wait for all of it. */
  isStreamed = false;
  /** The id that the AWS service behind the integration has given the request. */
  awsEndpointRequestId: string | undefined;
  /** Whether the request counts for limits and quotas. */
  readonly isMetered: boolean = true;
  /** Set where the method requires one. */
  apiKey: ApiKeyAccess | undefined;
  /** Who has signed the request: set where the method requires it. */
  principal: Principal | undefined;
  /** What the client sent, where a payload was compressed and its signature counts. */
  signed: { request: Request; payload: Uint8Array | null } | undefined;
  /** Set by routing. */
  resource: Resource | undefined;
  method: Method | undefined;
  pathParameters: Record<string, string> = {};

  #query: Map<string, string[]> | undefined;
  #trace: TraceId | undefined;
  #connection: Connection | undefined;
  #variables: RequestContext | undefined;
  #authorizer: Authorization | undefined;
  #overrides: Overrides | undefined;
  #parameters: TemplateScope["params"] | undefined;
  #payload: Promise<Uint8Array | null> | undefined;

  constructor(
    request: Request,
    env: Env,
    waitUntil: RestContext["waitUntil"],
    located: Located,
    stage: CompiledStage,
  ) {
    this.request = request;
    this.env = env;
    this.settings = settingsOf(env);
    this.waitUntil = waitUntil;
    this.located = located;
    this.stage = stage;
    this.requestId = requestIdOf(request.headers);
  }

  get query(): Map<string, string[]> {
    this.#query ??= parseQueryString(this.located.query);
    return this.#query;
  }

  get trace(): TraceId {
    this.#trace ??= traceIdOf(this.request.headers.get("x-amzn-trace-id"), this.startedAt);
    return this.#trace;
  }

  get connection(): Connection {
    this.#connection ??= connectionOf(this.request);
    return this.#connection;
  }

  /** What the authorizer has said of the caller. */
  get authorizer(): Authorization | undefined {
    return this.#authorizer;
  }

  /** From now on the variables show it. */
  set authorizer(authorization: Authorization) {
    this.#authorizer = authorization;
    this.#variables = undefined;
  }

  get overrides(): Overrides {
    this.#overrides ??= newOverrides();
    return this.#overrides;
  }

  /** Whether a template has asked for them, and so may have set some. */
  get hasOverrides(): boolean {
    return this.#overrides !== undefined;
  }

  /** The whole body; null when there is none. Steps that only pass it on do not ask. @throws GatewayError 413 */
  payload(): Promise<Uint8Array | null> {
    this.#payload ??= readPayload(this.request);
    return this.#payload;
  }

  /** Whether a step has read the body, so that its stream is at its end. */
  get hasReadPayload(): boolean {
    return this.#payload !== undefined;
  }

  /** The whole body as text; octets that are no UTF-8 become U+FFFD. @throws GatewayError 413 */
  payloadText(): Promise<string> {
    // Octets that have been read already are not read again, and text that comes as such is not made of octets.
    if (this.#payload || declaredLength(this.request.headers) === undefined) return this.#decodedPayload();
    return readPayloadText(this.request);
  }

  async #decodedPayload(): Promise<string> {
    const octets = await this.payload();
    return octets ? utf8.decode(octets) : "";
  }

  /** `$input.params()`: path parameters, the last of each query parameter, headers with their usual casing. */
  get parameters(): TemplateScope["params"] {
    this.#parameters ??= {
      path: new Map(Object.entries(this.pathParameters)),
      querystring: new Map(Array.from(this.query, ([name, values]) => [name, values.at(-1) as string])),
      header: new Map(
        Array.from(this.request.headers, ([name, value]) => [canonicalHeaderName(name), value] as const),
      ),
    };
    return this.#parameters;
  }

  /** `arn:aws:execute-api:{region}:{account}:{apiId}/{stage}/{method}{resource path}`, for permissions. */
  get methodArn(): string {
    const { region, accountId } = this.settings;
    const { apiId, stageName } = this.located;
    return `arn:aws:execute-api:${region}:${accountId}:${apiId}/${stageName}/${this.request.method}${this.resource?.path ?? ""}`;
  }

  /** All of `$context`, as functions see it. */
  get variables(): RequestContext {
    this.#variables ??= this.makeVariables();
    return this.#variables;
  }

  protected makeVariables(): RequestContext {
    return variablesOf(this);
  }

  /** One variable of `$context`; undefined when it is not there. */
  variable(name: string): unknown {
    return variableOf(this, name);
  }
}
