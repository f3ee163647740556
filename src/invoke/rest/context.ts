/** A request on its way: what the steps read and leave for those after them. Costly parts are made when first asked for. */
import type { Method, Resource } from "../../definitions/rest-api.ts";
import { type Env, type Settings, settingsOf } from "../../settings.ts";
import { type Connection, connectionOf } from "../connection.ts";
import { type RequestContext, requestTime } from "../integrations/lambda-proxy-event.ts";
import { readPayload } from "../limits/payload.ts";
import type { Located } from "../locate.ts";
import { newOverrides, type Overrides } from "../mapping/template-scope.ts";
import { parseQueryString } from "../query-string.ts";
import { type TraceId, traceIdOf } from "../trace-id.ts";
import type { CompiledStage } from "./compiled-api.ts";
import type { ExecutionLog } from "./execution-log.ts";
import { extendedRequestId, requestIdOf } from "./request-ids.ts";

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
  /** Set by routing. */
  resource: Resource | undefined;
  method: Method | undefined;
  pathParameters: Record<string, string> = {};

  #query: Map<string, string[]> | undefined;
  #trace: TraceId | undefined;
  #connection: Connection | undefined;
  #variables: RequestContext | undefined;
  #overrides: Overrides | undefined;
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

  get overrides(): Overrides {
    this.#overrides ??= newOverrides();
    return this.#overrides;
  }

  /** Whether a template has been rendered, which may have set some. */
  get hasOverrides(): boolean {
    return this.#overrides !== undefined;
  }

  /** The whole body; null when there is none. Steps that only pass it on do not ask. @throws GatewayError 413 */
  payload(): Promise<Uint8Array | null> {
    this.#payload ??= readPayload(this.request);
    return this.#payload;
  }

  /** `arn:aws:execute-api:{region}:{account}:{apiId}/{stage}/{method}{resource path}`, for permissions. */
  get methodArn(): string {
    const { region, accountId } = this.settings;
    const { apiId, stageName } = this.located;
    return `arn:aws:execute-api:${region}:${accountId}:${apiId}/${stageName}/${this.request.method}${this.resource?.path ?? ""}`;
  }

  /** `$context`, as templates and functions see it. */
  get variables(): RequestContext {
    this.#variables ??= this.makeVariables();
    return this.#variables;
  }

  protected makeVariables(): RequestContext {
    const { located, request, stage, resource } = this;
    const colon = located.host.lastIndexOf(":");
    const domainName = colon > located.host.lastIndexOf("]") ? located.host.slice(0, colon) : located.host;
    return {
      resourceId: resource?.id ?? "",
      ...(this.method?.operationName ? { operationName: this.method.operationName } : {}),
      resourcePath: resource?.path ?? "",
      httpMethod: request.method,
      extendedRequestId: this.extendedRequestId,
      requestTime: requestTime(this.startedAt),
      path: `/${located.stageName}${located.path}`,
      accountId: this.settings.accountId,
      protocol: "HTTP/1.1",
      stage: located.stageName,
      domainPrefix: domainName.split(".", 1)[0] as string,
      requestTimeEpoch: this.startedAt,
      requestId: this.requestId,
      identity: {
        cognitoIdentityPoolId: null,
        accountId: null,
        cognitoIdentityId: null,
        caller: null,
        sourceIp: this.connection.sourceIp,
        principalOrgId: null,
        accessKey: null,
        cognitoAuthenticationType: null,
        cognitoAuthenticationProvider: null,
        userArn: null,
        userAgent: request.headers.get("user-agent"),
        user: null,
      },
      domainName,
      deploymentId: stage.stage.deploymentId,
      apiId: located.apiId,
    };
  }
}
