/**
 * A backend that misbehaves on demand: the path, or the name of the Lambda function that is invoked, says how. It speaks
 * HTTP as bytes on sockets, since no HTTP server sends what most of these faults are.
 */
import { randomBytes } from "node:crypto";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { gzipSync } from "node:zlib";

/** What the backend does instead of answering, or as its answer. */
type Fault = (socket: Socket) => void;

/** A proxy response of a function, and any text to the other integrations. */
export const healthyBody = '{"statusCode":200,"body":"healthy"}';
/** Bytes, more than any integration may answer. */
export const oversize = 11_534_336;

const head = (...headers: string[]) =>
  `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n${headers.map((header) => `${header}\r\n`).join("")}\r\n`;
const healthy = `${head(`Content-Length: ${healthyBody.length}`)}${healthyBody}`;
const send =
  (text: string): Fault =>
  (socket) => {
    socket.write(text);
  };
const sendAndClose =
  (text: string): Fault =>
  (socket) => {
    socket.end(text);
  };
/** What was sent has arrived before the connection breaks. */
const sendAndReset =
  (text: string): Fault =>
  (socket) => {
    socket.write(text);
    setTimeout(() => socket.resetAndDestroy(), 30);
  };
const sendCompressed = (content: string | Buffer): Fault => {
  const octets = gzipSync(content);
  return (socket) => {
    socket.write(head("Content-Encoding: gzip", `Content-Length: ${octets.byteLength}`));
    socket.write(octets);
  };
};
/** Milliseconds after which the backend gives up a connection that it has not read, as servers do. */
const unreadFor = 10_000;
const leaveUnread: Fault = (socket) => {
  socket.pause();
  setTimeout(() => socket.resetAndDestroy(), unreadFor).unref();
};
const some = '{"some":';
const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;

const faults = {
  healthy: send(healthy),
  "healthy, chunked": send(`${head("Transfer-Encoding: chunked") + chunk(healthyBody)}0\r\n\r\n`),
  "healthy, until it closes": sendAndClose(head("Connection: close") + healthyBody),
  "slow head": () => undefined,
  "slow small body": send(head("Content-Length: 100") + some),
  "slow large body": send(head("Content-Length: 100000") + some),
  "slow chunked body": send(head("Transfer-Encoding: chunked") + chunk(some)),
  "closed without an answer": (socket) => socket.destroy(),
  "reset without an answer": (socket) => socket.resetAndDestroy(),
  "reset in a small body": sendAndReset(head("Content-Length: 100") + some),
  "reset in a large body": sendAndReset(head("Content-Length: 100000") + some),
  "reset in a chunked body": sendAndReset(head("Transfer-Encoding: chunked") + chunk(some)),
  "too large": (socket) => {
    socket.write(head(`Content-Length: ${oversize}`));
    socket.write(Buffer.alloc(oversize, "x"));
  },
  "too large, chunked": (socket) => {
    socket.write(head("Transfer-Encoding: chunked"));
    for (let sent = 0; sent < oversize; sent += 65_536) socket.write(chunk("x".repeat(65_536)));
    socket.write("0\r\n\r\n");
  },
  compressed: sendCompressed(healthyBody),
  "compressed, large": sendCompressed(`"${randomBytes(100_000).toString("hex")}"`),
  "compressed, too large": sendCompressed(Buffer.alloc(50_000_000, "x")),
  "no HTTP": sendAndClose("I am no HTTP server\r\n\r\n"),
  "no header": sendAndClose("HTTP/1.1 200 OK\r\nno colon in here\r\n\r\n"),
  "status 999": send("HTTP/1.1 999 Denied\r\nContent-Length: 2\r\n\r\n{}"),
  "endless head": (socket) => {
    const more = () => {
      while (socket.writable && socket.write(`X-More: ${"x".repeat(1_000)}\r\n`));
    };
    socket.on("drain", more);
    socket.write("HTTP/1.1 200 OK\r\n");
    more();
  },
  "100 first": send(`HTTP/1.1 100 Continue\r\n\r\n${healthy}`),
  "103 first": send(`HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n${healthy}`),
  "101 unasked": send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n"),
  redirect: send("HTTP/1.1 302 Found\r\nLocation: /healthy\r\nContent-Length: 5\r\n\r\nmoved"),
  "204 with a body": send("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nworld"),
  "205 with a body": send("HTTP/1.1 205 Reset Content\r\nContent-Length: 5\r\n\r\nworld"),
  "304 with a body": send("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\nworld"),
  "longer than declared": send(`${head("Content-Length: 2")}{}${healthy}`),
  "shorter than declared": sendAndClose(head("Content-Length: 100") + some),
  "two lengths": send(`${head("Content-Length: 2", "Content-Length: 8")}{}      `),
  "length that is no number": send(`${head("Content-Length: two")}{}`),
  "chunk that is none": send(`${head("Transfer-Encoding: chunked")}xyz\r\n{}\r\n`),
  "never reads": leaveUnread,
  "answers and never reads": (socket) => {
    leaveUnread(socket);
    socket.write(healthy);
  },
} satisfies Record<string, Fault>;

export type FaultName = keyof typeof faults;
export const faultNames = Object.keys(faults) as FaultName[];

/** As a path, and as the name of a function, have it. */
export const slugOf = (name: string) => name.replace(/\W+/g, "-");
const bySlug = new Map(Object.entries(faults).map(([name, fault]) => [slugOf(name), { name, fault }]));
const beforeItsBody: ReadonlySet<string> = new Set<FaultName>(["never reads", "answers and never reads"]);

export interface FaultyBackend {
  origin: string;
  stop(): void;
}

export async function startFaultyBackend(): Promise<FaultyBackend> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => undefined);
    answerRequests(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** One after the other, on a connection that is kept. */
function answerRequests(socket: Socket): void {
  let received = "";
  socket.on("data", (data) => {
    received += data.toString("latin1");
    for (;;) {
      const headEnd = received.indexOf("\r\n\r\n") + 4;
      if (headEnd === 3) return;
      const { name, fault } = faultOf(received);
      if (beforeItsBody.has(name)) {
        fault(socket);
        return;
      }
      const end = bodyEnd(received, headEnd);
      if (end === -1 || end > received.length) return;
      received = received.slice(end);
      fault(socket);
    }
  });
}

function faultOf(request: string): { name: string; fault: Fault } {
  const path = decodeURIComponent(request.slice(request.indexOf(" ") + 1, request.indexOf(" HTTP/")));
  const slug = /:function:([\w-]+)/.exec(path)?.[1] ?? /^\/([\w-]+)/.exec(path)?.[1] ?? "";
  return bySlug.get(slug) ?? { name: "unknown", fault: sendAndClose("HTTP/1.1 500 Unknown fault\r\n\r\n") };
}

/** Index behind a request's body; -1 while it is not known. */
function bodyEnd(request: string, headEnd: number): number {
  const headText = request.slice(0, headEnd);
  if (/^transfer-encoding: *chunked/im.test(headText)) {
    const last = request.indexOf("0\r\n\r\n", headEnd);
    return last === -1 ? -1 : last + 5;
  }
  return headEnd + Number(/^content-length: *(\d+)/im.exec(headText)?.[1] ?? 0);
}
