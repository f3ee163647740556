/** Where the gateway, or the runtime beneath it, is known not to do what Autobahn expects, and why. */
import { type Case, invalidPayload, protocolError } from "./cases.ts";
import type { Result } from "./run-case.ts";

export interface Deviation {
  /** Of API Gateway, which the gateway does as; of the runtime, workerd, for all that it serves; of a bare worker alone. */
  whose: "API Gateway" | "workerd" | "the bare worker";
  reason: string;
  covers(one: Case, result: Result): boolean;
}

export const deviations: Deviation[] = [
  {
    whose: "API Gateway",
    reason: "A binary frame closes with 1003.",
    covers: (one, { happened }) =>
      /^(1\.2|12\.[235])\./.test(one.number) && /closed by the server: 1003$/.test(happened),
  },
  {
    whose: "workerd",
    reason:
      "Text that is no UTF-8 is not refused with 1007: it becomes a string, with U+FFFD for what is wrong.",
    covers: (one, { happened }) =>
      one.close === invalidPayload &&
      /^(pause "A", pause "B", )?text .*closed by the client: /.test(happened),
  },
  {
    whose: "workerd",
    reason: "After its own close frame (1002, 1009), it leaves TCP open until the object sleeps.",
    covers: (one, { behaviour, closing, happened }) =>
      one.close.by === "server" &&
      behaviour !== "FAILED" &&
      closing === "FAILED BY CLIENT" &&
      /closed by the server: 100[29] “.*”, TCP left open$/.test(happened),
  },
  {
    whose: "workerd",
    reason: "Of pings that come at once, the last is answered, and not each: RFC 6455 allows that (5.5.3).",
    covers: (one, { behaviour, closing }) =>
      /^2\.1[01]$/.test(one.number) && behaviour === "FAILED" && closing === "OK",
  },
  {
    whose: "workerd",
    reason: "A ping of more than 125 octets is answered.",
    covers: (one, { happened }) => one.number === "2.5" && /too long/.test(happened),
  },
  {
    whose: "workerd",
    reason:
      "The reason in its close frame for a compressed frame that was not agreed on is longer than 123 octets.",
    covers: (one, { happened }) => one.number === "3.4" && /too long/.test(happened),
  },
  {
    whose: "workerd",
    reason: "Frames without a mask are taken.",
    covers: (one, { happened }) => one.number === "S.1" && /^text .*closed by the client: /.test(happened),
  },
  {
    whose: "the bare worker",
    reason:
      "What a worker sends after workerd has closed for a protocol error goes out behind the close frame.",
    covers: (one, { happened }) =>
      one.close.codes === protocolError.codes && /^a frame after the close frame/.test(happened),
  },
];
