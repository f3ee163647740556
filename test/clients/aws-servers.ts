/** Servers that speak the protocols of AWS's services, from npm, which take signed requests alone. */
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, request as httpRequest, type IncomingMessage, type Server } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { settingsOf } from "../../src/settings.ts";
import { authenticate } from "../../src/signature/authenticate.ts";
import { checkTime, readSignature } from "../../src/signature/sigv4.ts";
import { credentials } from "../gateway.ts";
import { listen } from "../listen.ts";

const require = createRequire(import.meta.url);

export interface AwsServer {
  url: string;
  /** What it was sent last, that was signed as it must be. */
  seen: () => { url: string; headers: IncomingMessage["headers"] };
  stop(): Promise<void>;
}

/** dynalite and kinesalite look whether there is a signature; here it is checked, as AWS would. */
async function behindVerifier(server: Server, service: string): Promise<AwsServer> {
  const port = await listen(server);
  let seen: ReturnType<AwsServer["seen"]>;
  const front = createServer(async (incoming, outgoing) => {
    const body = await buffer(incoming);
    const [path = "", query = ""] = (incoming.url as string).split("?");
    const headers = new Headers(incoming.headers as Record<string, string>);
    const request = { method: incoming.method as string, path, query, headers };
    try {
      const signature = readSignature(request);
      checkTime(signature, Date.now());
      if (signature.service !== service) throw new Error(`signed for ${signature.service}`);
      authenticate(request, signature, credentials, body, settingsOf({} as never));
    } catch (error) {
      outgoing.writeHead(403).end(JSON.stringify({ __type: "InvalidSignature", message: String(error) }));
      return;
    }
    seen = { url: incoming.url as string, headers: incoming.headers };
    const { method, url: target, headers: sent } = incoming;
    const options = { port, method, path: target, headers: { ...sent, "content-length": body.byteLength } };
    const forwarded = httpRequest(options as never, (answer) => {
      outgoing.writeHead(answer.statusCode as number, answer.headers);
      answer.pipe(outgoing);
    });
    forwarded.end(body);
  });
  return {
    url: `http://127.0.0.1:${await listen(front)}`,
    seen: () => seen,
    async stop() {
      front.close();
      server.close();
    },
  };
}

export const startDynamoDb = (): Promise<AwsServer> =>
  behindVerifier(require("dynalite")({ createTableMs: 0 }), "dynamodb");

export const startKinesis = (): Promise<AwsServer> =>
  behindVerifier(require("kinesalite")({ createStreamMs: 0 }), "kinesis");

/** It checks signatures itself. */
export async function startS3(bucket: string): Promise<{ url: string; stop(): Promise<void> }> {
  require("s3rver/lib/models/account").DUMMY_ACCOUNT.createKeyPair(
    credentials.accessKeyId,
    credentials.secretAccessKey,
  );
  const directory = await mkdtemp(join(tmpdir(), "sallyport-s3-"));
  const S3rver = require("s3rver");
  const server = new S3rver({
    port: 0,
    address: "127.0.0.1",
    silent: true,
    directory,
    configureBuckets: [{ name: bucket }],
  });
  const { port } = await server.run();
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      await server.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
