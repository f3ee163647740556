/** From an operation's output to the response: members to their places, under their wire names, in their forms. */
import { Buffer } from "node:buffer";
import {
  type Member,
  models,
  type OperationModel,
  type ServiceModel,
  type Shape,
  type StructureShape,
} from "./model.ts";

/** @param output members by their model names; what is undefined or null is left out */
export function writeOutput(
  service: string,
  model: OperationModel,
  output: Record<string, unknown> | undefined,
  requestId: string,
): Response {
  const { shapes } = models[service] as ServiceModel;
  const headers: [string, string][] = [["x-amzn-RequestId", requestId]];
  const shape = model.output === undefined ? undefined : (shapes[model.output] as StructureShape);
  if (!shape) return new Response(null, { status: model.status, headers });
  let { status } = model;
  const inBody: [string, Member][] = [];
  for (const [name, member] of Object.entries(shape.members)) {
    const [, place, wireName = name] = member;
    const value = output?.[name];
    if (place === "header") {
      if (value !== undefined && value !== null) headers.push([wireName, String(value)]);
    } else if (place === "statusCode") {
      if (typeof value === "number") status = value;
    } else {
      inBody.push([name, member]);
    }
  }
  const isBodyless = status === 204 || status === 304;
  if (shape.payload) {
    const [shapeName] = shape.members[shape.payload] as Member;
    const payload = output?.[shape.payload];
    if ((shapes[shapeName] as Shape).type === "blob") {
      if (!headers.some(([name]) => name === "Content-Type"))
        headers.push(["Content-Type", "application/json"]);
      const body = isBodyless || payload === undefined ? null : (payload as string | Uint8Array<ArrayBuffer>);
      return new Response(body, { status, headers });
    }
  }
  if (isBodyless) return new Response(null, { status, headers });
  headers.push(["Content-Type", "application/json"]);
  const writer = new Writer(service, shapes);
  return new Response(JSON.stringify(writer.members(inBody, output ?? {})), { status, headers });
}

class Writer {
  readonly #shapes: Record<string, Shape>;
  readonly #isoTimes: boolean;

  constructor(service: string, shapes: Record<string, Shape>) {
    this.#shapes = shapes;
    // V2's timestamps are texts, V1's and Lambda's numbers.
    this.#isoTimes = service === "apigatewayv2";
  }

  members(members: [string, Member][], holder: Record<string, unknown>): object {
    const written: Record<string, unknown> = {};
    for (const [name, [shapeName, , wireName = name]] of members) {
      const value = holder[name];
      if (value !== undefined && value !== null) written[wireName] = this.#value(shapeName, value);
    }
    return written;
  }

  #value(shapeName: string, value: unknown): unknown {
    const shape = this.#shapes[shapeName] as Shape;
    switch (shape.type) {
      case "structure":
        return this.members(Object.entries(shape.members), value as Record<string, unknown>);
      case "list":
        return (value as unknown[]).map((element) => this.#value(shape.member, element));
      case "map":
        return Object.fromEntries(
          Object.entries(value as object).map(([key, entry]) => [
            key,
            entry === null ? null : this.#value(shape.value, entry),
          ]),
        );
      case "timestamp":
        return this.#isoTimes
          ? new Date((value as number) * 1000).toISOString().replace(".000Z", "Z")
          : value;
      case "blob":
        return typeof value === "string" ? value : Buffer.from(value as Uint8Array).toString("base64");
      default:
        return value;
    }
  }
}
