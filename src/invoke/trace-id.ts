/**
 * `X-Amzn-Trace-Id`: the client's trace goes on, or a new one begins.
 * Source: the X-Ray guide, "Tracing header"; recorded: test_invocation_trace_id.
 */

export interface TraceId {
  /** For the integration: what the client sent of it, at least the root. */
  request: string;
  /** For the client: root, parent and sampling decision. */
  response: string;
}

const validRoot = /^1-[0-9a-f]{8}-[0-9a-f]{24}$/;
const validParent = /^[0-9a-f]{16}$/;

/**
 * Only well-formed parts of the client's header are taken over: it ends up in a response header.
 * @param header the client's `X-Amzn-Trace-Id`
 * @param now Unix time, milliseconds
 */
export function traceIdOf(header: string | null, now: number): TraceId {
  const parts = header ? partsOf(header) : undefined;
  const root = validRoot.test(parts?.root ?? "") ? (parts?.root as string) : newRoot(now);
  if (!parts || root !== parts.root) {
    return { request: `Root=${root}`, response: `Root=${root};Parent=${hex(8)};Sampled=0` };
  }
  const parent = validParent.test(parts.parent ?? "") ? parts.parent : undefined;
  const sampled = parts.sampled === "0" || parts.sampled === "1" ? parts.sampled : undefined;
  return {
    request:
      `Root=${root}` +
      (parent === undefined ? "" : `;Parent=${parent}`) +
      (sampled === undefined ? "" : `;Sampled=${sampled}`),
    response: `Root=${root};Parent=${parent ?? hex(8)};Sampled=${sampled ?? (parent === undefined ? "0" : "1")}`,
  };
}

interface Parts {
  root?: string;
  parent?: string;
  sampled?: string;
}

function partsOf(header: string): Parts {
  const parts: Parts = {};
  for (const part of header.split(";", 10)) {
    const equals = part.indexOf("=");
    const value = part.slice(equals + 1).trim();
    switch (part.slice(0, equals).trim().toLowerCase()) {
      case "root":
        parts.root = value;
        break;
      case "parent":
        parts.parent = value;
        break;
      case "sampled":
        parts.sampled = value;
        break;
    }
  }
  return parts;
}

const newRoot = (now: number) =>
  `1-${Math.floor(now / 1000)
    .toString(16)
    .padStart(8, "0")}-${hex(12)}`;

function hex(bytes: number): string {
  let text = "";
  for (const byte of crypto.getRandomValues(new Uint8Array(bytes)))
    text += byte.toString(16).padStart(2, "0");
  return text;
}
