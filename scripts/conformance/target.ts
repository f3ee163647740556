/** The echo server that is asked: the gateway, with an API whose `$default` route echoes; a bare worker; or any other. */
import { ApiGatewayV2Client } from "@aws-sdk/client-apigatewayv2";
import { TestWebSocketApi } from "../../test/clients/websocket-api.ts";
import { credentials, region, startServers } from "../bench/servers.ts";
import { startEchoBackend } from "./echo-backend.ts";

export interface Target {
  name: string;
  url: string;
  stop(): Promise<void>;
}

/** @param asked `gateway`, `bare` or the address of a server that sends back what it is sent */
export async function startTarget(asked: string): Promise<Target> {
  if (asked !== "gateway" && asked !== "bare") {
    return { name: asked, url: asked, stop: async () => undefined };
  }
  const servers = await startServers({ webSocketCompression: true });
  if (asked === "bare") {
    return { name: "a bare worker", url: `${servers.bare}/sockets/0/conformance`, stop: servers.stop };
  }
  const backend = await startEchoBackend();
  const client = new ApiGatewayV2Client({ endpoint: servers.gateway, region, credentials });
  const api = await TestWebSocketApi.create(client);
  await api.route("$default", backend.route);
  await api.deploy();
  client.destroy();
  return {
    name: "the gateway",
    url: api.url(servers.gateway),
    async stop() {
      await servers.stop();
      backend.stop();
    },
  };
}
