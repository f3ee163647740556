/**
 * Responses that are compressed for clients which ask for it.
 * Source: the guide's api-gateway-receive-response-with-compressed-payload.
 */
import { type Coding, preferredCoding } from "./accept-encoding.ts";

/** @param minimumSize bytes of the smallest payload that is compressed */
export async function encodeResponse(
  response: Response,
  minimumSize: number,
  request: Request,
): Promise<Response> {
  const coding = preferredCoding(acceptEncoding(request));
  if (!coding || !response.body || response.headers.has("content-encoding")) return response;
  const declared = response.headers.get("content-length");
  if (declared !== null) {
    return Number(declared) < minimumSize ? response : compressed(response, response.body, coding);
  }
  const { body, isLarge } = await measured(response.body, minimumSize);
  return isLarge ? compressed(response, body, coding) : new Response(body, response);
}

/** Cloudflare replaces the header, and tells what the client sent beside the request. */
function acceptEncoding(request: Request): string | null {
  const { cf } = request as { cf?: { clientAcceptEncoding?: string } };
  return cf?.clientAcceptEncoding ?? request.headers.get("accept-encoding");
}

function compressed(response: Response, body: ReadableStream<Uint8Array>, coding: Coding): Response {
  const compression = new CompressionStream(coding) as TransformStream<Uint8Array, Uint8Array>;
  const { status, statusText, headers } = response;
  // Else workerd would compress what says that it is compressed.
  const init = { status, statusText, headers: new Headers(headers), encodeBody: "manual" };
  init.headers.set("Content-Encoding", coding);
  init.headers.delete("Content-Length");
  return new Response(body.pipeThrough(compression), init as ResponseInit);
}

/** Reads until it is known whether the body has the size; what has been read is part of the body that is returned. */
async function measured(
  body: ReadableStream<Uint8Array>,
  size: number,
): Promise<{ body: ReadableStream<Uint8Array>; isLarge: boolean }> {
  const reader = body.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  let isDone = false;
  while (length < size && !isDone) {
    const { done, value } = await reader.read();
    isDone = done;
    if (value) {
      chunks.push(value);
      length += value.byteLength;
    }
  }
  const rest = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const chunk = chunks.shift();
      if (chunk) return controller.enqueue(chunk);
      const { done, value } = isDone ? { done: true, value: undefined } : await reader.read();
      if (done || !value) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
  return { body: rest, isLarge: length >= size };
}
