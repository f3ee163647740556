/**
 * A shard of WebSocket connections (src/invoke/websocket/shards.ts). Its sockets hibernate: while nothing happens the
 * object is not in memory, and the runtime answers pings. What a connection's events need is with its socket, or, where
 * the API has a `$disconnect` route, in a table, so that an object that comes back after a crash goes on: a row is there
 * from before the socket is accepted until its `$disconnect` has been run.
 */
import { DurableObject } from "cloudflare:workers";
import { isDeleted, stageOf } from "../invoke/deployment-cache.ts";
import type { CompiledWebSocketStage } from "../invoke/websocket/compiled-websocket-api.ts";
import type { ConnectionPlace } from "../invoke/websocket/connection-id.ts";
import type { Closing, ConnectionRecord } from "../invoke/websocket/connection-record.ts";
import { EventQueues } from "../invoke/websocket/event-queues.ts";
import { closeAnswer, closingOf, noCode, readFrame } from "../invoke/websocket/frames.ts";
import { announceDisconnect, answerMessage, type EventScope } from "../invoke/websocket/messages.ts";
import { loadHeader, owedHeader, recordHeader } from "../invoke/websocket/shard-client.ts";
import { mostSockets, type ShardLoad } from "../invoke/websocket/shards.ts";
import { type Env, settingsOf } from "../settings.ts";
import { type Attempt, ConnectionTable } from "./connection-table.ts";
import { noteKeptSocket } from "./kept-sockets.ts";
import { largestCarried, SocketRecords } from "./socket-records.ts";

/** Octets on their way to one client: one that does not read must not fill the shard's memory. */
const mostUnsent = 4_194_304;
/** How often the `$disconnect` of one connection is tried when its stage cannot be read, or a crash comes between. */
const mostAttempts = 3;
/** `$disconnect` events that a sweep has under way: after a crash, each connection is owed one. */
const mostEnding = 256;

const tooManyMessages: Closing = { code: 1008, reason: "Too many messages" };
const tooSlow: Closing = { code: 1008, reason: "Too slow" };
const goingAway: Closing = closingOf(1001, "");

/** What GetConnection answers. */
interface ConnectionState {
  connectedAt: string;
  identity: { sourceIp: string | null; userAgent: string | null };
  lastActiveAt: string;
}

/** An isolate's sockets do not outlive it, but for those that hibernate. */
let isolateId: string | undefined;

export class Connections extends DurableObject<Env> {
  readonly #table: ConnectionTable;
  readonly #sockets = new SocketRecords();
  readonly #queues = new EventQueues();
  /** Connections whose `$disconnect` is under way. */
  readonly #ending = new Set<string>();
  /** Connections that the gateway has closed: their messages that still wait are not carried out. */
  readonly #expelled = new Set<string>();
  readonly #scope: EventScope;
  #hasAlarm = false;
  #isDrained = false;
  #counts = { second: 0, sockets: 0 };
  #events = { second: 0, now: 0, before: 0 };

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    this.#table = new ConnectionTable(state.storage.sql);
    this.#scope = { env, settings: settingsOf(env), waitUntil: (work) => state.waitUntil(work) };
    isolateId ??= crypto.randomUUID();
    if (this.#table.isNewIsolate(isolateId) && !this.#table.isEmpty()) this.#sweepAfter(0);
  }

  load(): ShardLoad {
    const second = Math.floor(Date.now() / 1000);
    const { before } = this.#counted(second);
    return { sockets: this.#countSockets(second), eventsPerSecond: before };
  }

  /** Counting takes as long as there are many: once a second, and those that have come since are added. */
  #countSockets(second: number): number {
    if (this.#counts.second !== second) {
      this.#counts = { second, sockets: this.ctx.getWebSockets().length };
    }
    return this.#counts.sockets;
  }

