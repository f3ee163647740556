/** From a request to an operation's input: members from their places, by their model names, in their types. */
import { Buffer } from "node:buffer";
import { type Member, models, type ServiceModel, type Shape, type StructureShape } from "./model.ts";
import type { OperationMatch } from "./route.ts";
import { ServiceError } from "./service-error.ts";

export interface WireRequest {
  /** Percent-encoded. */
  query: string;
  headers: Headers;
  body: Uint8Array;
}

type Input = Record<string, unknown>;

/**
 * The texts and conversions are those of the reader that AWS's services have in common. Recorded:
 * test_put_integration_request_parameter_bool_type, and the tests of kinesalite and dynalite, which ran against AWS.
 */
const wrongType = (message: string) => new ServiceError("SerializationException", 400, message);

/**
 * Members that the model does not have are ignored, as AWS does; JSON null is an absent member.
 * @throws ServiceError SerializationException for what has the wrong type
 */
export function readInput(
  service: string,
  { model, uriParameters }: OperationMatch,
  request: WireRequest,
): Input {
  const { shapes } = models[service] as ServiceModel;
  const shape = model.input === undefined ? undefined : (shapes[model.input] as StructureShape);
  if (!shape) return {};
  const reader = new Reader(shapes);
  const query = new URLSearchParams(request.query.replaceAll("+", "%2B"));
  const literal = model.uri.split("?")[1]?.split("=")[0];
  if (literal) query.delete(literal);
  const input: Input = {};
  const set = (name: string, value: unknown) => {
    if (value !== undefined) input[name] = value;
  };
  const inBody: [string, Member][] = [];
  for (const [name, member] of Object.entries(shape.members)) {
    const [shapeName, place, wireName = name] = member;
    switch (place) {
      case "uri":
        set(name, uriParameters[wireName]);
        break;
      case "querystring":
        if ((shapes[shapeName] as Shape).type !== "map")
          set(name, reader.texts(shapeName, take(query, wireName)));
        break;
      case "header":
        set(name, reader.text(shapeName, request.headers.get(wireName)));
        break;
      default:
        inBody.push([name, member]);
    }
  }
  // A map takes the parameters that no other member has.
  for (const [name, [shapeName, place]] of Object.entries(shape.members)) {
    if (place === "querystring" && (shapes[shapeName] as Shape).type === "map" && query.size > 0) {
      input[name] = Object.fromEntries(query);
    }
  }
  if (shape.payload) {
    const [shapeName] = shape.members[shape.payload] as Member;
    const isBlob = (shapes[shapeName] as Shape).type === "blob";
    if (isBlob) input[shape.payload] = request.body;
    else set(shape.payload, reader.json(shapeName, parseBody(request.body)));
  } else if (inBody.length > 0) {
    Object.assign(input, reader.members(inBody, parseBody(request.body)));
  }
  return input;
}

