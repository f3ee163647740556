/** The data plane's entrance: finds the stage's compiled deployment and sends the request its way. */
import { discardUnread } from "../bounded-body.ts";
import type { HttpMethod } from "../definitions/rest-api.ts";
import type { Env } from "../settings.ts";
import { refuseUnknown } from "./access/iam.ts";
import { decodeRequest } from "./compression/decode-request.ts";
import { encodeResponse } from "./compression/encode-response.ts";
import { type ServedStage, stageOf } from "./deployment-cache.ts";
import { checkHeaders, readPayload } from "./limits/payload.ts";
import { type Located, locate } from "./locate.ts";
import type { CompiledStage } from "./rest/compiled-api.ts";
import { RestContext } from "./rest/context.ts";
import { GatewayError, internalError } from "./rest/gateway-error.ts";
import { forbidden, internalServerError } from "./rest/gateway-response.ts";
import { pathSegments } from "./routing/path-segments.ts";
import { webSocket } from "./websocket/websocket.ts";

type WaitUntil = (work: Promise<unknown>) => void;

/** @param waitUntil keeps work alive that outlives the answer */
export async function invoke(request: Request, env: Env, waitUntil: WaitUntil): Promise<Response> {
  const response = await answer(request, env, waitUntil);
  await discardUnread(request);
  return response;
}

async function answer(request: Request, env: Env, waitUntil: WaitUntil): Promise<Response> {
  const located = locate(request.url);
  // Clients may write the dollar sign so.
  if (located.stageName === "%24default") located.stageName = "$default";
  // No KV key is made of what cannot be one.
  if (!isId.test(located.apiId) || !isStageName.test(located.stageName)) return forbidden();
  let stage: ServedStage | undefined;
  try {
    const found = stageOf(env, located.apiId, located.stageName, waitUntil);
    stage = found instanceof Promise ? await found : found;
  } catch (error) {
    console.error(`${located.apiId}/${located.stageName} cannot be read: ${error}`);
    return internalServerError();
  }
  if (!stage || isClosed(stage)) return forbidden();
  return stage.protocol === "REST"
    ? serve(request, env, waitUntil, located, stage)
    : webSocket(request, env, waitUntil, located, stage);
}

/** Private endpoints belong to a network that this one is not. */
const isClosed = ({ api: { snapshot } }: ServedStage): boolean =>
  snapshot.api.disableExecuteApiEndpoint ||
  (snapshot.protocol === "REST" && snapshot.api.endpointConfiguration.types[0] === "PRIVATE");

const isId = /^[a-z0-9]{1,32}$/;
/** A WebSocket API may have a stage `$default`, which is named in its URLs as others are. */
const isStageName = /^(?:[\w-]{1,128}|\$default)$/;

async function serve(
  request: Request,
  env: Env,
  waitUntil: WaitUntil,
  located: Located,
  stage: CompiledStage,
): Promise<Response> {
  const context = new RestContext(request, env, waitUntil, located, stage);
  try {
    context.headerNames = checkHeaders(request.headers);
    route(context);
    if (context.headerNames.includes("content-encoding")) await decodePayload(context);
    const { resource, method } = context;
    if (!resource || !method) throw refuseUnknown(context.request);
    const response = await stage.api.serveOf(resource, method)(context);
    const { minimumCompressionSize } = stage.api;
    if (minimumCompressionSize === undefined || context.isStreamed) return response;
    return await encodeResponse(response, minimumCompressionSize, request);
  } catch (error) {
    return stage.api.gatewayResponses(gatewayErrorOf(error, context), context);
  }
}

/** A signature is of what came; all else sees the payload decompressed. */
async function decodePayload(context: RestContext): Promise<void> {
  const { request } = context;
  if (request.body && context.method?.authorizationType === "AWS_IAM") {
    const payload = await readPayload(request);
    context.signed = { request, payload };
    context.request = new Request(request, { body: payload as Uint8Array<ArrayBuffer> });
  }
  context.request = await decodeRequest(context.request);
  context.headerNames = [...context.request.headers.keys()];
}

/** An unknown path or method is a missing token to AWS (rest-behaviour, rule 20). */
function route(context: RestContext): void {
  const segments = pathSegments(context.located.path);
  if (!segments) throw new GatewayError("DEFAULT_4XX", "Bad Request");
  const match = context.stage.api.routes.match(segments);
  if (!match) throw refuseUnknown(context.request);
  const { resource, methods } = match.target;
  const name = context.request.method as HttpMethod;
  const method = Object.hasOwn(methods, name)
    ? methods[name]
    : anyMethods.has(name)
      ? methods.ANY
      : undefined;
  if (!method) throw refuseUnknown(context.request);
  context.resource = resource;
  context.method = method;
  context.pathParameters = match.pathParameters;
}

const anyMethods: ReadonlySet<string> = new Set(["GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS"]);

/** What no step has foreseen is told to the operator, and to the client as AWS tells it. */
function gatewayErrorOf(error: unknown, context: RestContext): GatewayError {
  if (error instanceof GatewayError) return error;
  console.error(`${context.requestId}: ${error instanceof Error ? error.stack : error}`);
  return internalError();
}