  /** Accepts a connection that the Worker has let in; 503 when there are too many. */
  override async fetch(request: Request): Promise<Response> {
    const load = this.load();
    const headers = { [loadHeader]: JSON.stringify(load) };
    if (this.#isDrained || load.sockets >= mostSockets) return new Response(null, { status: 503, headers });
    const json = request.headers.get(recordHeader) ?? "";
    const record = JSON.parse(json) as ConnectionRecord;
    const hasRow = request.headers.has(owedHeader) || json.length > largestCarried;
    const { 0: client, 1: server } = new WebSocketPair();
    this.#count();
    // It is accepted in the turn in which its row is written: a row without a socket is what a crash leaves behind.
    if (hasRow) await this.#table.add(record);
    this.#sockets.begin(server, record, hasRow ? undefined : json);
    this.ctx.acceptWebSocket(server, [record.connectionId]);
    this.#counts.sockets++;
    if (!this.#hasAlarm) await this.#ensureSweep();
    return new Response(null, { status: 101, webSocket: client, headers });
  }

  override webSocketMessage(socket: WebSocket, data: string | ArrayBuffer): Promise<void> | undefined {
    // What comes after the gateway has closed it is not for anybody any more.
    if (socket.readyState !== WebSocket.OPEN) return undefined;
    const id = this.#idOf(socket);
    this.#count();
    this.#sockets.touch(socket);
    const frame = readFrame(data);
    if ("code" in frame) return this.#expel(id, frame, socket);
    const record = this.#sockets.of(socket)?.record ?? this.#table.find(id);
    if (!record) return undefined;
    const work = this.#queues.add(id, frame.octets, () => this.#answer(record, socket, frame.text));
    return work ?? this.#expel(id, tooManyMessages, socket);
  }

  override webSocketClose(socket: WebSocket, code: number, reason: string): Promise<void> | undefined {
    // A socket is closed when both ends have said so. That of a client that has gone without a word, too: until then, the
    // runtime keeps its TCP connection.
    closeSocket(socket, closeAnswer({ code, reason }));
    return this.#end(this.#idOf(socket), closingOf(code, reason), socket);
  }

  /** The runtime has ended it: what the client has sent was larger than any message may be, or no WebSocket frame. */
  override webSocketError(socket: WebSocket, error: unknown): Promise<void> | undefined {
    noteKeptSocket();
    const [, code] = /statusCode = (\d{4})/.exec(String(error)) ?? [];
    return this.#end(this.#idOf(socket), closingOf(Number(code ?? 1006), ""), socket);
  }

  /** @returns `gone` when it is not open; `full` when its client does not read what it is sent */
  post(id: string, place: ConnectionPlace, message: string | Uint8Array): "sent" | "gone" | "full" {
    this.#count();
    const socket = this.#opened(id, place)?.socket;
    if (!socket) return "gone";
    if (socket.bufferedAmount + message.length > mostUnsent) return "full";
    socket.send(message);
    this.#sockets.touch(socket);
    return "sent";
  }

  describe(id: string, place: ConnectionPlace): ConnectionState | undefined {
    this.#count();
    const opened = this.#opened(id, place);
    if (!opened) return undefined;
    const { connectedAt, sourceIp, userAgent } = opened.record;
    return {
      connectedAt: new Date(connectedAt).toISOString(),
      identity: { sourceIp, userAgent },
      lastActiveAt: new Date(this.#sockets.activeAt(opened.socket)).toISOString(),
    };
  }

  /** @returns whether it was open */
  disconnect(id: string, place: ConnectionPlace): boolean {
    this.#count();
    const opened = this.#opened(id, place);
    if (!opened) return false;
    this.#keepAlive(this.#expel(id, closingOf(1000, ""), opened.socket));
    return true;
  }

  /**
   * Ends all connections, since the gateway goes away, and takes no more.
   * @returns when their `$disconnect` has been run
   */
  async drain(): Promise<void> {
    this.#isDrained = true;
    const ended = this.ctx
      .getWebSockets()
      .map((socket) => this.#expel(this.#idOf(socket), goingAway, socket));
    await Promise.all(ended);
  }

  /** After `drain`: the runtime would keep the TCP connections of clients that do not hang up. Nobody hears of it. */
  letGo(): void {
    this.ctx.abort();
  }

  /** Ends what has been idle or open for too long, and what a crash has left behind. */
  override alarm(): void {
    this.#hasAlarm = false;
    const now = Date.now();
    const sockets = new Map(this.ctx.getWebSockets().map((socket) => [this.#idOf(socket), socket]));
    let next = Number.POSITIVE_INFINITY;
    const sweep = (id: string, socket: WebSocket | undefined, connectedAt: number, isClosed: boolean) => {
      if (this.#ending.has(id)) return;
      const idleSince = socket && !isClosed ? this.#sockets.activeAt(socket) : now;
      const until = Math.min(connectedAt + this.#maxDuration, idleSince + this.#idleTimeout);
      if (socket && !isClosed && until > now) {
        next = Math.min(next, until);
      } else if (this.#ending.size >= mostEnding) {
        next = now;
      } else {
        const isOpen = socket && !isClosed;
        this.#keepAlive(isOpen ? this.#expel(id, goingAway, socket) : this.#announceUnheard(id));
      }
    };
    for (const { id, isClosed, connectedAt } of this.#table.all()) {
      sweep(id, sockets.get(id), connectedAt, isClosed);
    }
    for (const [id, socket] of sockets) {
      const carried = this.#sockets.of(socket);
      if (carried) sweep(id, socket, carried.record.connectedAt, false);
    }
    if (next < Number.POSITIVE_INFINITY) this.#sweepAfter(next - now);
    else if (this.#ending.size > 0) this.#sweepAfter(this.#idleTimeout);
  }

  async #answer(record: ConnectionRecord, socket: WebSocket, message: string): Promise<void> {
    const id = record.connectionId;
    if (this.#expelled.has(id)) return;
    const stage = await this.#stageOf(record).catch((error) => {
      console.error(`${record.apiId}/${record.stageName} cannot be read: ${error}`);
      return null;
    });
    if (stage === undefined) {
      this.#keepAlive(this.#expel(id, goingAway, socket));
      return;
    }
    const frame = await answerMessage(message, record, stage, this.#scope);
    if (frame === undefined || socket.readyState !== WebSocket.OPEN) return;
    if (socket.bufferedAmount + frame.length > mostUnsent) {
      this.#keepAlive(this.#expel(id, tooSlow, socket));
      return;
    }
    socket.send(frame);
  }

  /** The gateway closes it: messages that still wait are not carried out. */
  #expel(id: string, closing: Closing, socket: WebSocket): Promise<void> | undefined {
    closeSocket(socket, closing);
    noteKeptSocket();
    return this.#end(id, closing, socket, true);
  }

  /** @returns what ends with its `$disconnect`; undefined when it had ended before */
  #end(id: string, closing: Closing, socket: WebSocket, isExpelled = false): Promise<void> | undefined {
    const carried = this.#sockets.end(socket);
    const record = carried ?? (this.#ending.has(id) ? undefined : this.#table.find(id));
    if (!record) return undefined;
    if (isExpelled) this.#expelled.add(id);
    return this.#announce(id, !carried, () => ({ record, closing, attempts: 1 }));
  }

  /** Of a connection that a crash has ended, or whose `$disconnect` has not been run for another reason. */
  #announceUnheard(id: string): Promise<void> {
    return this.#announce(id, true, () => this.#table.attempt(id, closingOf(1006, "")));
  }

  /**
   * Behind the messages that came before. A failing integration is not asked again; only what was not asked is.
   * @param attemptOf is asked when it is its turn; undefined when there is no such connection any more
   */
  #announce(id: string, hasRow: boolean, attemptOf: () => Attempt | undefined): Promise<void> {
    this.#ending.add(id);
    return this.#queues.addLast(id, async () => {
      let attempt: Attempt | undefined;
      try {
        attempt = attemptOf();
        if (attempt && attempt.attempts <= mostAttempts) {
          const stage = await this.#stageOf(attempt.record);
          await announceDisconnect(attempt.closing, attempt.record, stage, this.#scope);
        }
        if (hasRow) await this.#table.remove(id);
      } catch (error) {
        console.error(`$disconnect of ${id} is tried again: ${error}`);
        if (attempt) this.#table.keepAttempt(attempt);
        this.#sweepAfter(this.#granularity);
      } finally {
        this.#ending.delete(id);
        this.#expelled.delete(id);
      }
    });
  }

  /** For an event that does not wait for what it has begun. */
  #keepAlive(work: Promise<void> | undefined): void {
    if (work) this.ctx.waitUntil(work);
  }

  #opened(id: string, { apiId, stageName }: ConnectionPlace) {
    const [socket] = this.ctx.getWebSockets(id);
    if (!socket || socket.readyState !== WebSocket.OPEN) return undefined;
    const record = this.#sockets.of(socket)?.record ?? this.#table.find(id);
    return record?.apiId === apiId && record.stageName === stageName ? { record, socket } : undefined;
  }

  /** @returns undefined when it has been deleted */
  async #stageOf({ apiId, stageName }: ConnectionRecord): Promise<CompiledWebSocketStage | undefined> {
    const stage = await stageOf(this.env, apiId, stageName, this.#scope.waitUntil);
    if (stage?.protocol === "WEBSOCKET") return stage;
    if (await isDeleted(this.env, apiId, stageName)) return undefined;
    throw new Error("its deployment is not there");
  }

  #idOf(socket: WebSocket): string {
    return this.#sockets.of(socket)?.record.connectionId ?? (this.ctx.getTags(socket)[0] as string);
  }

  /** Milliseconds. */
  get #idleTimeout(): number {
    return this.#scope.settings.webSocketIdleTimeout * 1000;
  }

  /** Milliseconds. */
  get #maxDuration(): number {
    return this.#scope.settings.webSocketMaxDuration * 1000;
  }

