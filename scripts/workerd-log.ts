/** What workerd writes to its log, without the lines that clients could fill it with and one that it writes at each start. */
import { Transform } from "node:stream";

/** A WebSocket connection that has ended for what its client has sent: nothing that an operator could do about. */
const clientFault =
  /: error: Uncaught exception: .*WebSocket protocol error; protocolError\.statusCode = \d+; protocolError\.description = /;

/** That workerd compiles its own scripts anew, since it has V8 flags (scripts/workerd-config.ts): a start is no slower for it. */
const compileCache =
  /: warning: NOSENTRY per-isolate bootstrap compile cache failed its compatibility check; /;

/** Octets of a line that are kept back until it ends. */
const longestKept = 65_536;

/** @returns a stream of octets, line by line */
export function withoutNoise(): Transform {
  let unfinished = "";
  return new Transform({
    transform(octets: Buffer, _, done) {
      // One character an octet: what is no text passes unchanged.
      const text = unfinished + octets.toString("latin1");
      const end = text.length > longestKept ? text.length : text.lastIndexOf("\n") + 1;
      unfinished = text.slice(end);
      const lines = text.slice(0, end).split(/(?<=\n)/);
      const told = lines.filter((line) => !clientFault.test(line) && !compileCache.test(line)).join("");
      done(null, Buffer.from(told, "latin1"));
    },
    flush(done) {
      done(null, Buffer.from(unfinished, "latin1"));
    },
  });
}
