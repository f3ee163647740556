/** Which operation of a service is this request? By method and path, as the service's model has them. */
import { models, type OperationModel, type ServiceModel } from "./model.ts";

export interface OperationMatch {
  /** The model's name. */
  operation: string;
  model: OperationModel;
  /** Wire names to values, percent-decoded. */
  uriParameters: Record<string, string>;
}

interface Candidate {
  operation: string;
  model: OperationModel;
  /** A literal, or the name of a parameter in an array of its own. */
  segments: (string | [parameter: string])[];
  /** A literal parameter that the query must have: `mode=import`. */
  literalQuery: string | undefined;
}

/** By service, then by method and number of segments. */
const tables = new Map<string, Map<string, Candidate[]>>();

/**
 * @param service as handlers are registered
 * @param path percent-encoded, as it was sent: an encoded slash belongs to its segment
 * @param query percent-encoded
 * @returns undefined when the service has no such operation; parameters that are no percent-encoded UTF-8 match none
 */
export function matchOperation(
  service: string,
  method: string,
  path: string,
  query: string,
): OperationMatch | undefined {
  const segments = segmentsOf(path);
  const candidates = tableOf(service).get(`${method} ${segments.length}`) ?? [];
  for (const { operation, model, segments: pattern, literalQuery } of candidates) {
    if (literalQuery && !query.split("&").includes(literalQuery)) continue;
    const uriParameters = matchSegments(pattern, segments);
    if (uriParameters) return { operation, model, uriParameters };
  }
  return undefined;
}

/** One slash at the end makes no difference: Lambda's model has some. */
const segmentsOf = (path: string) => path.replace(/\/$/, "").split("/").slice(1);

function matchSegments(
  pattern: Candidate["segments"],
  segments: string[],
): Record<string, string> | undefined {
  const parameters: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) {
    const segment = segments[index] as string;
    if (typeof expected === "string") {
      if (expected !== segment) return undefined;
      continue;
    }
    if (segment === "") return undefined;
    try {
      parameters[expected[0]] = decodeURIComponent(segment);
    } catch {
      return undefined;
    }
  }
  return parameters;
}

function tableOf(service: string): Map<string, Candidate[]> {
  let table = tables.get(service);
  if (!table) {
    table = buildTable(models[service] as ServiceModel);
    tables.set(service, table);
  }
  return table;
}

function buildTable({ operations }: ServiceModel): Map<string, Candidate[]> {
  const table = new Map<string, Candidate[]>();
  for (const [operation, model] of Object.entries(operations)) {
    const [path = "", literalQuery] = model.uri.split("?");
    const segments = segmentsOf(path).map((segment): Candidate["segments"][number] =>
      segment.startsWith("{") ? [segment.replace(/^\{|\+?\}$/g, "")] : segment,
    );
    const key = `${model.method} ${segments.length}`;
    table.set(key, [...(table.get(key) ?? []), { operation, model, segments, literalQuery }]);
  }
  for (const candidates of table.values()) candidates.sort((a, b) => rank(b) - rank(a));
  return table;
}

/** Literal segments and a literal query come first. */
const rank = ({ segments, literalQuery }: Candidate) =>
  segments.filter((segment) => typeof segment === "string").length + (literalQuery ? 0.5 : 0);
