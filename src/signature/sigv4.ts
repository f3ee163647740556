/**
 * AWS Signature Version 4: whether a request was signed with a secret that we know, in its headers or, presigned,
 * in its query. Source: IAM user guide, "Create a signed AWS API request"; AWS's published test vectors.
 * A failed check never says more of the right signature than AWS does.
 */
import { Buffer } from "node:buffer";
import { createHash, createHmac } from "node:crypto";
import { canonicalRequest, decode, pairsOf } from "./canonical-request.ts";
import {
  incompleteSignature as incomplete,
  invalidSignature as invalid,
  missingAuthenticationToken,
  unrecognizedClient,
} from "./signature-error.ts";
import type { SignedRequest } from "./signed-request.ts";

export interface Credential {
  accessKeyId: string;
  secretAccessKey: string;
  /** Present with temporary credentials: the request must carry it. */
  sessionToken?: string;
}

/** What a signature says of its request before anything is proven. */
export interface Signature {
  accessKeyId: string;
  /** `20150830` */
  date: string;
  region: string;
  /** The service of the credential scope. */
  service: string;
  /** Lower-case names. */
  signedHeaders: string[];
  signature: string;
  /** `20150830T123600Z` */
  timestamp: string;
  sessionToken: string | undefined;
  /** Of a presigned URL that says so: seconds that it holds. */
  expires: number | undefined;
  presigned: boolean;
}

/** Milliseconds between a signer's clock and ours (IAM user guide: five minutes). */
const allowedSkew = 5 * 60_000;
/** Seconds; a week. */
const longestExpiry = 604_800;
const algorithm = "AWS4-HMAC-SHA256";
/** Keys of that many dates, regions and services; each takes four HMACs to derive. */
const mostSigningKeys = 100;

/** A body's hash is part of what is signed, and a session token is compared: both hold without a signature. */
const mayBeUnsigned: ReadonlySet<string> = new Set(["x-amz-content-sha256", "x-amz-security-token"]);

/**
 * Reads the signature without checking it.
 * @throws SignatureError MissingAuthenticationTokenException without one, IncompleteSignatureException for a
 *   malformed one
 */
export function readSignature({ query, headers }: SignedRequest): Signature {
  const authorization = headers.get("authorization");
  if (authorization !== null) return readHeader(authorization, headers);
  const parameters = new Map(pairsOf(query).map(([name, value]) => [decode(name), decode(value)]));
  if (!parameters.has("X-Amz-Algorithm") && !parameters.has("X-Amz-Signature")) {
    throw missingAuthenticationToken();
  }
  return readQuery(parameters);
}

function readHeader(authorization: string, headers: Headers): Signature {
  const [scheme = "", ...pieces] = authorization.trim().split(/[\s,]+/);
  const parts = new Map<string, string>();
  for (const piece of pieces) {
    const equals = piece.indexOf("=");
    // What clients hear who send another service's token, such as `Bearer …`.
    if (equals === -1) {
      throw incomplete(
        `Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): '${hashOf(authorization)}'.`,
      );
    }
    parts.set(piece.slice(0, equals), piece.slice(equals + 1));
  }
  const timestamp = headers.get("x-amz-date") ?? isoOf(headers.get("date"));
  const absent = ["Credential", "Signature", "SignedHeaders"]
    .filter((name) => !parts.get(name))
    .map((name) => `Authorization header requires '${name}' parameter.`);
  if (!timestamp) {
    absent.push("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.");
  }
  if (absent.length > 0) {
    throw incomplete(
      `${absent.join(" ")} (Hashed with SHA-256 and encoded with Base64) Authorization=${hashOf(authorization)}`,
    );
  }
  if (scheme !== algorithm) throw incomplete(`Unsupported AWS 'algorithm': '${scheme}'`);
  return {
    ...readCredential(parts.get("Credential") as string),
    signedHeaders: (parts.get("SignedHeaders") as string).split(";"),
    signature: parts.get("Signature") as string,
    timestamp: timestamp as string,
    sessionToken: headers.get("x-amz-security-token") ?? undefined,
    expires: undefined,
    presigned: false,
  };
}

const hashOf = (text: string) => createHash("sha256").update(text).digest("base64");

function readQuery(parameters: Map<string, string>): Signature {
  const names = ["Algorithm", "Credential", "Signature", "SignedHeaders", "Date"];
  for (const name of names.map((name) => `X-Amz-${name}`)) {
    if (!parameters.get(name)) {
      throw incomplete(
        `AWS query-string parameters must include '${name}'. Re-examine the query-string parameters.`,
      );
    }
  }
  const of = (name: string) => parameters.get(`X-Amz-${name}`) as string;
  if (of("Algorithm") !== algorithm) throw incomplete(`Unsupported AWS 'algorithm': '${of("Algorithm")}'`);
  return {
    ...readCredential(of("Credential")),
    signedHeaders: of("SignedHeaders").split(";"),
    signature: of("Signature"),
    timestamp: of("Date"),
    sessionToken: parameters.get("X-Amz-Security-Token"),
    expires: expiryOf(parameters.get("X-Amz-Expires")),
    presigned: true,
  };
}

/** Without it a presigned URL holds as long as a signed request: clients of WebSocket APIs sign so (aws-amplify). */
function expiryOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const expires = /^\d{1,7}$/.test(text) ? Number(text) : Number.NaN;
  if (expires >= 1 && expires <= longestExpiry) return expires;
  throw incomplete(`X-Amz-Expires must be between 1 and ${longestExpiry} seconds`);
}

