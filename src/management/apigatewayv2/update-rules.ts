/**
 * How V2 creates and updates: what is given replaces what is there. Known from Terraform's provider and its acceptance
 * tests against AWS (internal/service/apigatewayv2): an empty text takes a member away, maps are joined, and an entry
 * that cannot be an empty text is removed by one.
 */
import { badRequest, ServiceError } from "../protocol/service-error.ts";

type Given<T> = { [Name in keyof T]?: T[Name] | undefined };

/**
 * @param before the document, or what of a new one is settled
 * @param given members that are undefined are left as they are
 */
export function updated<T extends object>(before: T, given: Given<T>): T {
  const after = new Map<string, unknown>(Object.entries(before));
  for (const [name, value] of Object.entries(given)) {
    if (value === "") after.delete(name);
    else if (value !== undefined) after.set(name, value);
  }
  return Object.fromEntries(after) as T;
}

/**
 * A map with the entries that are given.
 * @param given an entry that is null is removed
 * @returns undefined when there is no entry left
 */
export function joined<Value>(
  before: Record<string, Value> | undefined,
  given: Record<string, Value | null> | undefined,
): Record<string, Value> | undefined {
  const after = new Map<string, Value>(Object.entries(before ?? {}));
  for (const [name, value] of Object.entries(given ?? {})) {
    if (value === null) after.delete(name);
    else after.set(name, value);
  }
  return after.size > 0 ? Object.fromEntries(after) : undefined;
}

/** The same for entries that are removed by an empty text. */
export const joinedTexts = (
  before: Record<string, string> | undefined,
  given: Record<string, string | null> | undefined,
): Record<string, string> | undefined =>
  joined(
    before,
    given && Object.fromEntries(Object.entries(given).map(([name, value]) => [name, value || null])),
  );

/** Characters that members may have, as the names of their types in the model say (`StringWithLengthBetween1And128`). */
const longest: Record<string, number> = {
  authorizerUri: 2048,
  connectionId: 1024,
  contentType: 256,
  description: 1024,
  identityValidationExpression: 1024,
  integrationUri: 2048,
  name: 128,
  operationName: 64,
  schema: 32_768,
  target: 128,
  version: 64,
};
const longestExpression = 1024;
const longestEntry: Record<string, number> = {
  requestParameters: 512,
  responseParameters: 512,
  requestTemplates: 32_768,
  responseTemplates: 32_768,
};

/** @throws ServiceError BadRequestException, whose text is a guess */
export function checkLengths(document: object): void {
  for (const [name, value] of Object.entries(document)) {
    const most = longest[name] ?? (name.endsWith("Expression") ? longestExpression : undefined);
    if (typeof value === "string" && most !== undefined && value.length > most) throw tooLong(name, most);
    const mostOfEntry = longestEntry[name];
    if (mostOfEntry === undefined) continue;
    for (const entry of Object.values((value ?? {}) as object)) {
      if (typeof entry === "string" && entry.length > mostOfEntry) throw tooLong(name, mostOfEntry);
    }
  }
}

const tooLong = (name: string, most: number) =>
  badRequest(`${name.charAt(0).toUpperCase()}${name.slice(1)} cannot have more than ${most} characters`);

/** The guide's limits, of an API. */
const mostOf = { Authorizers: 10, Integrations: 300, Routes: 300, Stages: 10 };

/** The text, its two spaces included, as AWS's users report it. @throws ServiceError TooManyRequestsException */
export function requireRoom(kind: keyof typeof mostOf, { count }: { count(): number }): void {
  if (count() < mostOf[kind]) return;
  throw new ServiceError(
    "TooManyRequestsException",
    429,
    `Maximum number of ${kind} for this API has been reached.  Please contact AWS if you need additional ${kind}.`,
  );
}

/** What only HTTP APIs have; the text is reported of AuthorizerResultTtlInSeconds. @throws ServiceError */
export function refuseMembers(input: object, names: readonly string[]): void {
  for (const [name, value] of Object.entries(input)) {
    if (!names.includes(name) || value === false || (Array.isArray(value) && value.length === 0)) continue;
    throw badRequest(`${name} cannot be set for WEBSOCKET protocol Apis.`);
  }
}
