/** WebSocket APIs, each case against objects with sockets and nothing more. */

import { AwsV4Signer } from "aws4fetch";
import type { WebSocket } from "ws";
import { shardsOf } from "../../src/invoke/websocket/shards.ts";
import { measureRequests } from "./http-cases.ts";
import { type Case, lanes, type Measurement, type Run } from "./measurement.ts";
import { credentials, region, type Servers } from "./servers.ts";
import { ask, askRepeatedly, closeSockets, connectRepeatedly, openSockets } from "./sockets.ts";
import { messages, mockAnswer } from "./websocket-apis.ts";

const shards = shardsOf("");
const pushed = '{"text":"Hello from the bench"}';

/** @param kind of the bare objects @returns the address of each socket */
export const bareSocket = (bare: string, kind: "sockets" | "functions") => (index: number) =>
  `${bare}/${kind}/${index % shards}/${index}`;

/** @param api address of the stage */
export function webSocketCases({ bare }: Servers, api: string): Case[] {
  const connect = "WebSocket, bare objects: connects";
  const echo = "WebSocket, bare objects: echo";
  const functionEcho = "WebSocket, bare objects: echo of a loaded worker";
  const push = "WebSocket, bare objects: push";
  const bareEcho = bareSocket(bare, "sockets");
  const bareFunction = bareSocket(bare, "functions");
  const gateway = () => api;
  return [
    { name: connect, measure: (run) => connecting(run, bareEcho) },
    {
      name: "WebSocket: connects, MOCK $connect",
      baseline: connect,
      reach: 0.6,
      measure: (run) => connecting(run, gateway),
    },
    { name: echo, measure: (run) => asking(run, bareEcho, messages.mock, messages.mock) },
    {
      name: "WebSocket: echo, MOCK route",
      baseline: echo,
      reach: 0.7,
      measure: (run) => asking(run, gateway, messages.mock, mockAnswer),
    },
    {
      name: functionEcho,
      measure: (run) => asking(run, bareFunction, messages.function, messages.function),
    },
    {
      name: "WebSocket: echo, AWS_PROXY route, stored function",
      baseline: functionEcho,
      reach: 0.5,
      measure: (run) => asking(run, gateway, messages.function, messages.function),
    },
    { name: push, measure: (run) => pushing(run, bareEcho, barePushes(bare)) },
    {
      name: "WebSocket: POST to @connections",
      baseline: push,
      reach: 0.8,
      measure: (run) => pushing(run, gateway, signedPosts(api)),
    },
  ];
}

async function connecting(run: Run, urlOf: (index: number) => string): Promise<Measurement> {
  const sockets: WebSocket[] = [];
  const measurement = await connectRepeatedly(run, sockets, urlOf);
  await closeSockets(sockets);
  return measurement;
}

async function asking(
  run: Run,
  urlOf: (index: number) => string,
  message: string,
  expected: string,
): Promise<Measurement> {
  const sockets = await openSockets(lanes, urlOf);
  const measurement = await askRepeatedly(run, sockets, message, expected);
  await closeSockets(sockets);
  return measurement;
}

interface Post {
  path: string;
  headers: Record<string, string>;
}

/** @param postsOf what is sent to the connections, over and over. @throws Error when a message does not arrive */
async function pushing(
  run: Run,
  urlOf: (index: number) => string,
  postsOf: (sockets: WebSocket[]) => Promise<{ origin: string; posts: Post[] }>,
): Promise<Measurement> {
  const sockets = await openSockets(lanes, urlOf);
  const { origin, posts } = await postsOf(sockets);
  let received = 0;
  for (const socket of sockets) {
    socket.onmessage = ({ data }) => {
      if (data === pushed) received++;
    };
  }
  const measurement = await measureRequests(
    { url: origin, requests: posts.map((post) => ({ ...post, method: "POST", body: pushed })) },
    run,
  );
  await closeSockets(sockets);
  const { operations } = measurement;
  if (received < operations) throw new Error(`${operations} posts, ${received} messages`);
  return measurement;
}

const barePushes = (bare: string) => async (sockets: WebSocket[]) => ({
  origin: bare,
  posts: sockets.map(({ url }) => ({
    path: new URL(url).pathname.replace("/sockets/", "/push/"),
    headers: {},
  })),
});

/** A signature holds for five minutes: each is made once, so that the load generator is not what is measured. */
const signedPosts = (api: string) => async (sockets: WebSocket[]) => ({
  origin: new URL(api).origin,
  posts: await Promise.all(
    sockets.map(async (socket) => {
      const id = await ask(socket, messages.id);
      const { url, headers } = await new AwsV4Signer({
        url: `${api}/@connections/${encodeURIComponent(id)}`,
        method: "POST",
        body: pushed,
        headers: { "content-type": "application/json" },
        service: "execute-api",
        region,
        ...credentials,
      }).sign();
      return { path: url.pathname, headers: Object.fromEntries(headers) };
    }),
  ),
});
