import { expect, test } from "vitest";
import { withoutNoise } from "../../scripts/workerd-log.ts";

const fault = (description: string) =>
  `workerd/server/server/listen/mod.rs:372: error: Uncaught exception: kj/compat/http.c++:6176: failed: remote.jsg.Error: WebSocket protocol error; protocolError.statusCode = 1002; protocolError.description = ${description}\n`;

/** What is left of a log that is written in these pieces. */
async function told(...pieces: (string | Buffer)[]): Promise<string> {
  const filter = withoutNoise();
  for (const piece of pieces) filter.write(piece);
  filter.end();
  const chunks: Buffer[] = [];
  for await (const chunk of filter) chunks.push(chunk);
  return Buffer.concat(chunks).toString("latin1");
}

test("faults of WebSocket clients are left out, all else is told in its order", async () => {
  const others = [
    "workerd/server/server/listen/mod.rs:372: error: Uncaught exception: kj/exception.c++:1: failed: other\n",
    "$disconnect of L0SM9cOFvHcCIhw= is tried again: Error\n",
    "    at stack\n",
    "\n",
    'a function logs "WebSocket protocol error"\n',
  ];
  expect(await told(others.map((line) => fault("Unknown opcode 3") + line).join(""))).toBe(others.join(""));
});

test("so is what workerd says of its own scripts at each start", async () => {
  const start =
    "workerd/api/per-isolate-bootstrap.c++:828: warning: NOSENTRY per-isolate bootstrap compile cache failed its compatibility check; scripts will be compiled from source; normalized = primordials; static_cast<int>(check) = 5\n";
  expect(await told(`before\n${start}after\n`)).toBe("before\nafter\n");
});

test("wherever the pieces end", async () => {
  const log = `before\n${fault("Unexpected continuation frame")}after\n`;
  for (let at = 0; at <= log.length; at++) {
    expect(await told(log.slice(0, at), log.slice(at))).toBe("before\nafter\n");
  }
});

test("what does not end with a line, what is no text, and a line without an end are told", async () => {
  expect(await told("unfinished")).toBe("unfinished");
  expect(await told(Buffer.from([0xff, 0xc3, 0x0a]))).toBe("\xff\xc3\n");
  const long = "x".repeat(50_000);
  expect(await told(long, long, long)).toBe(long + long + long);
});
