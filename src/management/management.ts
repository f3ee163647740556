/** The control plane's entrance: signature, service, operation, handler, answer. */
import { Buffer } from "node:buffer";
import { discardUnread } from "../bounded-body.ts";
import { published } from "../definitions/invalidation.ts";
import type { Account, OperationReply } from "../durable-objects/account.ts";
import type { Flushed } from "../durable-objects/outbox.ts";
import { hostOf } from "../request-host.ts";
import { type Env, settingsOf } from "../settings.ts";
import { authenticate, credentialOf } from "../signature/authenticate.ts";
import { SignatureError } from "../signature/signature-error.ts";
import { type SignedRequest, signedRequestOf } from "../signature/signed-request.ts";
import { checkTime, readSignature } from "../signature/sigv4.ts";
import { handlers, workerHandlers } from "./handlers.ts";
import type { Caller, OperationCall, WorkerOperationContext } from "./operation.ts";
import { jsonError } from "./protocol/error-response.ts";
import { readBody } from "./protocol/read-body.ts";
import { readInput } from "./protocol/read-input.ts";
import { matchOperation, type OperationMatch } from "./protocol/route.ts";
import { ServiceError } from "./protocol/service-error.ts";
import { validateInput } from "./protocol/validate-input.ts";
import { writeOutput } from "./protocol/write-output.ts";
import { sts, stsError } from "./sts/sts.ts";

/** Bytes of a request: Lambda's zips come as Base64, and a Durable Object takes 32 MiB. */
const largestBody: Record<string, number> = { lambda: 30_000_000 };
const largestOtherBody = 10_485_760;
/** Milliseconds that a caller waits for what its operation publishes; the AWS CLI gives up after a minute. */
const longestWait = 20_000;

/** @param waitUntil keeps work alive that outlives the answer */
export async function management(
  request: Request,
  env: Env,
  waitUntil: WorkerOperationContext["waitUntil"],
): Promise<Response> {
  const requestId = crypto.randomUUID();
  let service = "";
  try {
    const settings = settingsOf(env);
    const signed = signedRequestOf(request);
    const signature = readSignature(signed);
    service = signature.service;
    checkTime(signature, Date.now());
    const credential = credentialOf(signature, settings);
    const body = await readBody(request, largestBody[service] ?? largestOtherBody);
    const caller = authenticate(signed, signature, credential, body, settings);
    if (service === "sts")
      return sts(new URLSearchParams(`${signed.query}&${Buffer.from(body)}`), caller, requestId);
    const call = { signed, body, caller, requestId, origin: originOf(request) };
    return await carryOut(serviceOf(service, signed.path), call, { env, waitUntil });
  } catch (error) {
    await discardUnread(request);
    const refusal = serviceErrorOf(error, requestId);
    return service === "sts" ? stsError(refusal, requestId) : jsonError(refusal, requestId);
  }
}

function serviceErrorOf(error: unknown, requestId: string): ServiceError {
  if (error instanceof ServiceError) return error;
  if (error instanceof SignatureError) return new ServiceError(error.code, 403, error.message);
  return internalFailure(error, requestId);
}

/** What nothing has foreseen is told to the operator, and to the caller that it was not its fault. */
function internalFailure(error: unknown, requestId: string): ServiceError {
  console.error(`${requestId}: ${error instanceof Error ? error.stack : error}`);
  return new ServiceError("InternalFailure", 500, "Internal server error");
}

interface Call {
  signed: SignedRequest;
  body: Uint8Array;
  caller: Caller;
  requestId: string;
  origin: string;
}

async function carryOut(
  service: string,
  { signed, body, caller, requestId, origin }: Call,
  { env, waitUntil }: Pick<WorkerOperationContext, "env" | "waitUntil">,
): Promise<Response> {
  const match = matchOperation(service, signed.method, signed.path, signed.query);
  if (!match) {
    throw new ServiceError(
      "UnknownOperationException",
      404,
      `${signed.method} ${signed.path} is no operation of ${service}`,
    );
  }
  const { operation, model } = match;
  const inWorker = handlerIn(workerHandlers, service, operation);
  if (!inWorker && !handlerIn(handlers, service, operation)) {
    throw new ServiceError(
      "NotImplementedException",
      501,
      `Sallyport does not implement ${service}:${operation} yet.`,
    );
  }
  const input = inputOf(service, match, { query: signed.query, headers: signed.headers, body });
  const inAccount = (prepared: object = {}) => {
    const call = { service, operation, input: { ...input, ...prepared }, caller, origin, requestId };
    return executeInAccount(env, call);
  };
  const output = inWorker
    ? await inWorker(input, {
        env,
        settings: settingsOf(env),
        caller,
        origin,
        requestId,
        userAgent: signed.headers.get("user-agent"),
        waitUntil,
        inAccount,
      })
    : await inAccount();
  return writeOutput(service, model, output as Record<string, unknown> | undefined, requestId);
}

/** @throws ServiceError */
async function executeInAccount(env: Env, call: OperationCall): Promise<object | undefined> {
  const account = env.ACCOUNT.get(env.ACCOUNT.idFromName("account"));
  const reply = (await account.execute(call)) as OperationReply;
  if ("error" in reply) {
    const { code, status, message, members } = reply.error;
    throw new ServiceError(code, status, message, members);
  }
  await publishRest(reply, account);
  return reply.output;
}

/** Thousands of changes take more than one call; what is left when the caller has waited enough goes on without it. */
async function publishRest(first: Flushed, account: DurableObjectStub<Account>): Promise<void> {
  published(first.published);
  const until = Date.now() + longestWait;
  for (let { isPublished } = first; !isPublished && Date.now() < until; ) {
    const next = await account.publish();
    published(next.published);
    isPublished = next.isPublished;
  }
}

function handlerIn<Handler>(
  all: Record<string, Record<string, Handler>>,
  service: string,
  operation: string,
): Handler | undefined {
  const ofService = all[service];
  return ofService && Object.hasOwn(ofService, operation) ? ofService[operation] : undefined;
}

function inputOf(
  service: string,
  match: OperationMatch,
  request: Parameters<typeof readInput>[2],
): Record<string, unknown> {
  const input = readInput(service, match, request);
  validateInput(service, match.operation, input);
  return input;
}

/** Both versions of API Gateway sign as `apigateway`. */
function serviceOf(signingName: string, path: string): string {
  switch (signingName) {
    case "apigateway":
      return path.startsWith("/v2/") ? "apigatewayv2" : "apigateway";
    case "lambda":
      return "lambda";
    default:
      throw new ServiceError(
        "NotImplementedException",
        501,
        `Sallyport has no service '${signingName}'; it has apigateway, lambda and sts.`,
      );
  }
}

const originOf = (request: Request): string =>
  `${request.url.startsWith("https:") ? "https" : "http"}://${hostOf(request)}`;
