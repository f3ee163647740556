/**
 * `awslambda`, the global by which handlers stream their responses. Source: the Lambda developer guide,
 * "Response streaming for Lambda functions"; the guide's response-transfer-mode-lambda.
 */
import { Writable } from "node:stream";

type StreamingHandler = (event: unknown, stream: ResponseStream, context: unknown) => unknown;

/** The mark that Lambda's own runtime puts on a handler. */
const mark = Symbol.for("aws.lambda.runtime.handler.streaming");

export const isStreaming = (handler: object): handler is StreamingHandler => mark in handler;

/** Between the metadata of an HTTP response and its body. */
const delimiter = new Uint8Array(8);

/** What a handler writes; ends when it has called `end`. */
export class ResponseStream extends Writable {
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;

  constructor(target: WritableStream<Uint8Array>) {
    super({ decodeStrings: true });
    this.#writer = target.getWriter();
  }

  /** A content type is part of the metadata; by itself it has no effect behind an API. */
  setContentType(_contentType: string): void {}

  override _write(chunk: Uint8Array, _encoding: string, done: (error?: Error | null) => void): void {
    this.#writer.write(new Uint8Array(chunk)).then(() => done(), done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#writer.close().then(() => done(), done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    if (error) this.#writer.abort(error).catch(() => undefined);
    done(error);
  }
}

const HttpResponseStream = {
  /** @param metadata status and headers, which go before the first piece of the body */
  from(stream: ResponseStream, metadata: unknown): ResponseStream {
    stream.write(JSON.stringify(metadata));
    stream.write(delimiter);
    return stream;
  },
};

export function installStreaming(): void {
  Object.defineProperty(globalThis, "awslambda", {
    value: {
      streamifyResponse: (handler: StreamingHandler) => Object.assign(handler, { [mark]: "response" }),
      HttpResponseStream,
    },
  });
}
