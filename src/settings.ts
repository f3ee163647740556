import { accountConnects, accountThrottle } from "./definitions/account-throttle.ts";
import type { Limit } from "./definitions/limit.ts";
import { parseVpcLinkTargets, type VpcLinkTarget } from "./outbound/vpc-link-targets.ts";

/** The settings of contract.md that the Worker itself reads, resolved once per isolate. */
export interface Settings {
  region: string;
  accountId: string;
  /** A zone with a wildcard route, when there is one: `{apiId}.execute-api.{executeDomain}`. */
  executeDomain?: string;
  /** Whether stored functions can run here. */
  hasFunctions: boolean;
  /** Whether stored functions may call out. */
  functionsHaveNetwork: boolean;
  rootCredential?: { accessKeyId: string; secretAccessKey: string };
  /** Of all APIs together; undefined when the account has no limit. */
  accountThrottle: Limit | undefined;
  /** New connections of all WebSocket APIs together; undefined when the account has no limit. */
  accountConnects: Limit | undefined;
  /** What happens to requests while their limits cannot be asked for; undefined: as each limit's kind has it. */
  limitsOnFailure?: "open" | "closed";
  /** Seconds; a connection on which nothing is sent is closed. */
  webSocketIdleTimeout: number;
  /** Seconds; a connection is closed then. */
  webSocketMaxDuration: number;
  /** With these, requests to services of AWS are signed. */
  outboundCredentials?: AwsCredentials;
  /**
   * The endpoint that is set for a service, without a slash at its end; undefined when AWS's own is meant.
   * @param service its part of `AWS_ENDPOINT_URL_{SERVICE}`; without one of its own it has that of `AWS_ENDPOINT_URL`
   */
  endpointUrlOf(service: string): string | undefined;
  /**
   * Where a VPC link leads; undefined when nothing says so.
   * @param targetArn of the load balancer that the link, or the integration, names
   * @param linkName counts when the ARN is not set
   */
  vpcTargetOf(targetArn: string | undefined, linkName: string): VpcTarget | undefined;
}

/** An origin, without a slash at its end, or a binding of the Worker. */
type VpcTarget = { origin: string } | { service: Fetcher; binding: string };

export interface AwsCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

export interface Env {
  DEFINITIONS: KVNamespace;
  ACCOUNT: DurableObjectNamespace<import("./durable-objects/account.ts").Account>;
  THROTTLE: DurableObjectNamespace<import("./durable-objects/throttle.ts").Throttle>;
  QUOTA: DurableObjectNamespace<import("./durable-objects/quota.ts").Quota>;
  COUNTERS: DurableObjectNamespace<import("./durable-objects/counters.ts").Counters>;
  CONNECTIONS: DurableObjectNamespace<import("./durable-objects/connections.ts").Connections>;
  /** Absent on the free plan: stored functions are refused then, all else works. */
  LOADER?: WorkerLoader;
  /** The function host, on one machine: a process of its own, so that no function can stop the gateway. */
  FUNCTIONS?: Fetcher;
  /** There with it: this Worker itself, for the requests of channels to the function host. */
  FUNCTION_CHANNELS?: Service<import("./functions/function-channels.ts").FunctionChannels>;
  /** On one machine: speaks TLS with endpoints in ways that `fetch` does not (src/outbound/tls-egress.ts). */
  EGRESS?: Fetcher;
  AWS_REGION?: string | null;
  AWS_ACCOUNT_ID?: string | null;
  EXECUTE_DOMAIN?: string | null;
  /** `0` keeps functions from calling out. */
  FUNCTION_FETCH?: string | null;
  /** Requests a second, and at once; a rate of `0` is no limit. */
  ACCOUNT_RATE_LIMIT?: string | null;
  ACCOUNT_BURST_LIMIT?: string | null;
  /** New WebSocket connections a second; `0` is no limit. */
  ACCOUNT_CONNECT_LIMIT?: string | null;
  /** `open` or `closed`. */
  LIMITS_ON_FAILURE?: string | null;
  /** Seconds. */
  WEBSOCKET_IDLE_TIMEOUT?: string | null;
  /** Seconds. */
  WEBSOCKET_MAX_DURATION?: string | null;
  ROOT_ACCESS_KEY_ID?: string | null;
  ROOT_SECRET_ACCESS_KEY?: string | null;
  AWS_ACCESS_KEY_ID?: string | null;
  AWS_SECRET_ACCESS_KEY?: string | null;
  AWS_SESSION_TOKEN?: string | null;
  AWS_ENDPOINT_URL?: string | null;
  VPC_LINK_TARGETS?: string | null;
  [endpoint: `AWS_ENDPOINT_URL_${string}`]: string | null | undefined;
}

