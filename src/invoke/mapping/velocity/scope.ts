/** `$foreach`, and the block that a `#define` gives a name. */

import { mapMethods } from "../java/collections.ts";
import { callMethod, type Methods, type Overload } from "../java/method-table.ts";
import { JavaMap, JavaObject, type Value } from "../java/values.ts";

/** The state of a loop; also a map for what a template keeps there, which loops inside see too. */
export class ForeachScope extends JavaObject {
  index = -1;
  hasNext = false;
  readonly parent: ForeachScope | undefined;
  /** What the variable `foreach` was before the first loop. */
  readonly replaced: Value;
  #map: JavaMap | undefined;

  constructor(previous: Value) {
    super();
    this.parent = previous instanceof ForeachScope ? previous : undefined;
    this.replaced = this.parent ? this.parent.replaced : previous;
  }

  #own(): JavaMap {
    this.#map ??= new JavaMap();
    return this.#map;
  }

  #find(key: Value): Value | undefined {
    return this.#map?.get(key) ?? this.parent?.call("get", [key]);
  }

  override get(name: string): Value | undefined {
    const getter = getters[name];
    return getter ? getter(this) : this.#find(name);
  }

  override set(name: string, value: Value): boolean {
    this.#own().put(name, value);
    return true;
  }

  override call(name: string, values: Value[]): Value | undefined {
    if (name === "get" && values.length === 1) return this.#find(values[0] as Value) ?? null;
    return callMethod(scopeMethods, this, name, values) ?? callMethod(mapMethods, this.#own(), name, values);
  }

  override items(): Value[] {
    return [...this.#own().entries.values()];
  }

  override print(): string {
    return callMethod(mapMethods, this.#own(), "toString", []) as string;
  }
}

function topmostOf(scope: ForeachScope): ForeachScope {
  let topmost = scope;
  while (topmost.parent) topmost = topmost.parent;
  return topmost;
}

/** Each by its name, and as a method: `$foreach.index`, `$foreach.getIndex()`. */
const getters: Readonly<Record<string, (self: ForeachScope) => Value>> = {
  __proto__: null as never,
  count: ({ index }) => index + 1,
  first: ({ index }) => index < 1,
  hasNext: ({ hasNext }) => hasNext,
  index: ({ index }) => index,
  last: ({ hasNext }) => !hasNext,
  parent: ({ parent }) => parent ?? null,
  replaced: ({ replaced }) => replaced,
  topmost: topmostOf,
};

const capital = (name: string): string => `${name[0]?.toUpperCase()}${name.slice(1)}`;

const scopeMethods: Methods<ForeachScope> = new Map<string, readonly Overload<ForeachScope>[]>([
  ...Object.entries(getters).map(([name, getter]): [string, Overload<ForeachScope>[]] => [
    `get${capital(name)}`,
    [["", getter]],
  ]),
  ["hasNext", [["", ({ hasNext }) => hasNext]]],
  ["isFirst", [["", ({ index }) => index < 1]]],
  ["isLast", [["", ({ hasNext }) => !hasNext]]],
]);

/** Levels in which a block may show itself. */
const deepest = 2;

/** Renders each time it is printed. */
export class DefinedBlock extends JavaObject {
  readonly #render: () => string;
  #depth = 0;

  constructor(render: () => string) {
    super();
    this.#render = render;
  }

  override print(): string | null {
    if (this.#depth >= deepest) return null;
    this.#depth++;
    try {
      return this.#render();
    } finally {
      this.#depth--;
    }
  }
}
