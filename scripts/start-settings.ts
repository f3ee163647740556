/** The settings of `npm start`: environment variables, checked before anything is started. */
import { isIP } from "node:net";
import { resolve } from "node:path";
import { parseVpcLinkTargets, type VpcLinkTarget } from "../src/outbound/vpc-link-targets.ts";
import { readCaCertificates } from "./ca-certificates.ts";
import { UserError } from "./user-error.ts";

export interface StartSettings {
  host: string;
  /** 0 lets the system choose. */
  port: number;
  /** Absolute path. */
  stateDir: string;
  region: string;
  accountId: string;
  /** Undefined when the state is to keep one of its own. */
  rootCredential: { accessKeyId: string; secretAccessKey: string } | undefined;
  /** Seconds. */
  webSocketIdleTimeout: number;
  /** Seconds. */
  webSocketMaxDuration: number;
  webSocketCompression: boolean;
  loadsExample: boolean;
  /** ARN of a load balancer, or name of a link, to an origin. */
  vpcLinkTargets: ReadonlyMap<string, string>;
  /** PEM, of authorities that are trusted besides those that browsers trust. */
  caCertificates: string[];
}

/** @throws UserError that names the setting and what it may be */
export function readSettings(env: NodeJS.ProcessEnv): StartSettings {
  requireLimits(env);
  return {
    host: hostOf(env.HOST || "127.0.0.1"),
    port: portOf(env.PORT || "8787"),
    stateDir: resolve(env.STATE_DIR || ".sallyport"),
    region: matching(
      "AWS_REGION",
      env.AWS_REGION || "us-east-1",
      /^[a-z]{2}(?:-[a-z]+)+-\d$/,
      "a region such as us-east-1",
    ),
    accountId: matching("AWS_ACCOUNT_ID", env.AWS_ACCOUNT_ID || "000000000000", /^\d{12}$/, "twelve digits"),
    rootCredential: credentialOf(env.ROOT_ACCESS_KEY_ID, env.ROOT_SECRET_ACCESS_KEY),
    webSocketIdleTimeout: secondsOf("WEBSOCKET_IDLE_TIMEOUT", env.WEBSOCKET_IDLE_TIMEOUT || "600"),
    webSocketMaxDuration: secondsOf("WEBSOCKET_MAX_DURATION", env.WEBSOCKET_MAX_DURATION || "7200"),
    webSocketCompression: env.WEBSOCKET_COMPRESSION === "1",
    loadsExample: env.EXAMPLE !== "0",
    vpcLinkTargets: vpcLinkTargetsOf(env.VPC_LINK_TARGETS || "{}"),
    caCertificates: env.EXTRA_CA_CERTS ? readCaCertificates(env.EXTRA_CA_CERTS) : [],
  };
}

function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port >= 0 && port <= 65_535) return port;
  throw new UserError(`PORT is ${JSON.stringify(text)}; it must be a number from 0 to 65535.`);
}

/** At most a week, at least one second. */
function secondsOf(name: string, text: string): number {
  const seconds = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (seconds >= 1 && seconds <= 604_800) return seconds;
  throw new UserError(`${name} is ${JSON.stringify(text)}; it must be a number of seconds from 1 to 604800.`);
}

function hostOf(text: string): string {
  if (isIP(text) || /^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(text)) return text;
  throw new UserError(
    `HOST is ${JSON.stringify(text)}; it must be an address of this machine, such as 127.0.0.1.`,
  );
}

function matching(name: string, text: string, pattern: RegExp, what: string): string {
  if (pattern.test(text)) return text;
  throw new UserError(`${name} is ${JSON.stringify(text)}; it must be ${what}.`);
}

/** The Worker reads these itself, and would go on with AWS's own. */
function requireLimits(env: NodeJS.ProcessEnv) {
  const { ACCOUNT_RATE_LIMIT, ACCOUNT_BURST_LIMIT, ACCOUNT_CONNECT_LIMIT, LIMITS_ON_FAILURE } = env;
  const number = /^\d{1,10}(?:\.\d{1,6})?$/;
  const rate = "a number of requests a second, such as 10000, or 0 for no limit";
  matching("ACCOUNT_RATE_LIMIT", ACCOUNT_RATE_LIMIT || "0", number, rate);
  const connects = "a number of connections a second, such as 500, or 0 for no limit";
  matching("ACCOUNT_CONNECT_LIMIT", ACCOUNT_CONNECT_LIMIT || "0", number, connects);
  const burst = "a whole number of requests, at least 1";
  matching("ACCOUNT_BURST_LIMIT", ACCOUNT_BURST_LIMIT || "1", /^[1-9]\d{0,9}$/, burst);
  matching("LIMITS_ON_FAILURE", LIMITS_ON_FAILURE || "open", /^(?:open|closed)$/, "open or closed");
}

function credentialOf(accessKeyId: string | undefined, secretAccessKey: string | undefined) {
  if (!accessKeyId && !secretAccessKey) return undefined;
  if (!accessKeyId || !secretAccessKey) {
    throw new UserError(
      "ROOT_ACCESS_KEY_ID and ROOT_SECRET_ACCESS_KEY must be set together, or neither of them.",
    );
  }
  return { accessKeyId, secretAccessKey };
}

function vpcLinkTargetsOf(text: string): ReadonlyMap<string, string> {
  let targets: Map<string, VpcLinkTarget>;
  try {
    targets = parseVpcLinkTargets(text);
  } catch (error) {
    throw new UserError((error as Error).message);
  }
  return new Map(Array.from(targets, ([key, target]) => [key, originOf(target)]));
}

function originOf(target: VpcLinkTarget): string {
  if ("origin" in target) return target.origin;
  throw new UserError(
    `VPC_LINK_TARGETS has binding:${target.binding}; bindings are there on Cloudflare alone, here it must be an origin such as http://10.0.0.5:8080.`,
  );
}
