/**
 * AWS's PATCH semantics: a resource declares in a table which paths may be patched by which operations, and
 * what each does; the engine matches, words the refusals and applies all operations or none. It looks like
 * JSON Patch (RFC 6902) and is not: paths name members that the API declares, maps are patched by key,
 * values are strings, and every resource words its refusals in one of a few ways.
 * Source: API Gateway V1 API reference, "Patch operations"; the recorded answers named at each wording.
 */
import { badRequest, type ServiceError } from "../protocol/service-error.ts";

type PatchOp = "add" | "remove" | "replace" | "move" | "copy" | "test";

/** A member of `patchOperations`; the protocol has checked `op` against its enumeration. */
export interface PatchOperation {
  op?: PatchOp;
  path?: string;
  value?: string;
  from?: string;
}

/** One operation whose path and op the table knows. */
interface PatchChange {
  /** What stood at the pattern's `{…}` segments, in order, with `~1` and `~0` decoded. */
  params: string[];
  path: string;
  value: string | undefined;
  from: string | undefined;
}

/** Carries one change out on the draft, which it may alter freely. @throws ServiceError */
export type ApplyChange<Document> = (draft: Document, change: PatchChange) => void;

/** What may be done at one path. The keys' order is the order in which a refusal lists the operations. */
export type PatchPath<Document> = Partial<Record<PatchOp, ApplyChange<Document>>>;

/** An operation that the table does not allow. */
export interface Refusal {
  op: PatchOp | undefined;
  path: string | undefined;
  from: string | undefined;
  /** The operations that the path allows; none when the table does not know the path. */
  opsOfPath: PatchOp[];
  /** The patterns that allow the operation, in the table's order. */
  pathsOfOp: string[];
}

export interface PatchTable<Document> {
  /** How this resource words a refusal. */
  refuse: (refusal: Refusal) => ServiceError;
  /**
   * Patterns such as `/variables/{name}`: `{…}` stands for one non-empty segment, `{+…}` for as many as the others
   * leave, one at least. The first match counts.
   */
  paths: Record<string, PatchPath<Document>>;
}

/**
 * Applies a list of operations, in order.
 * @param document left unchanged, whatever happens
 * @returns the patched copy
 * @throws ServiceError for the first operation that is refused
 */
export function applyPatch<Document extends object>(
  table: PatchTable<Document>,
  document: Document,
  operations: PatchOperation[] | undefined,
): Document {
  const draft = structuredClone(document);
  for (const { op, path, value, from } of operations ?? []) {
    const match = path === undefined ? undefined : matchPath(table, path);
    const apply = op !== undefined && match && Object.hasOwn(match.changes, op) && match.changes[op];
    if (!apply) {
      const patterns = Object.keys(table.paths);
      throw table.refuse({
        op,
        path,
        from,
        opsOfPath: match ? (Object.keys(match.changes) as PatchOp[]) : [],
        pathsOfOp: op === undefined ? [] : patterns.filter((pattern) => table.paths[pattern]?.[op]),
      });
    }
    // The model's strings may come as JSON null, which AWS takes for absent.
    apply(draft, { params: match.params, path: match.path, value: value ?? undefined, from });
  }
  return draft;
}

function matchPath<Document>(
  table: PatchTable<Document>,
  path: string,
): { params: string[]; path: string; changes: PatchPath<Document> } | undefined {
  const segments = path.split("/");
  for (const [pattern, changes] of Object.entries(table.paths)) {
    const params = matchSegments(pattern.split("/"), segments);
    if (params) return { params, path, changes };
  }
  return undefined;
}

function matchSegments(pattern: string[], given: string[]): string[] | undefined {
  const segments = joinGreedy(pattern, given);
  if (pattern.length !== segments.length) return undefined;
  const params: string[] = [];
  for (const [index, expected] of pattern.entries()) {
    const segment = segments[index] as string;
    const isParam = expected.startsWith("{+") || (expected.startsWith("{") && segment !== "");
    if (isParam) params.push(decodeSegment(segment));
    else if (expected !== segment) return undefined;
  }
  return params;
}

/** The segments with those that the pattern's `{+…}` stands for as one. */
function joinGreedy(pattern: string[], segments: string[]): string[] {
  const start = pattern.findIndex((expected) => expected.startsWith("{+"));
  const end = start + 1 + segments.length - pattern.length;
  if (start === -1 || end <= start) return segments;
  return segments.toSpliced(start, end - start, segments.slice(start, end).join("/"));
}

/** A path's segment as the key that it names (JSON Pointer, RFC 6901): `application~1json` to `application/json`. */
const decodeSegment = (segment: string) => segment.replaceAll("~1", "/").replaceAll("~0", "~");

/**
 * "Invalid patch path /x", and for a known path "Invalid patch operation specified. Must be one of: [replace]".
 * Recorded: test_update_rest_api_compression, test_update_method_validation.
 */
export function refusePathOrOperation({ path, opsOfPath }: Refusal): ServiceError {
  return opsOfPath.length > 0
    ? badRequest(`Invalid patch operation specified. Must be one of: [${opsOfPath.join(", ")}]`)
    : badRequest(`Invalid patch path ${path ?? null}`);
}

