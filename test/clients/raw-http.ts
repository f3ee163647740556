/** HTTP as bytes on a socket, for requests that no client library would send. */
import { connect } from "node:net";

export interface RawResponse {
  status: number;
  /** By lower-case name; several of one name are joined with `, `. */
  headers: Record<string, string>;
  /** Header lines as they came. */
  lines: string[];
  body: string;
}

/**
 * Sends bytes, waits until the other side closes (or for `patience` milliseconds), and gives back what it sent.
 * @param text one character an octet
 */
function exchange(origin: string, text: string, patience = 10_000): Promise<string> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    let received = "";
    const socket = connect(Number(port), hostname, () => socket.write(Buffer.from(text, "latin1")));
    const timer = setTimeout(() => socket.destroy(), patience);
    socket.on("data", (data) => {
      received += data.toString("latin1");
    });
    socket.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "ECONNRESET" && error.code !== "EPIPE") reject(error);
    });
    socket.on("close", () => {
      clearTimeout(timer);
      resolve(received);
    });
  });
}

/** The first response, as soon as it is whole by its `Content-Length`, none being no body: the connection need not end. */
export function firstResponse(origin: string, text: string): Promise<RawResponse> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    let received = "";
    const socket = connect(Number(port), hostname, () => socket.write(Buffer.from(text, "latin1")));
    socket.on("data", (data) => {
      received += data.toString("latin1");
      const response = parseResponse(received);
      if (!response || response.body.length < Number(response.headers["content-length"] ?? 0)) return;
      socket.destroy();
      resolve(response);
    });
    socket.on("error", reject);
    socket.on("close", () => reject(new Error("the connection was closed without a response")));
  });
}

/** The response to one request; undefined when the connection was closed without any. */
export async function rawRequest(origin: string, text: string): Promise<RawResponse | undefined> {
  return parseResponse(await exchange(origin, text));
}

function parseResponse(received: string): RawResponse | undefined {
  const end = received.indexOf("\r\n\r\n");
  if (end === -1) return undefined;
  const [statusLine = "", ...lines] = received.slice(0, end).split("\r\n");
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  }
  return { status: Number(statusLine.split(" ")[1]), headers, lines, body: received.slice(end + 4) };
}