function take(query: URLSearchParams, name: string): string[] {
  const values = query.getAll(name);
  query.delete(name);
  return values;
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

function parseBody(body: Uint8Array): unknown {
  if (body.byteLength === 0) return {};
  try {
    return JSON.parse(utf8.decode(body));
  } catch {
    throw wrongType("The request body is not valid JSON");
  }
}

class Reader {
  readonly #shapes: Record<string, Shape>;

  constructor(shapes: Record<string, Shape>) {
    this.#shapes = shapes;
  }

  /** Members of a JSON object. */
  members(members: [string, Member][], value: unknown): Input {
    if (!isObject(value)) throw Array.isArray(value) ? strayList() : wrongType("Expected null");
    const read: Input = {};
    for (const [name, [shapeName, , wireName = name]] of members) {
      const member = Object.hasOwn(value, wireName) ? value[wireName] : undefined;
      if (member !== undefined && member !== null) read[name] = this.json(shapeName, member);
    }
    return read;
  }

  json(shapeName: string, value: unknown): unknown {
    const shape = this.#shapes[shapeName] as Shape;
    switch (shape.type) {
      case "structure":
        return this.members(Object.entries(shape.members), value);
      case "list":
        if (!Array.isArray(value))
          throw isObject(value) ? strayStructure() : wrongType("Expected list or null");
        return value.map((element) => (element === null ? null : this.json(shape.member, element)));
      case "map":
        if (!isObject(value)) throw Array.isArray(value) ? strayList() : wrongType("Expected map or null");
        // Own entries, also one named `__proto__`.
        return Object.fromEntries(
          Object.entries(value).map(([key, entry]) => [
            key,
            entry === null ? null : this.json(shape.value, entry),
          ]),
        );
      case "string":
        if (typeof value !== "string") throw unconvertible(value, "an String");
        return value;
      case "boolean":
        return booleanOf(value);
      case "integer":
        if (typeof value !== "number") throw unconvertible(value, "an Integer");
        // Fractions are cut off: AWS's number is a "TruncatingBigNumber".
        // What is too large is the largest.
        return Math.max(-highestInteger - 1, Math.min(Math.trunc(value), highestInteger));
      case "long":
        if (typeof value !== "number") throw unconvertible(value, "an Long");
        return Math.trunc(finite(value));
      case "double":
      case "float":
        if (typeof value !== "number") throw unconvertible(value, "an Double");
        return finite(value);
      case "timestamp":
        if (typeof value !== "number") throw unconvertible(value, "milliseconds since epoch");
        return finite(value);
      case "blob":
        if (typeof value !== "string") throw unconvertible(value, "a Blob");
        return decodeBase64(value);
    }
  }

  /** A header's or a parameter's value. */
  text(shapeName: string, value: string | null | undefined): unknown {
    if (value === null || value === undefined) return undefined;
    const shape = this.#shapes[shapeName] as Shape;
    switch (shape.type) {
      case "boolean":
        return value.toLowerCase() === "true";
      case "integer":
      case "long":
        if (!/^[+-]?\d{1,15}$/.test(value)) throw wrongType(`For input string: "${value}"`);
        return Number(value);
      default:
        return value;
    }
  }

  texts(shapeName: string, values: string[]): unknown {
    const shape = this.#shapes[shapeName] as Shape;
    if (shape.type !== "list") return this.text(shapeName, values[0]);
    return values.length > 0 ? values.map((value) => this.text(shape.member, value)) : undefined;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Words that its reader takes for a boolean, in any case. */
const booleanWords: Record<string, boolean> = {
  TRUE: true,
  YES: true,
  "1": true,
  FALSE: false,
  NO: false,
  "0": false,
};

function booleanOf(value: unknown): boolean {
  if (typeof value === "boolean") return value;
  if (typeof value !== "string") throw unconvertible(value, "an Boolean");
  const word = value.toUpperCase();
  const found = Object.hasOwn(booleanWords, word) ? booleanWords[word] : undefined;
  if (found === undefined) throw wrongType(`'${cut(word)}' can not be converted to an Boolean`);
  return found;
}

const highestInteger = 2_147_483_647;

/** `1e999` is JSON. */
const finite = (value: number): number => Math.max(-Number.MAX_VALUE, Math.min(value, Number.MAX_VALUE));

function decodeBase64(text: string): Uint8Array {
  if (text.length % 4 !== 0) {
    throw wrongType(
      `'${cut(text)}' can not be converted to a Blob: Base64 encoded length is expected a multiple of 4 bytes but found: ${text.length}`,
    );
  }
  const stray = /[^A-Za-z0-9+/=]|=(?!=?$)/.exec(text);
  if (stray) {
    throw wrongType(`'${cut(text)}' can not be converted to a Blob: Invalid Base64 character: '${stray[0]}'`);
  }
  return new Uint8Array(Buffer.from(text, "base64"));
}

/** An error repeats what the caller sent. */
const cut = (text: string) => (text.length > 1000 ? `${text.slice(0, 1000)}…` : text);

const strayList = () => wrongType("Start of list found where not expected");
const strayStructure = () => wrongType("Start of structure or map found where not expected.");

/** @param expected with its article, as AWS has it: `an String`, `a Blob` */
function unconvertible(value: unknown, expected: string): ServiceError {
  if (Array.isArray(value)) return strayList();
  if (isObject(value)) return strayStructure();
  return wrongType(`class ${javaClassOf(value)} can not be converted to ${expected}`);
}

/** As AWS's own reader calls what it found. */
function javaClassOf(value: unknown): string {
  switch (typeof value) {
    case "boolean":
      return "java.lang.Boolean";
    case "number":
      return "com.amazon.coral.value.json.numbers.TruncatingBigNumber";
    default:
      return "java.lang.String";
  }
}
