/**
 * TCP connections that workerd keeps although their WebSockets have ended: where the gateway has closed first and the client
 * has never sent a message, and where the client has broken the protocol. It lets go of them when their shard sleeps, which
 * a busy one never does, or when V8 collects their objects. Those are small, so V8 sees no need, and the machine would be out
 * of descriptors first (workerd 1.20261117.1: of 3,000 under load, none was let go). So V8 is told to, where the runtime
 * allows it (scripts/workerd-config.ts). At the edge it does not, and connections are no descriptors of ours.
 */

/** Sockets that may be kept before V8 is told to collect. */
const mostKept = 256;
/**
 * Milliseconds between that and the collection, in which clients answer the close frames that they were sent, and between
 * collections: one takes tens of milliseconds, in which nobody is served, and clients can cause it.
 */
const delay = 10_000;

const { gc: collect } = globalThis as { gc?: () => void };

/** Of the isolate, in which all shards are. */
let kept = 0;
/** Until when a collection is on its way, unless the object that was to start it has ended. */
let dueUntil = 0;

/** To be told of each socket that may be kept. */
export function noteKeptSocket(): void {
  if (!collect) return;
  kept++;
  if (kept < mostKept || Date.now() < dueUntil) return;
  dueUntil = Date.now() + 2 * delay;
  setTimeout(() => {
    kept = 0;
    dueUntil = 0;
    collect();
  }, delay);
}
