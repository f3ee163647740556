/** Lists in pages, as V1 (`position`, `limit`), V2 (`nextToken`, `maxResults`) and Lambda (`Marker`, `MaxItems`) have them. */
import { Buffer } from "node:buffer";
import { badRequest } from "./service-error.ts";

/** V1 API reference, `limit`: "The default value is 25 and the maximum value is 500." */
const defaultLimit = 25;
const maximumLimit = 500;

export interface PageRequest {
  /** Where the page begins, as the page before said. */
  position?: string | null | undefined;
  limit?: number | null | undefined;
}

export interface Page<Item> {
  items: Item[];
  /** Where the next page begins; absent on the last one. */
  position?: string;
}

/**
 * One page of a V1 list.
 * @param keyOf names an item among all
 * @throws ServiceError BadRequestException for a position that no page has given
 */
export function page<Item>(
  all: readonly Item[],
  { position, limit }: PageRequest,
  keyOf: (item: Item) => string,
): Page<Item> {
  // Recorded for API keys, test_negative_get_usage_plan_api_keys: a limit below one is an empty list, no error.
  const size = Math.min(limit ?? defaultLimit, maximumLimit);
  if (size <= 0) return { items: [] };
  return slice(all, position ?? undefined, size, keyOf, () => badRequest("Invalid position parameter"));
}

export interface TokenRequest {
  NextToken?: string;
  /** A number; V2's model has it as text. */
  MaxResults?: string;
}

/**
 * One page of a V2 list. The sizes are V1's, a guess.
 * @param keyOf names an item among all
 * @throws ServiceError BadRequestException for a token that no page has given, or a size that is none
 */
export function tokenPage<Item>(
  all: readonly Item[],
  { NextToken, MaxResults }: TokenRequest,
  keyOf: (item: Item) => string,
): { items: Item[]; NextToken?: string } {
  if (MaxResults !== undefined && !/^[1-9]\d{0,8}$/.test(MaxResults)) {
    throw badRequest("Invalid maxResults parameter");
  }
  const size = Math.min(MaxResults === undefined ? defaultLimit : Number(MaxResults), maximumLimit);
  const { items, position } = slice(all, NextToken || undefined, size, keyOf, () =>
    badRequest("Invalid nextToken parameter"),
  );
  return position === undefined ? { items } : { items, NextToken: position };
}

/**
 * A position names the page's first item, so that what is deleted from the pages before does not move it, and the
 * item's index, for when that item itself is gone.
 * @param refuse makes the error for a position that no page has given
 */
export function slice<Item>(
  all: readonly Item[],
  position: string | undefined,
  size: number,
  keyOf: (item: Item) => string,
  refuse: () => Error,
): Page<Item> {
  const start = position === undefined ? 0 : startOf(all, position, keyOf, refuse);
  const items = all.slice(start, start + size);
  const next = all[start + size];
  return next === undefined ? { items } : { items, position: encode(start + size, keyOf(next)) };
}

function startOf<Item>(
  all: readonly Item[],
  position: string,
  keyOf: (item: Item) => string,
  refuse: () => Error,
): number {
  const match = /^(\d{1,9}):(.*)$/s.exec(decode(position) ?? "");
  if (!match) throw refuse();
  const named = all.findIndex((item) => keyOf(item) === match[2]);
  return named === -1 ? Number(match[1]) : named;
}

const encode = (index: number, key: string): string => Buffer.from(`${index}:${key}`).toString("base64url");

const decode = (position: string): string | undefined =>
  /^[\w-]{1,1000}$/.test(position) ? Buffer.from(position, "base64url").toString() : undefined;
