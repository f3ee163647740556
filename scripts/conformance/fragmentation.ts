/** Group 5: messages in fragments, and what may come between them (5.4). */
import {
  apart,
  type Case,
  chopped,
  fragments,
  frame,
  normalClose,
  pause,
  paused,
  pingFrame,
  pong,
  protocolError,
  text,
  textFrame,
  together,
} from "./cases.ts";
import { opcodes } from "./frames.ts";
import type { Seen } from "./raw-client.ts";

const section = "5.4";

/** The ways to write the same frames, in Autobahn's order. */
const ways = [
  ["", (...frames: Buffer[]) => [together(...frames)]],
  ["; frame by frame", apart],
  ["; octet by octet", (...frames: Buffer[]) => [chopped(1, ...frames)]],
] as const;

const each = (
  first: number,
  title: string,
  frames: Buffer[],
  owed: Omit<Case, "number" | "title" | "section" | "steps">,
) =>
  ways.map(
    ([way, write], index): Case => ({
      number: `5.${first + index}`,
      title: `${title}${way}`,
      section,
      steps: write(...frames),
      ...owed,
    }),
  );

const failing = { expected: [], close: protocolError };
const refused = (number: string, title: string, ...frames: Buffer[]): Case => ({
  number,
  title,
  section,
  steps: [together(...frames)],
  ...failing,
});

const echoed = (...expected: Seen[]) => ({ expected, close: normalClose });
const two = ["fragment1", "fragment2"] as const;
const [start, end] = fragments(...two) as [Buffer, Buffer];
const whole = text(two.join(""));
const continuation = (payload: string, isFinal: boolean) => frame(opcodes.continuation, payload, { isFinal });
const nothingToContinue = (isFinal: boolean) => [
  continuation("non-continuation payload", isFinal),
  textFrame("Hello, world!"),
];

const five = ["fragment1", "fragment2", "fragment3", "fragment4", "fragment5"];
const [one, second, third, fourth, last] = fragments(...five) as [Buffer, Buffer, Buffer, Buffer, Buffer];
const before = [one, second, pingFrame("pongme 1!")];
const after = [third, fourth, pingFrame("pongme 2!"), last];
const interleaved = echoed(pong("pongme 1!"), paused("A"), pong("pongme 2!"), text(five.join("")));

export const fragmentation: Case[] = [
  refused("5.1", "ping in two fragments", frame(opcodes.ping, two[0], { isFinal: false }), end),
  refused("5.2", "pong in two fragments", frame(opcodes.pong, two[0], { isFinal: false }), end),
  ...each(3, "text in two fragments", [start, end], echoed(whole)),
  ...each(
    6,
    "text in two fragments, a ping between",
    [start, pingFrame("ping payload"), end],
    echoed(pong("ping payload"), whole),
  ),
  ...each(9, "a last continuation of nothing, then text", nothingToContinue(true), failing),
  ...each(12, "a continuation of nothing, then text", nothingToContinue(false), failing),
  {
    ...refused(
      "5.15",
      "text in two fragments, a continuation of nothing, then text",
      start,
      end,
      continuation("fragment3", false),
      textFrame("fragment4"),
    ),
    expected: [whole],
    nonStrict: [],
  },
  ...[false, true].map((isFinal, index) => {
    const frames = [continuation("fragment1", isFinal), ...fragments("fragment2", "fragment3")];
    const title = `twice: a ${isFinal ? "last " : ""}continuation of nothing, then text in two fragments`;
    return refused(`5.${16 + index}`, title, ...frames, ...frames);
  }),
  refused("5.18", "text in two fragments that are both called text", start, textFrame("fragment2")),
  {
    number: "5.19",
    title: "text in five fragments, with pings and a pause between",
    section,
    steps: [together(...before), pause("A"), together(...after)],
    ...interleaved,
  },
  {
    number: "5.20",
    title: "text in five fragments, with pings and a pause between; frame by frame",
    section,
    steps: [...apart(...before), pause("A"), ...apart(...after)],
    ...interleaved,
  },
];
