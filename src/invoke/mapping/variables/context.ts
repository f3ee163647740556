/**
 * `$context`, with the overrides that a template sets.
 * Sources: the guide's api-gateway-mapping-template-reference and apigateway-override-request-response-parameters;
 * mapping-templates, "$context".
 */

import { mapMethods } from "../java/collections.ts";
import { callMethod } from "../java/method-table.ts";
import { Double, isNumber } from "../java/numbers.ts";
import { hashOfText } from "../java/texts.ts";
import { JavaMap, JavaObject, List, print, type Value } from "../java/values.ts";
import { TemplateError, type TemplateScope } from "../template-scope.ts";

/** A HashMap of API Gateway's own, which prints as nothing. */
class OwnMap extends JavaObject {
  protected readonly map: JavaMap;

  constructor(entries: Iterable<[string, Value]>) {
    super();
    this.map = new JavaMap(entries);
  }

  override get(name: string): Value | undefined {
    return this.map.get(name);
  }

  override set(name: string, value: Value): boolean {
    this.map.put(name, value);
    return true;
  }

  override call(name: string, values: Value[]): Value | undefined {
    if (name === "toString" && values.length === 0) return this.print();
    if (name === "put" && values.length === 2) {
      const [key, value] = values as [Value, Value];
      const before = this.map.get(key) ?? null;
      this.set(print(key), value);
      return before;
    }
    const result = callMethod(mapMethods, this.map, name, values);
    // Keys come in the order of their hashes, and what goes with them too.
    const isUnordered = name === "keySet" || name === "values" || name === "entrySet";
    return isUnordered ? new List(this.items(name === "values" ? undefined : result), "set") : result;
  }

  override items(list?: Value): Value[] {
    const order = hashOrder([...this.map.entries.keys()].map(print));
    const items = list instanceof List ? list.items : [...this.map.entries.values()];
    return order.map((index) => items[index] as Value);
  }
}

/** Positions of the keys in the order in which a Java HashMap goes through them. */
function hashOrder(keys: string[]): number[] {
  let buckets = 16;
  while (keys.length > buckets * 0.75) buckets *= 2;
  const bucketOf = (key: string) => {
    const hash = hashOfText(key);
    return (hash ^ (hash >>> 16)) & (buckets - 1);
  };
  const places = keys.map((key, index) => ({ index, bucket: bucketOf(key) }));
  return places.sort((a, b) => a.bucket - b.bucket || a.index - b.index).map(({ index }) => index);
}

/** What an override is: of several values, all of them. */
const overrideOf = (value: Value): string =>
  value instanceof List ? value.items.map(print).join(",") : print(value);

/** A map that writes through to overrides, each of which is final. */
abstract class OverridingMap extends OwnMap {
  readonly #written = new Set<string>();

  /** @throws TemplateError for a second override of the same parameter in one template */
  override set(name: string, value: Value): boolean {
    if (this.#written.has(name)) throw new TemplateError(`${name} is overridden twice`);
    this.#written.add(name);
    this.write(name, value);
    return super.set(name, value);
  }

  protected abstract write(name: string, value: Value): void;
}

class OverrideMap extends OverridingMap {
  readonly #target: Map<string, string>;

  constructor(target: Map<string, string>) {
    super(target);
    this.#target = target;
  }

  protected override write(name: string, value: Value): void {
    this.#target.set(name, overrideOf(value));
  }
}

/** Members of its own pass to the response template, too (recorded: …_with_response_override_in_request_template). */
class ResponseOverride extends OverridingMap {
  readonly #response: TemplateScope["overrides"]["response"];

  constructor(response: TemplateScope["overrides"]["response"]) {
    super([...response.own, ["header", new OverrideMap(response.header)]]);
    this.#response = response;
    if (response.status !== undefined) this.map.put("status", response.status);
  }

  protected override write(name: string, value: Value): void {
    if (name === "status") this.#response.status = print(value);
    else this.#response.own.set(name, value);
  }
}

/** Plain data; only own members count. */
function fromData(data: unknown): Value {
  if (typeof data === "string" || typeof data === "boolean" || isNumber(data)) {
    return typeof data === "number" && !Number.isInteger(data) ? new Double(data) : data;
  }
  if (Array.isArray(data)) return new List(data.map(fromData), "json");
  if (typeof data !== "object" || data === null) return null;
  return new OwnMap(Object.entries(data).map(([key, value]) => [key, fromData(value)]));
}

export class Context extends JavaObject {
  readonly #scope: TemplateScope;
  /** Made when it is first asked for: most templates do without. */
  #map: OwnMap | undefined;

  constructor(scope: TemplateScope) {
    super();
    this.#scope = scope;
  }

  #own(): OwnMap {
    if (!this.#map) {
      const { context, overrides } = this.#scope;
      const { path, querystring, header } = overrides.request;
      this.#map = new OwnMap([
        ...Object.entries(context).map(([key, value]): [string, Value] => [key, fromData(value)]),
        [
          "requestOverride",
          new OwnMap([
            ["path", new OverrideMap(path)],
            ["querystring", new OverrideMap(querystring)],
            ["header", new OverrideMap(header)],
          ]),
        ],
        ["responseOverride", new ResponseOverride(overrides.response)],
      ]);
    }
    return this.#map;
  }

  override get(name: string): Value | undefined {
    // A text or a number needs none of the others.
    const single = this.#map ? undefined : this.#scope.variable(name);
    if (typeof single === "string" || typeof single === "number") return fromData(single);
    return this.#own().get(name);
  }

  override set(name: string, value: Value): boolean {
    return this.#own().set(name, value);
  }

  override call(name: string, values: Value[]): Value | undefined {
    return this.#own().call(name, values);
  }

  override items(): Value[] {
    return this.#own().items();
  }
}
