/** A WebSocket API for a test, and what the checks at its `$connect` come to. */
import { createHash } from "node:crypto";
import {
  apiKeyRecordKey,
  type PublishedApiKey,
  type PublishedUsagePlan,
} from "../../../src/definitions/api-key.ts";
import type { WebSocketSnapshot } from "../../../src/definitions/published.ts";
import type { Authorizer, Route } from "../../../src/definitions/websocket-api.ts";
import { type QuotaAsk, QuotaLedger } from "../../../src/invoke/limits/quota-ledger.ts";
import { type Ask, ThrottleLedger } from "../../../src/invoke/limits/throttle-ledger.ts";
import { parseQueryString } from "../../../src/invoke/query-string.ts";
import { GatewayError } from "../../../src/invoke/rest/gateway-error.ts";
import { compileConnectAccess } from "../../../src/invoke/websocket/access.ts";
import type { ConnectAccess, Opening } from "../../../src/invoke/websocket/connect-access.ts";
import type { RouteStage } from "../../../src/invoke/websocket/route-event.ts";
import { type Env, settingsOf } from "../../../src/settings.ts";
import { credentials } from "../../gateway.ts";
import { routeOf, snapshotOf, stageOf } from "./published.ts";

export interface Situation {
  route?: Partial<Route>;
  authorizer?: Partial<Authorizer>;
  api?: Partial<WebSocketSnapshot["api"]>;
  stage?: Partial<RouteStage["stage"]>;
  env?: object;
}

/** Each API has a name of its own: limits are known by it. */
let apis = 0;

export function apiOf({ route, authorizer, api, stage, env: bindings }: Situation) {
  const snapshot = snapshotOf({
    apiId: `api${++apis}`,
    api,
    authorizers: authorizer
      ? [
          {
            authorizerId: "a1",
            name: "auth",
            authorizerType: "REQUEST",
            authorizerUri:
              "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:bound/invocations",
            identitySource: [],
            ...authorizer,
          },
        ]
      : [],
  });
  const routeStage: RouteStage = { snapshot, stage: stageOf(stage), vpcLinks: new Map() };
  const env = environment(bindings);
  const scope = { env, settings: settingsOf(env), stage: routeStage, waitUntil: () => undefined };
  const check = compileConnectAccess(snapshot, route && routeOf(route));
  const connect = async (
    url = "wss://chat.test/prod",
    headers: Record<string, string> = {},
  ): Promise<ConnectAccess | string> => {
    const request = new Request(url.replace(/^ws/, "http"), { headers });
    const opening: Opening = {
      ...scope,
      request,
      query: parseQueryString(url.split("?")[1] ?? ""),
      context: { routeKey: "$connect", eventType: "CONNECT", identity: { sourceIp: "192.0.2.1" } },
    };
    return refusalOr(() => check(opening));
  };
  return { apiId: snapshot.apiId, scope, connect };
}

/** What a refusal says: its status, type and message. */
export async function refusalOr<Result>(work: () => Result | Promise<Result>): Promise<Result | string> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return `${error.status} ${error.errorType} ${error.message}`;
  }
}

/** The objects that limits are asked of, without the objects; the account has no limit unless the test gives one. */
function environment(bindings: object | undefined): Env {
  const throttles = new Map<string, ThrottleLedger>();
  const quotas = new Map<string, QuotaLedger>();
  const ledgerOf = <Ledger>(ledgers: Map<string, Ledger>, name: string, make: () => Ledger): Ledger => {
    const ledger = ledgers.get(name) ?? make();
    ledgers.set(name, ledger);
    return ledger;
  };
  const objects = <Stub>(stubOf: (name: string) => Stub) => ({
    idFromName: (name: string) => name,
    get: stubOf,
  });
  return {
    DEFINITIONS: { get: async () => null },
    ROOT_ACCESS_KEY_ID: credentials.accessKeyId,
    ROOT_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    ACCOUNT_RATE_LIMIT: "0",
    ACCOUNT_CONNECT_LIMIT: "0",
    COUNTERS: objects(() => ({ add: async () => undefined })),
    THROTTLE: objects((name) => ({
      ask: async (ask: Ask) =>
        ledgerOf(throttles, name, () => new ThrottleLedger(undefined, () => undefined, Date.now())).ask(
          ask,
          Date.now(),
        ),
    })),
    QUOTA: objects((name) => ({
      ask: async (ask: QuotaAsk) =>
        ledgerOf(quotas, name, () => new QuotaLedger({ version: 0, days: new Map() }, () => undefined)).ask(
          ask,
          Date.now(),
        ),
    })),
    ...bindings,
  } as unknown as Env;
}

/** KV with one key, which is in one plan of the stage. */
export function definitionsWith(value: string, apiStage: string, plan: Partial<PublishedUsagePlan> = {}) {
  const planId = `plan-${value}`;
  const key: PublishedApiKey = { id: "k1", enabled: true, planIds: [planId] };
  const published: PublishedUsagePlan = {
    id: planId,
    version: 1,
    name: "plan",
    apiStages: { [apiStage]: {} },
    ...plan,
  };
  const records = new Map<string, unknown>([
    [apiKeyRecordKey(createHash("sha256").update(value).digest("hex")), key],
    [`usage-plan/${planId}`, published],
  ]);
  return { get: async (name: string) => records.get(name) ?? null };
}
