/** The backend behind an echo route: it answers with the octets that it is sent. */
import { createServer } from "node:http";
import type { RouteOptions } from "../../test/clients/websocket-api.ts";
import { listen } from "../../test/listen.ts";

export interface EchoBackend {
  /** A route that goes to it, and sends its answers to the client. */
  route: RouteOptions;
  stop(): void;
}

export async function startEchoBackend(): Promise<EchoBackend> {
  const server = createServer((request, response) => request.pipe(response));
  const port = await listen(server);
  return {
    // HTTP_PROXY: no template comes between, so that what is no JSON, or empty, passes as well.
    route: {
      integration: {
        IntegrationType: "HTTP_PROXY",
        IntegrationMethod: "POST",
        IntegrationUri: `http://127.0.0.1:${port}/`,
      },
      isTwoWay: true,
    },
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
