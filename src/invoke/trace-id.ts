/**
 * `X-Amzn-Trace-Id`: the client's trace goes on, or a new one begins.
 * Source: the X-Ray guide, "Tracing header"; recorded: test_invocation_trace_id.
 */

export interface TraceId {
  /** For the integration: what the client sent of it, at least the root. */
  readonly request: string;
  /** For the client: root, parent and sampling decision. Made when it is asked for: not every answer has it. */
  readonly response: string;
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
  if (!parts || !validRoot.test(parts.root ?? "")) return new Trace(newRoot(now), undefined, undefined);
  return new Trace(
    parts.root as string,
    validParent.test(parts.parent ?? "") ? parts.parent : undefined,
    parts.sampled === "0" || parts.sampled === "1" ? parts.sampled : undefined,
  );
}

class Trace implements TraceId {
  readonly request: string;
  readonly #root: string;
  readonly #parent: string | undefined;
  readonly #sampled: string | undefined;
  #response: string | undefined;

  constructor(root: string, parent: string | undefined, sampled: string | undefined) {
    this.#root = root;
    this.#parent = parent;
    this.#sampled = sampled;
    this.request =
      `Root=${root}` +
      (parent === undefined ? "" : `;Parent=${parent}`) +
      (sampled === undefined ? "" : `;Sampled=${sampled}`);
  }

  get response(): string {
    this.#response ??= this.#makeResponse();
    return this.#response;
  }

  #makeResponse(): string {
    const parent = this.#parent ?? randomHex().slice(0, 16);
    const sampled = this.#sampled ?? (this.#parent === undefined ? "0" : "1");
    return `Root=${this.#root};Parent=${parent};Sampled=${sampled}`;
  }
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
    .padStart(8, "0")}-${randomHex()}`;

/** 24 random hexadecimal digits: those of a UUID that are random, which the platform makes fastest. */
function randomHex(): string {
  const uuid = crypto.randomUUID();
  return uuid.slice(0, 8) + uuid.slice(9, 13) + uuid.slice(24);
}