  /** Milliseconds between sweeps at least: so much later than due may a connection be ended. */
  get #granularity(): number {
    return Math.min(30_000, this.#idleTimeout / 20);
  }

  /** An alarm that was set before the object slept comes in time, unless its time-outs were longer. */
  async #ensureSweep(): Promise<void> {
    this.#hasAlarm = true;
    const first = Math.min(this.#idleTimeout, this.#maxDuration);
    const alarm = await this.ctx.storage.getAlarm();
    if (alarm === null || alarm > Date.now() + first) this.#sweepAfter(first);
  }

  #sweepAfter(delay: number): void {
    this.#hasAlarm = true;
    this.ctx.waitUntil(this.ctx.storage.setAlarm(Date.now() + Math.max(delay, this.#granularity)));
  }

  #count(): void {
    this.#counted(Math.floor(Date.now() / 1000)).now++;
  }

  #counted(second: number) {
    const events = this.#events;
    if (events.second !== second) {
      events.before = events.second === second - 1 ? events.now : 0;
      events.now = 0;
      events.second = second;
    }
    return events;
  }
}

function closeSocket(socket: WebSocket, { code, reason }: Closing): void {
  try {
    if (code === noCode) socket.close();
    else socket.close(code, reason);
  } catch {
    // It has been closed before.
  }
}
