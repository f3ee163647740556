/** The methods of Java's List, Set and Map, and of what comes out of them. */
import { TemplateError } from "../template-scope.ts";
import { hashOf } from "./hash.ts";
import { callMethod, type Methods, type Overload } from "./method-table.ts";
import { isEqual, type JavaMap, JavaObject, List, print, printJson, type Value } from "./values.ts";

/** Elements that a list may have. */
const mostItems = 1_000_000;

/** @throws TemplateError outside of 0 to `limit` */
function checked(index: number, limit: number): number {
  if (index < 0 || index > limit) throw new TemplateError(`the index ${index} is out of range`);
  return index;
}

function grown(list: List): boolean {
  if (list.items.length > mostItems) throw new TemplateError("a list is too long");
  return true;
}

const includes = (list: List, value: Value): boolean => list.items.some((item) => isEqual(item, value));

/** Removes what `isKept` refuses. @returns whether there was any */
function keep(list: List, isKept: (item: Value) => boolean): boolean {
  const { length } = list.items;
  list.items = list.items.filter(isKept);
  return list.items.length < length;
}

/** Java throws an UnsupportedOperationException. */
function unsupported(): never {
  throw new TemplateError("this collection cannot grow or shrink");
}

/** Of the keys, values and entries of a map. */
const ofCollections: Methods<List> = new Map<string, readonly Overload<List>[]>([
  ["add", [["o", unsupported]]],
  ["addAll", [["L", unsupported]]],
  [
    "clear",
    [
      [
        "",
        (self) => {
          self.items = [];
          return "";
        },
      ],
    ],
  ],
  ["contains", [["o", includes]]],
  ["containsAll", [["L", (self, other: List) => other.items.every((item) => includes(self, item))]]],
  ["equals", [["o", (self, other: Value) => isEqual(self, other)]]],
  ["hashCode", [["", hashOf]]],
  ["isEmpty", [["", (self) => self.items.length === 0]]],
  ["iterator", [["", (self) => new JavaIterator([...self.items])]]],
  [
    "remove",
    [
      [
        "o",
        (self, value: Value) => {
          const index = self.items.findIndex((item) => isEqual(item, value));
          return index >= 0 && self.items.splice(index, 1).length > 0;
        },
      ],
    ],
  ],
  ["removeAll", [["L", (self, other: List) => keep(self, (item) => !includes(other, item))]]],
  ["retainAll", [["L", (self, other: List) => keep(self, (item) => includes(other, item))]]],
  ["size", [["", (self) => self.items.length]]],
  ["toArray", [["", (self) => new List([...self.items])]]],
  ["toString", [["", (self: List) => print(self)]]],
]);

const ofLists: Methods<List> = new Map<string, readonly Overload<List>[]>([
  ...ofCollections,
  [
    "add",
    [
      ["o", (self, value: Value) => self.items.push(value) > 0 && grown(self)],
      [
        "io",
        (self, index: number, value: Value) => {
          self.items.splice(checked(index, self.items.length), 0, value);
          grown(self);
          return "";
        },
      ],
    ],
  ],
  [
    "addAll",
    [
      ["L", (self, other: List) => insertAll(self, self.items.length, other)],
      ["iL", (self, index: number, other: List) => insertAll(self, checked(index, self.items.length), other)],
    ],
  ],
  ["get", [["i", (self, index: number) => self.items[checked(index, self.items.length - 1)] as Value]]],
  ["indexOf", [["o", (self, value: Value) => self.items.findIndex((item) => isEqual(item, value))]]],
  ["lastIndexOf", [["o", (self, value: Value) => self.items.findLastIndex((item) => isEqual(item, value))]]],
  [
    "remove",
    [
      ["i", (self, index: number) => self.items.splice(checked(index, self.items.length - 1), 1)[0] as Value],
      ...(ofCollections.get("remove") ?? []),
    ],
  ],
  [
    "set",
    [
      [
        "io",
        (self, index: number, value: Value) => {
          const before = self.items[checked(index, self.items.length - 1)] as Value;
          self.items[index] = value;
          return before;
        },
      ],
    ],
  ],
  [
    "subList",
    [
      [
        "ii",
        (self, from: number, to: number) =>
          new List(self.items.slice(checked(from, checked(to, self.items.length)), to)),
      ],
    ],
  ],
]);

/** An array may be changed in its elements alone. */
const ofArrays: Methods<List> = new Map<string, readonly Overload<List>[]>([
  ...ofLists,
  [
    "add",
    [
      ["o", unsupported],
      ["io", unsupported],
    ],
  ],
  ["addAll", [["L", unsupported]]],
  ["clear", [["", unsupported]]],
  [
    "remove",
    [
      ["i", unsupported],
      ["o", unsupported],
    ],
  ],
]);

const ofJsonLists: Methods<List> = new Map<string, readonly Overload<List>[]>([
  ...ofLists,
  [
    "appendElement",
    [
      [
        "o",
        (self, value: Value) => {
          self.items.push(value);
          grown(self);
          return self;
        },
      ],
    ],
  ],
  // The guide's api-gateway-mapping-template-reference; Java's own lists have none.
  ["count", [["", (self) => self.items.length]]],
  ["toJSONString", [["", printJson]]],
]);