function readCredential(text: string): Pick<Signature, "accessKeyId" | "date" | "region" | "service"> {
  const parts = text.split("/");
  const [accessKeyId, date, region, service, terminator] = parts;
  if (parts.length !== 5 || !accessKeyId || !date || !region || !service) {
    throw incomplete(
      "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term",
    );
  }
  if (terminator !== "aws4_request") {
    throw invalid(
      `Credential should be scoped with a valid terminator: 'aws4_request', not '${terminator}'.`,
    );
  }
  return { accessKeyId, date, region, service };
}

/** @returns an HTTP date as a timestamp of the signature; an ISO one as it is */
function isoOf(date: string | null): string | undefined {
  if (date === null || /^\d{8}T\d{6}Z$/.test(date)) return date ?? undefined;
  const time = Date.parse(date);
  return Number.isNaN(time) ? undefined : basicIso(time);
}

const basicIso = (time: number) => new Date(time).toISOString().replace(/[-:]|\.\d{3}/g, "");

let lastTimestamp = "";
let lastTime = Number.NaN;

/** Requests of one second share their timestamp. @returns Unix time, milliseconds; NaN for what is no timestamp */
function timeOf(timestamp: string): number {
  if (timestamp !== lastTimestamp) {
    lastTime = /^\d{8}T\d{6}Z$/.test(timestamp)
      ? Date.parse(timestamp.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, "$1-$2-$3T$4:$5:$6Z"))
      : Number.NaN;
    lastTimestamp = timestamp;
  }
  return lastTime;
}

/**
 * Checks the signature's time, before anything is read or computed for it.
 * @param now Unix time, milliseconds
 * @throws SignatureError
 */
export function checkTime({ timestamp, date, expires }: Signature, now: number): void {
  const time = timeOf(timestamp);
  if (Number.isNaN(time)) {
    throw incomplete(
      `Date must be in ISO-8601 'basic format'. Got '${timestamp}'. See http://en.wikipedia.org/wiki/ISO_8601`,
    );
  }
  if (date !== timestamp.slice(0, 8)) {
    throw invalid(
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${date}' != '${timestamp.slice(0, 8)}', from '${timestamp}'.`,
    );
  }
  if (time > now + allowedSkew) {
    throw invalid(
      `Signature not yet current: ${timestamp} is still later than ${basicIso(now + allowedSkew)} (${basicIso(now)} + 5 min.)`,
    );
  }
  const lasts = expires === undefined ? allowedSkew : expires * 1000;
  if (time + lasts < now) {
    throw invalid(
      expires === undefined
        ? `Signature expired: ${timestamp} is now earlier than ${basicIso(now - allowedSkew)} (${basicIso(now)} - 5 min.)`
        : `Signature expired: ${basicIso(time + lasts)} is now earlier than ${basicIso(now)}`,
    );
  }
}

/**
 * Checks what the signature was made for. Texts: as users report them of API Gateway.
 * @throws SignatureError
 */
export function checkScope(signature: Signature, region: string, service: string): void {
  const faults = [
    ...(signature.region === region ? [] : ["Credential should be scoped to a valid region."]),
    ...(signature.service === service
      ? []
      : [`Credential should be scoped to correct service: '${service}'.`]),
  ];
  if (faults.length > 0) throw invalid(faults.join(" "));
}

/**
 * Checks that the request was signed with the credential.
 * @param payloadHash hexadecimal SHA-256 of the body, or `UNSIGNED-PAYLOAD` where the signer said so
 * @throws SignatureError
 */
export function checkSignature(
  request: SignedRequest,
  signature: Signature,
  credential: Credential,
  payloadHash: string,
): void {
  if (!isSameText(signature.sessionToken ?? "", credential.sessionToken ?? "")) throw unrecognizedClient();
  // What is not signed could be changed on the way: the host and whatever AWS reads of the headers.
  const signed = new Set(signature.signedHeaders);
  for (const name of ["host", ...request.headers.keys()]) {
    if ((name === "host" || name.startsWith("x-amz-")) && !signed.has(name) && !mayBeUnsigned.has(name)) {
      throw invalid(
        `'${name === "host" ? "Host" : name}' must be a 'SignedHeader' in the AWS Authorization.`,
      );
    }
  }
  const { date, region, service } = signature;
  const canonical = createHash("sha256")
    .update(canonicalRequest(request, signature, payloadHash))
    .digest("hex");
  const toSign = `${algorithm}\n${signature.timestamp}\n${date}/${region}/${service}/aws4_request\n${canonical}`;
  const expected = createHmac("sha256", signingKey(credential, date, region, service))
    .update(toSign)
    .digest("hex");
  if (!isSameText(signature.signature, expected)) {
    throw invalid(
      "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
    );
  }
}

/** In the same time for all texts of one length; a length is no secret. */
export function isSameText(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let index = 0; index < a.length; index++) difference |= a.charCodeAt(index) ^ b.charCodeAt(index);
  return difference === 0;
}

const signingKeys = new Map<string, Buffer>();

function signingKey(credential: Credential, date: string, region: string, service: string): Buffer {
  const scope = `${credential.accessKeyId}/${credential.secretAccessKey}/${date}/${region}/${service}`;
  let key = signingKeys.get(scope);
  if (!key) {
    const hmac = (secret: string | Buffer, text: string) =>
      createHmac("sha256", secret).update(text).digest();
    key = [date, region, service, "aws4_request"].reduce<Buffer>(
      hmac,
      Buffer.from(`AWS4${credential.secretAccessKey}`),
    );
    if (signingKeys.size >= mostSigningKeys) signingKeys.clear();
    signingKeys.set(scope, key);
  }
  return key;
}