const resolved = new WeakMap<Env, Settings>();

/** The settings of `env`, defaults filled in. */
export function settingsOf(env: Env): Settings {
  let settings = resolved.get(env);
  if (!settings) {
    settings = {
      region: env.AWS_REGION || "us-east-1",
      accountId: env.AWS_ACCOUNT_ID || "000000000000",
      hasFunctions: env.FUNCTIONS !== undefined || env.LOADER !== undefined,
      functionsHaveNetwork: env.FUNCTION_FETCH !== "0",
      accountThrottle: accountThrottleOf(env),
      accountConnects: accountConnectsOf(env),
      webSocketIdleTimeout: secondsOf(env.WEBSOCKET_IDLE_TIMEOUT, 600),
      webSocketMaxDuration: secondsOf(env.WEBSOCKET_MAX_DURATION, 7_200),
      ...(env.LIMITS_ON_FAILURE === "open" || env.LIMITS_ON_FAILURE === "closed"
        ? { limitsOnFailure: env.LIMITS_ON_FAILURE }
        : {}),
      ...(env.EXECUTE_DOMAIN ? { executeDomain: env.EXECUTE_DOMAIN } : {}),
      ...(env.ROOT_ACCESS_KEY_ID && env.ROOT_SECRET_ACCESS_KEY
        ? {
            rootCredential: {
              accessKeyId: env.ROOT_ACCESS_KEY_ID,
              secretAccessKey: env.ROOT_SECRET_ACCESS_KEY,
            },
          }
        : {}),
      ...(env.AWS_ACCESS_KEY_ID && env.AWS_SECRET_ACCESS_KEY
        ? {
            outboundCredentials: {
              accessKeyId: env.AWS_ACCESS_KEY_ID,
              secretAccessKey: env.AWS_SECRET_ACCESS_KEY,
              ...(env.AWS_SESSION_TOKEN ? { sessionToken: env.AWS_SESSION_TOKEN } : {}),
            },
          }
        : {}),
      endpointUrlOf: (service) => {
        const url = env[`AWS_ENDPOINT_URL_${service}`] || env.AWS_ENDPOINT_URL;
        return url ? url.replace(/\/+$/, "") : undefined;
      },
      vpcTargetOf: vpcTargetsOf(env),
    };
    resolved.set(env, settings);
  }
  return settings;
}

/** What is no number is as if it were not set: AWS's own. */
const limitOf = (text: string | null | undefined, otherwise: number): number =>
  text && Number(text) >= 0 && Number.isFinite(Number(text)) ? Number(text) : otherwise;

function accountThrottleOf({ ACCOUNT_RATE_LIMIT, ACCOUNT_BURST_LIMIT }: Env): Limit | undefined {
  const rate = limitOf(ACCOUNT_RATE_LIMIT, accountThrottle.rateLimit);
  return rate === 0 ? undefined : { rate, burst: limitOf(ACCOUNT_BURST_LIMIT, accountThrottle.burstLimit) };
}

function accountConnectsOf({ ACCOUNT_CONNECT_LIMIT }: Env): Limit | undefined {
  const rate = limitOf(ACCOUNT_CONNECT_LIMIT, accountConnects);
  return rate === 0 ? undefined : { rate, burst: Math.max(1, rate) };
}

/** What is no number of seconds is as if it were not set: the guide's own. */
const secondsOf = (text: string | null | undefined, otherwise: number): number =>
  text && Number(text) > 0 ? Number(text) : otherwise;

function vpcTargetsOf(env: Env): Settings["vpcTargetOf"] {
  const targets = new Map<string, VpcTarget>();
  for (const [key, target] of readVpcLinkTargets(env)) {
    if ("origin" in target) {
      targets.set(key, target);
      continue;
    }
    const service = (env as unknown as Record<string, Partial<Fetcher> | undefined>)[target.binding];
    if (typeof service?.fetch === "function") {
      targets.set(key, { service: service as Fetcher, binding: target.binding });
    } else console.error(`VPC_LINK_TARGETS names a binding that the Worker does not have: ${target.binding}`);
  }
  return (targetArn, linkName) =>
    (targetArn === undefined ? undefined : targets.get(targetArn)) ?? targets.get(linkName);
}

/** What cannot be read stops links, and nothing else. */
function readVpcLinkTargets({ VPC_LINK_TARGETS: text }: Env): Map<string, VpcLinkTarget> {
  try {
    return text ? parseVpcLinkTargets(text) : new Map();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return new Map();
  }
}