function insertAll(list: List, index: number, { items }: List): boolean {
  list.items = [...list.items.slice(0, index), ...items, ...list.items.slice(index)];
  grown(list);
  return items.length > 0;
}

const byKind: Record<List["kind"], Methods<List>> = {
  list: ofLists,
  json: ofJsonLists,
  set: ofCollections,
  array: ofArrays,
};

export function listMethods({ kind }: List): Methods<List> {
  return byKind[kind];
}

/** A method that gives what was there before; null when there was nothing. */
const before = (self: JavaMap, key: Value): Value => self.get(key) ?? null;

export const mapMethods: Methods<JavaMap> = new Map<string, readonly Overload<JavaMap>[]>([
  [
    "clear",
    [
      [
        "",
        (self) => {
          self.entries.clear();
          return "";
        },
      ],
    ],
  ],
  ["containsKey", [["o", (self, key: Value) => self.get(key) !== undefined]]],
  [
    "containsValue",
    [["o", (self, value: Value) => [...self.entries.values()].some((one) => isEqual(one, value))]],
  ],
  [
    "entrySet",
    [
      [
        "",
        (self) =>
          new List(
            Array.from(self.entries.keys(), (key) => new MapEntry(self, key)),
            "set",
            self,
          ),
      ],
    ],
  ],
  ["equals", [["o", (self, other: Value) => isEqual(self, other)]]],
  ["get", [["o", before]]],
  ["getOrDefault", [["oo", (self, key: Value, otherwise: Value) => self.get(key) ?? otherwise]]],
  ["hashCode", [["", hashOf]]],
  ["isEmpty", [["", (self) => self.entries.size === 0]]],
  ["keySet", [["", (self) => new List([...self.entries.keys()], "set", self)]]],
  [
    "put",
    [
      [
        "oo",
        (self, key: Value, value: Value) => {
          const previous = before(self, key);
          self.put(key, value);
          return previous;
        },
      ],
    ],
  ],
  [
    "putAll",
    [
      [
        "M",
        (self, other: JavaMap) => {
          for (const [key, value] of other.entries) self.entries.set(key, value);
          return "";
        },
      ],
    ],
  ],
  [
    "putIfAbsent",
    [
      [
        "oo",
        (self, key: Value, value: Value) => {
          const previous = before(self, key);
          if (previous === null) self.put(key, value);
          return previous;
        },
      ],
    ],
  ],
  [
    "remove",
    [
      [
        "o",
        (self, key: Value) => {
          const previous = before(self, key);
          self.delete(key);
          return previous;
        },
      ],
    ],
  ],
  [
    "replace",
    [
      [
        "oo",
        (self, key: Value, value: Value) => {
          const previous = self.get(key);
          if (previous === undefined) return null;
          self.put(key, value);
          return previous;
        },
      ],
    ],
  ],
  ["size", [["", (self) => self.entries.size]]],
  ["toString", [["", (self: JavaMap) => print(self)]]],
  ["values", [["", (self) => new List([...self.entries.values()], "set", self)]]],
]);

/** An entry of a map's entry set. */
class MapEntry extends JavaObject {
  readonly #map: JavaMap;
  readonly #key: Value;

  constructor(map: JavaMap, key: Value) {
    super();
    this.#map = map;
    this.#key = key;
  }

  override get(name: string): Value | undefined {
    return this.call(`get${name[0]?.toUpperCase()}${name.slice(1)}`, []);
  }

  override call(name: string, values: Value[]): Value | undefined {
    return callMethod(entryMethods, { map: this.#map, key: this.#key }, name, values);
  }

  override print(): string {
    return `${print(this.#key)}=${print(this.#map.get(this.#key) ?? null)}`;
  }
}

const entryMethods: Methods<{ map: JavaMap; key: Value }> = new Map<
  string,
  Overload<{ map: JavaMap; key: Value }>[]
>([
  ["getKey", [["", ({ key }) => key]]],
  ["getValue", [["", ({ map, key }) => before(map, key)]]],
  [
    "setValue",
    [
      [
        "o",
        ({ map, key }, value: Value) => {
          const previous = before(map, key);
          map.put(key, value);
          return previous;
        },
      ],
    ],
  ],
]);

class JavaIterator extends JavaObject {
  readonly #items: Value[];
  #at = 0;

  constructor(items: Value[]) {
    super();
    this.#items = items;
  }

  override call(name: string, values: Value[]): Value | undefined {
    if (values.length > 0) return undefined;
    if (name === "hasNext") return this.#at < this.#items.length;
    if (name !== "next") return undefined;
    if (this.#at >= this.#items.length) throw new TemplateError("an iterator has no more elements");
    return this.#items[this.#at++] as Value;
  }

  override items(): Value[] {
    const rest = this.#items.slice(this.#at);
    this.#at = this.#items.length;
    return rest;
  }
}
