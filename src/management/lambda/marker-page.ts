/** Lambda's lists, in pages. */
import { slice } from "../protocol/paging.ts";
import { invalidParameter } from "./lambda-error.ts";

export interface MarkerRequest {
  /** Where the page begins, as the page before said. */
  Marker?: string;
  MaxItems?: number;
}

/** Items of a page (Lambda API reference, ListFunctions). */
const defaultItems = 50;

/**
 * One page of a list.
 * @param keyOf names an item among all
 * @throws ServiceError InvalidParameterValueException for a marker that no page has given
 */
export function markerPage<Item>(
  all: readonly Item[],
  { Marker, MaxItems }: MarkerRequest,
  keyOf: (item: Item) => string,
): { items: Item[]; NextMarker: string | undefined } {
  const { items, position } = slice(all, Marker, MaxItems ?? defaultItems, keyOf, () =>
    invalidParameter("Invalid pagination token"),
  );
  return { items, NextMarker: position };
}