/** "Invalid patch path /x" whether path or operation is wrong. Recorded: test_update_gateway_response. */
export function refusePath({ path }: Refusal): ServiceError {
  return badRequest(`Invalid patch path ${path ?? null}`);
}

/**
 * "Invalid patch path  '/x' specified for op 'replace'. Must be one of: [/a, /b]", with two spaces; "Please
 * choose supported operations" for an operation that no path allows.
 * Recorded: test_update_resource_behaviour, test_update_model, test_invalid_update_request_validator_operations.
 */
export function refuseListingPaths({ op, path, pathsOfOp }: Refusal): ServiceError {
  const choice =
    pathsOfOp.length > 0 ? `Must be one of: [${pathsOfOp.join(", ")}]` : "Please choose supported operations";
  return badRequest(`Invalid patch path  '${path ?? null}' specified for op '${op ?? null}'. ${choice}`);
}

/**
 * Sets a member to what `parse` makes of the value; `undefined` removes the member.
 * @param parse throws a ServiceError for a value that it refuses
 */
export function setMember<Document extends object, Name extends keyof Document>(
  name: Name,
  parse: (value: string | undefined, draft: Document) => Document[Name] | undefined,
): ApplyChange<Document> {
  return (draft, { value }) => {
    const parsed = parse(value, draft);
    if (parsed === undefined) delete draft[name];
    else draft[name] = parsed;
  };
}

/** Removes a member. */
export function removeMember<Document extends object>(name: keyof Document): ApplyChange<Document> {
  return (draft) => {
    delete draft[name];
  };
}

/** Patches a list of texts by its elements, each of which is there once; the member goes with the last one. */
export function listMember<Name extends string>(
  name: Name,
): Required<Pick<PatchPath<{ [Member in Name]?: string[] }>, "add" | "remove">> {
  return {
    add(draft, { value }) {
      const elements = draft[name] ?? [];
      if (value && !elements.includes(value)) draft[name] = [...elements, value];
    },
    remove(draft, { value }) {
      const elements = (draft[name] ?? []).filter((element) => element !== value);
      if (elements.length > 0) draft[name] = elements;
      else delete draft[name];
    },
  };
}

/** The names of a document's members that are maps. */
type MapName<Document> = {
  [Name in keyof Document]-?: NonNullable<Document[Name]> extends Record<string, unknown> ? Name : never;
}[keyof Document];

type EntryOf<Document, Name extends keyof Document> =
  NonNullable<Document[Name]> extends Record<string, infer Value> ? Value : never;

export interface EntryRules<Value> {
  /** @throws ServiceError for a value or key that it refuses */
  parse: (value: string | undefined, key: string) => Value;
  /** What `replace` and `remove` of an absent key throw; when left out, `replace` adds and `remove` does nothing. */
  absent?: (key: string) => ServiceError;
  /** Whether the member goes with its last entry; otherwise an empty map stays. */
  dropEmpty?: boolean;
}

/** Patches one entry of a map member, whose key is the path's last `{…}`. */
export function mapEntry<Document extends object, Name extends MapName<Document>>(
  name: Name,
  rules: EntryRules<EntryOf<Document, Name>>,
): Required<Pick<PatchPath<Document>, "add" | "remove" | "replace">> {
  type Entries = Record<string, EntryOf<Document, Name>>;
  const keyOf = (params: string[]) => params.at(-1) as string;
  const requireEntry = (draft: Document, key: string) => {
    if (rules.absent && !Object.hasOwn((draft[name] ?? {}) as Entries, key)) throw rules.absent(key);
  };
  const add: ApplyChange<Document> = (draft, { params, value }) => {
    const key = keyOf(params);
    const entry = rules.parse(value, key);
    draft[name] ??= {} as Document[Name];
    setOwn(draft[name] as Entries, key, entry);
  };
  return {
    add,
    remove(draft, { params }) {
      const key = keyOf(params);
      requireEntry(draft, key);
      const entries = draft[name] as Entries | undefined;
      if (!entries) return;
      delete entries[key];
      if (rules.dropEmpty && Object.keys(entries).length === 0) delete draft[name];
    },
    replace(draft, change) {
      requireEntry(draft, keyOf(change.params));
      add(draft, change);
    },
  };
}

/** Sets an own entry, also under a key such as `__proto__`, which assignment would not. */
export function setOwn<Value>(entries: Record<string, Value>, key: string, value: Value): void {
  Object.defineProperty(entries, key, { value, writable: true, enumerable: true, configurable: true });
}

/** A value as text; absent is the empty text. */
export const text = (value: string | undefined): string => value ?? "";

/** A value as text; the empty text removes the member. */
export const textOrNone = (value: string | undefined): string | undefined => value || undefined;

/** A value as a flag: all but `true` (in any case) is false. Recorded: test_update_method_validation. */
export const flag = (value: string | undefined): boolean => value?.toLowerCase() === "true";
