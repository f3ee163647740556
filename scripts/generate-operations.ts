/**
 * Writes src/management/protocol/models/*.json, the table of every operation that the management protocol knows,
 * from AWS's published service models as botocore carries them (`botocore/data` of github.com/boto/botocore).
 *
 *     node scripts/generate-operations.ts path/to/botocore/data
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { OperationModel, ServiceModel, Shape } from "../src/management/protocol/model.ts";
import { run, UserError } from "./user-error.ts";

interface SourceMember {
  shape: string;
  location?: string;
  locationName?: string;
}

interface SourceShape {
  type: string;
  members?: Record<string, SourceMember>;
  required?: string[];
  payload?: string;
  member?: SourceMember;
  key?: SourceMember;
  value?: SourceMember;
  enum?: string[];
  pattern?: string;
  min?: number;
  max?: number;
}

interface SourceModel {
  operations: Record<
    string,
    {
      http: { method: string; requestUri: string; responseCode?: number };
      input?: { shape: string };
      output?: { shape: string };
    }
  >;
  shapes: Record<string, SourceShape>;
}

const services: Record<string, string> = {
  apigateway: "apigateway/2015-07-09",
  apigatewayv2: "apigatewayv2/2018-11-29",
  lambda: "lambda/2015-03-31",
};

function readModel(folder: string): SourceModel {
  const name = readdirSync(folder).find((file) => file.startsWith("service-2.json"));
  if (!name) throw new UserError(`${folder} has no service-2.json.`);
  const content = readFileSync(join(folder, name));
  return JSON.parse((name.endsWith(".gz") ? gunzipSync(content) : content).toString());
}

function tableOf({ operations, shapes }: SourceModel): ServiceModel {
  const reachable = new Map<string, Shape>();
  const add = (name: string) => {
    if (reachable.has(name)) return;
    const source = shapes[name] as SourceShape;
    reachable.set(name, {} as Shape);
    reachable.set(name, shapeOf(source));
    for (const { shape } of Object.values(source.members ?? {})) add(shape);
    for (const part of [source.member, source.key, source.value]) if (part) add(part.shape);
  };
  const table: Record<string, OperationModel> = {};
  for (const [name, { http, input, output }] of Object.entries(operations)) {
    table[name] = {
      method: http.method,
      uri: http.requestUri,
      status: http.responseCode ?? 200,
      ...(input ? { input: input.shape } : {}),
      ...(output ? { output: output.shape } : {}),
    };
    if (input) add(input.shape);
    if (output) add(output.shape);
  }
  return {
    operations: table,
    shapes: Object.fromEntries([...reachable].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

function shapeOf(source: SourceShape): Shape {
  switch (source.type) {
    case "structure":
      return {
        type: "structure",
        members: Object.fromEntries(
          Object.entries(source.members ?? {}).map(([name, { shape, location, locationName }]) => [
            name,
            [shape, location ?? "body", ...(locationName && locationName !== name ? [locationName] : [])],
          ]),
        ),
        ...(source.required ? { required: source.required } : {}),
        ...(source.payload ? { payload: source.payload } : {}),
      } as Shape;
    case "list":
      return { type: "list", member: source.member?.shape, ...range(source) } as Shape;
    case "map":
      return { type: "map", key: source.key?.shape, value: source.value?.shape } as Shape;
    default:
      return {
        type: source.type,
        ...(source.enum ? { enum: inHashOrder(source.enum) } : {}),
        ...(source.pattern ? { pattern: source.pattern } : {}),
        ...range(source),
      } as Shape;
  }
}

const range = ({ min, max }: SourceShape) => ({
  ...(min === undefined ? {} : { min }),
  ...(max === undefined ? {} : { max }),
});

/**
 * The order in which AWS lists an enumeration that was violated. Every recorded list of an enumeration of up to 21
 * values is ordered by the low five bits of Java's String.hashCode, the later declared first.
 */
function inHashOrder(values: string[]): string[] {
  const bucketOf = (value: string) => {
    let hash = 0;
    for (let index = 0; index < value.length; index++)
      hash = (Math.imul(31, hash) + value.charCodeAt(index)) | 0;
    return hash & 31;
  };
  return values.toReversed().sort((a, b) => bucketOf(a) - bucketOf(b));
}

run(() => {
  const [data] = process.argv.slice(2);
  if (!data) throw new UserError("Usage: node scripts/generate-operations.ts path/to/botocore/data");
  for (const [service, folder] of Object.entries(services)) {
    const table = tableOf(readModel(join(data, folder)));
    const file = join(import.meta.dirname, `../src/management/protocol/models/${service}.json`);
    writeFileSync(file, `${JSON.stringify(table)}\n`);
    console.log(`${service}: ${Object.keys(table.operations).length} operations`);
  }
});
