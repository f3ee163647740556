/**
 * The TLS egress of `npm start`: takes requests from the gateway over a local socket and sends them to their endpoints,
 * with the client certificate and the verification that each of them asks for (src/outbound/tls-egress.ts says why).
 * Bodies stream both ways; the gateway has the timeouts, and ends what takes too long by closing its connection.
 */
import {
  type ClientRequest,
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { type Agent, request as httpsRequest } from "node:https";
import { isIP } from "node:net";
import { join } from "node:path";
import { type EgressConnection, egressHeaders } from "../src/outbound/tls-egress.ts";
import { BackendAgent } from "./tls-backend-agent.ts";
import { egressFaultOf } from "./tls-fault.ts";

/** Bytes of a message's head: AWS takes 10,240 of the client's, and the connection's certificate comes on top. */
const maxHeaderSize = 65_536;
/** Milliseconds. The gateway closes connections that it no longer needs, so the egress does not. */
const keepAliveTimeout = 600_000;
/** Of as many certificates connections are kept open. */
const mostAgents = 100;

export class TlsEgress {
  readonly socketPath: string;
  readonly #server: Server;
  readonly #vpcOrigins: ReadonlyMap<string, string>;
  /** By certificate and verification: their connections must never be mixed. */
  readonly #agents = new Map<string, Agent>();

  /** @param folder that no other user may enter @param vpcOrigins targets of VPC links, by the names of their services */
  constructor(folder: string, vpcOrigins: ReadonlyMap<string, string>) {
    this.socketPath = join(folder, "tls-egress.sock");
    this.#vpcOrigins = vpcOrigins;
    this.#server = createServer({ maxHeaderSize, keepAliveTimeout }, (incoming, outgoing) => {
      try {
        this.#forward(incoming, outgoing);
      } catch (error) {
        answerFault(outgoing, error);
      }
    });
    this.#server.listen(this.socketPath);
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
    for (const agent of this.#agents.values()) agent.destroy();
  }

  #forward(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const text = Buffer.from(incoming.headers[egressHeaders.connection] as string, "base64");
    const connection: EgressConnection = JSON.parse(String(text));
    const { protocol, hostname, port } = new URL(this.#originOf(incoming, connection));
    const host = hostname.replace(/^\[|\]$/g, "");
    const options = {
      host,
      port: port || (protocol === "https:" ? 443 : 80),
      method: incoming.method,
      path: incoming.url,
      headers: endToEnd(incoming.rawHeaders),
      maxHeaderSize,
    };
    const request =
      protocol === "https:"
        ? httpsRequest({ ...options, servername: isIP(host) ? "" : host, agent: this.#agentOf(connection) })
        : httpRequest(options);
    let answer: IncomingMessage | undefined;
    request.on("response", (arrived) => {
      answer = arrived;
      passOn(arrived, outgoing);
    });
    // Octets behind an answer are an error to Node, and no longer one to the gateway.
    request.on("error", (error) => answer?.complete || answerFault(outgoing, error));
    request.on("upgrade", (_answer, socket) => {
      socket.destroy();
      answerFault(outgoing, new Error("101 Switching Protocols, unasked"));
    });
    // Each says so once more at its other end.
    incoming.on("error", () => undefined);
    outgoing.on("error", () => undefined);
    outgoing.on("close", () => release(incoming, request));
    incoming.pipe(request);
  }

  #originOf({ headers }: IncomingMessage, { vpcService }: EgressConnection): string {
    if (vpcService === undefined) return `https://${headers.host}`;
    return this.#vpcOrigins.get(vpcService) as string;
  }

  #agentOf({ clientCertificate, skipsVerification = false }: EgressConnection): Agent {
    const key = `${skipsVerification} ${clientCertificate?.certificate}`;
    let agent = this.#agents.get(key);
    if (!agent) {
      const [oldest] = this.#agents;
      if (oldest && this.#agents.size >= mostAgents) this.#agents.delete(oldest[0]);
      agent = new BackendAgent(clientCertificate, skipsVerification);
      this.#agents.set(key, agent);
    }
    return agent;
  }
}

function passOn(answer: IncomingMessage, outgoing: ServerResponse): void {
  outgoing.sendDate = false;
  try {
    outgoing.writeHead(answer.statusCode as number, answer.statusMessage, endToEnd(answer.rawHeaders));
  } catch (error) {
    // Node reads heads that it does not write: a status of 0, a reason with control characters.
    answerFault(outgoing, error);
    return;
  }
  // A stream's head does not wait for what comes behind it.
  outgoing.flushHeaders();
  // What breaks off must not look whole.
  answer.on("error", () => outgoing.destroy());
  answer.pipe(outgoing);
}

/** @param error from any step, before or after the answer's head has gone */
function answerFault(outgoing: ServerResponse, error: unknown): void {
  if (outgoing.headersSent) {
    outgoing.destroy();
    return;
  }
  const { fault, reason } = egressFaultOf(error);
  // With a reason: one that has just been refused would be taken again.
  outgoing.writeHead(502, "Bad Gateway", [egressHeaders.fault, fault, "Content-Type", "text/plain"]);
  outgoing.end(reason);
}

/** An answer that was given early, or is no longer wanted, leaves a request that nobody reads or writes on. */
function release(incoming: IncomingMessage, request: ClientRequest): void {
  incoming.unpipe(request);
  incoming.resume();
  request.destroy();
}

const hopByHop: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "upgrade",
  ...Object.values(egressHeaders),
]);

/** @param raw names and values in turn */
function endToEnd(raw: string[]): string[] {
  const kept: string[] = [];
  for (let index = 0; index < raw.length; index += 2) {
    const [name, value] = [raw[index] as string, raw[index + 1] as string];
    if (!hopByHop.has(name.toLowerCase())) kept.push(name, value);
  }
  return kept;
}
