/** Messages posted to connections, as a backend that signs its requests posts them. */
import { once } from "node:events";
import { Agent, type IncomingMessage, request } from "node:http";
import { AwsV4Signer } from "aws4fetch";
import { credentials } from "../../test/gateway.ts";

/** @returns the status that it was answered with, or why it was not */
export type Post = (connectionId: string, body: string) => Promise<string>;

/** @param api address of the stage */
export function startPosting(api: string): { post: Post; stop(): void } {
  // Connections are given up long before the gateway would, so that no request meets one that is being closed.
  const agent = new Agent({ keepAlive: true, maxSockets: 32, timeout: 2_000 });
  const post: Post = async (connectionId, body) => {
    const url = `${api}/@connections/${encodeURIComponent(connectionId)}`;
    const signed = await new AwsV4Signer({
      ...credentials,
      url,
      method: "POST",
      body,
      service: "execute-api",
      region: "us-east-1",
    }).sign();
    const headers = { ...Object.fromEntries(signed.headers), "Content-Length": Buffer.byteLength(body) };
    try {
      const sent = request(url, { method: "POST", agent, headers }).end(body);
      const [response] = (await once(sent, "response")) as [IncomingMessage];
      response.resume();
      await once(response, "end");
      return String(response.statusCode);
    } catch (error) {
      return String(error);
    }
  };
  return { post, stop: () => agent.destroy() };
}
