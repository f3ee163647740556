/**
 * Where a function is, in the order of contract.md, "Backends": stored here, a Worker that is bound to this one under
 * its name, or at AWS Lambda.
 */
import { awsEndpoint } from "../outbound/aws-endpoint.ts";
import { awsService } from "../outbound/aws-services.ts";
import { sign } from "../outbound/sign.ts";
import { type AwsCredentials, type Env, settingsOf } from "../settings.ts";
import { boundFunction } from "./bound-function.ts";
import type { FunctionResult } from "./function-record.ts";
import { type AdmittedFunction, admit, type FunctionInvoke, FunctionUnavailable } from "./invoke-function.ts";
import { type InvocationType, invokeHeaders, readInvokeAnswer } from "./lambda-wire.ts";

export interface FunctionCall extends FunctionInvoke {
  /** Of the function's ARN. */
  region: string;
  accountId: string;
}

/** Made only where it is needed: a function that is stored here runs to its end, and each signal takes microseconds. */
export type LazySignal = () => AbortSignal;

export interface FunctionPlace {
  /** Waits for the result; the caller keeps the time. @throws FunctionUnavailable */
  invoke(signal: LazySignal): Promise<FunctionResult>;
  /** @returns what the function writes, as it does; breaks off when it fails @throws FunctionUnavailable */
  stream(signal: LazySignal): Promise<ReadableStream<Uint8Array>>;
  /** Hands an event over, and does not wait for what becomes of it. @throws FunctionUnavailable */
  send(signal: LazySignal, waitUntil: (work: Promise<unknown>) => void): Promise<FunctionResult>;
}

const accepted: FunctionResult = { payload: "", log: "", executedVersion: "$LATEST" };

/** @throws FunctionUnavailable when it is nowhere, or is stored here and does not let the caller in */
export async function functionAt(env: Env, call: FunctionCall): Promise<FunctionPlace> {
  try {
    return storedFunction(await admit(env, call), call);
  } catch (error) {
    if (!(error instanceof FunctionUnavailable && error.reason === "NotFound")) throw error;
    const binding = boundFunction(env, call.name);
    if (binding)
      return overHttp(
        (request) => binding.fetch(request),
        async (type) => boundRequest(call, type),
      );
    const { outboundCredentials } = settingsOf(env);
    if (!outboundCredentials) throw error;
    return overHttp(fetch, (type) => signedRequest(env, call, type, outboundCredentials));
  }
}

const storedFunction = (admitted: AdmittedFunction, { requestId }: FunctionCall): FunctionPlace => ({
  invoke: () => admitted.run(true),
  stream: () => admitted.stream(),
  async send(_signal, waitUntil) {
    waitUntil(admitted.run(false).catch((error) => console.error(`${requestId}: ${error}`)));
    return accepted;
  },
});

/** Lambda streams in a format of its own, which is not read here. */
const streamsNothing = () =>
  Promise.reject(new FunctionUnavailable("Refused", "only functions that are stored here stream"));

function overHttp(
  call: (request: Request) => Promise<Response>,
  makeRequest: (type: InvocationType) => Promise<Request>,
): FunctionPlace {
  const invoke = async (type: InvocationType, signal: LazySignal) => {
    const request = new Request(await makeRequest(type), { signal: signal() });
    try {
      return await readInvokeAnswer(await call(request), type);
    } catch (error) {
      if (error instanceof FunctionUnavailable) throw error;
      throw new FunctionUnavailable("Refused", `the function cannot be reached: ${error}`);
    }
  };
  return {
    invoke: (signal) => invoke("RequestResponse", signal),
    send: (signal) => invoke("Event", signal),
    stream: streamsNothing,
  };
}

const invokePath = (name: string, qualifier: string | undefined) =>
  `/2015-03-31/functions/${encodeURIComponent(name)}/invocations${qualifier === undefined ? "" : `?Qualifier=${encodeURIComponent(qualifier)}`}`;

const boundRequest = ({ name, qualifier, payload, requestId }: FunctionCall, type: InvocationType): Request =>
  new Request(`https://lambda.internal${invokePath(name, qualifier)}`, {
    method: "POST",
    headers: { ...invokeHeaders(type), "X-Amzn-RequestId": requestId },
    body: payload,
  });

async function signedRequest(
  env: Env,
  { name, qualifier, region, accountId, payload }: FunctionCall,
  type: InvocationType,
  credentials: AwsCredentials,
): Promise<Request> {
  const service = awsService("lambda");
  const endpoint = awsEndpoint({ service, subdomain: undefined, region }, settingsOf(env));
  const arn = `arn:aws:lambda:${region}:${accountId}:function:${name}`;
  const { url, ...init } = await sign(
    {
      url: endpoint + invokePath(arn, qualifier),
      method: "POST",
      headers: new Headers(invokeHeaders(type)),
      body: new TextEncoder().encode(payload) as Uint8Array<ArrayBuffer>,
      service: service.signingName,
      region,
    },
    credentials,
  );
  return new Request(url, { ...init, redirect: "manual" });
}
