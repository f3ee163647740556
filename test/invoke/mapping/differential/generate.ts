/**
 * Mapping templates at random, the same ones for the same seed: what people write, and what no one would, in between
 * the blanks and newlines that decide what Velocity makes of it.
 */

export interface Case {
  id: string;
  template: string;
  body: string;
  params: {
    path: Record<string, string>;
    querystring: Record<string, string>;
    header: Record<string, string>;
  };
  stageVariables: Record<string, string>;
  context: Record<string, unknown>;
}

/** The request that every template is rendered for. */
export const request: Omit<Case, "id" | "template"> = {
  body: JSON.stringify({
    a: "x",
    n: 5,
    big: 12345678901,
    d: 1.5,
    t: true,
    f: false,
    nul: null,
    l: [1, "two", { k: [3, 4] }, null, []],
    o: { p: { q: "deep", n: -7 }, e: {} },
    s: `it's "q" \\ / é☃ `,
    items: [
      { id: 1, price: 10.5, name: "one", tags: ["a", "b"], at: { x: 1 } },
      { id: 2, price: 20, name: "two", tags: [] },
      { id: 3, price: 5.25, name: "three" },
    ],
    "odd key": 1,
    empty: "",
  }),
  params: { path: { p1: "P" }, querystring: { q1: "Q 1", p1: "hidden" }, header: { H1: "h" } },
  stageVariables: { v1: "V", url: "example.com" },
  context: { requestId: "R", stage: "dev", identity: { sourceIp: "1.2.3.4" } },
};

/** Mulberry32: small, and good enough to choose with. */
function randomOf(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** @returns templates with the ids `{seed}-0` to `{seed}-{count - 1}` */
export function generate(seed: number, count: number): Case[] {
  const random = randomOf(seed);
  return Array.from({ length: count }, (_, index) => ({
    id: `${seed}-${index}`,
    template: new Writer(random).template(),
    ...request,
  }));
}

const paths = [
  "$",
  "$.a",
  "a",
  "$.o",
  "$.o.p.q",
  "$.l",
  "$.l[0]",
  "$.l[2].k",
  "$.l[9]",
  "$.none",
  "$.none.x",
  "$.nul",
  "$.n",
  "$.d",
  "$.big",
  "$.t",
  "$.s",
  "$['a']",
  "$['a','n']",
  "$['odd key']",
  "$.items[*].id",
  "$.items[*].tags",
  "$..id",
  "$..x",
  "$.items[0,1].name",
  "$.items[0,9].name",
  "$.items[1:].id",
  "$.items[:2].id",
  "$.items[-1:].id",
  "$.items[0:2].id",
  "$.items[?(@.price > 6)].id",
  "$.items[?(@.tags)].name",
  "$.items[?(!@.tags)].name",
  "$.items[?(@.name == 'two')]",
  "$.items[?(@.price >= 5.25 && @.id != 1)].id",
  "$.items[?(@.id == 1 || @.id == 3)].name",
  "$.items[?(@.name =~ /t.*/)].id",
  "$.items[?(@.name =~ /T.*/i)].id",
  "$.items[(@.length-1)].id",
  "$.*",
  "$.o.*",
  "$.items.id",
  "$.l[*]",
  "$..k",
  "$..*",
  "$.items[?(@.at.x == 1)].id",
  "$.items[0].tags[1]",
  "$.l[-1]",
  "$.empty",
  "$.items.length()",
  "$.items[?(@.price < 'a')].id",
  "$.items[?(@.nul == null)].id",
];

const texts = [
  " ",
  "\n",
  "  \n",
  "\t",
  "a",
  "b c",
  "{",
  "}",
  "[",
  "]",
  "(",
  ")",
  ".",
  ",",
  ":",
  ";",
  "!",
  "\\",
  "\\\\",
  '"',
  "'",
  "-",
  "_",
  "5",
  "1.5",
  "=",
  "\r\n",
  "#",
  "$",
  "$5",
  "$ ",
  "# ",
  "##c\n",
  "## c",
  "#*c*#",
  "#* c *#",
  "#**d*#",
  "#[[r $a]]#",
  "#foo",
  "#foo(1)",
  "#{bar}",
  "#fooend",
  "\\#if",
  "\\#foo",
  "\\\\#if(true)y#end",
  "\\$u",
  "\\\\$u",
  "\\$a",
  "$!",
  "${",
  "$.x",
  "$[1]",
  "é",
  "@",
  "%",
  "&",
  "*",
  "/",
  "|",
  "~",
  "^",
  "`",
  "<",
  ">",
  "?",
  "x.y",
  "true",
  "null",
  "end",
  "#@z",
  "$$a",
  "#set",
  "#set ($q = 1)",
  "#end",
  "#else",
  "\\!",
  "$\\!a",
  "$a\\",
  "  ",
  "\n\n",
];

const numbers = [
  "0",
  "1",
  "2",
  "3",
  "-1",
  "7",
  "10",
  "1.5",
  "-0.5",
  "2147483647",
  "9223372036854775807",
  "3000000000",
  "1e3",
  ".5",
  "2.0",
];
const strings = [
  "'a'",
  "'b'",
  "''",
  "'it''s'",
  '"a"',
  '""',
  '"x$a"',
  '"${a}y"',
  '"$n"',
  "'x'",
  '"$a.length()"',
  "'5'",
  '"q""q"',
  '"#if($n == 5)yes#end"',
  '"\\u0041"',
  "'$a'",
  '"$undefined"',
  '"a b"',
  '" $a "',
  "'a,b,,c,,'",
  "'aXbX'",
  '"$a #"',
  '"$"',
];

const variables = [
  "a",
  "b",
  "n",
  "l",
  "m",
  "s",
  "x",
  "undefined",
  "list",
  "map",
  "i",
  "d",
  "o",
  "items",
  "foreach",
  "velocityCount",
  "input",
  "util",
  "context",
];
const properties = [
  "a",
  "p",
  "q",
  "e",
  "length",
  "size",
  "empty",
  "k",
  "id",
  "none",
  "class",
  "keys",
  "index",
  "count",
  "hasNext",
  "first",
  "last",
  "parent",
  "body",
  "stage",
  "key",
  "value",
  "bytes1",
];
const operators = [
  "+",
  "-",
  "*",
  "/",
  "%",
  "==",
  "!=",
  "<",
  ">",
  "<=",
  ">=",
  "&&",
  "||",
  "and",
  "or",
  "eq",
  "ne",
  "lt",
  "gt",
  "le",
  "ge",
];

class Writer {
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  template(): string {
    const start = this.#is(0.9)
      ? "#set($a = 'A')#set($n = 5)#set($l = [1, 'two', 3.5])#set($m = {'k': 'v', 'n': 1, 3: 'three'})#set($s = 'Hello, World')#set($items = $input.path('$.items'))#set($o = $input.path('$.o'))#set($d = 2.5)"
      : "";
    return start + this.#statements(0);
  }

  #is(probability: number): boolean {
    return this.#random() < probability;
  }

  #pick<Item>(items: readonly Item[]): Item {
    return items[Math.floor(this.#random() * items.length)] as Item;
  }

  #statements(depth: number): string {
    const count = 1 + Math.floor(this.#random() * (depth === 0 ? 4 : 3));
    return Array.from({ length: count }, () => this.#statement(depth)).join("");
  }

  #statement(depth: number): string {
    const choice = this.#random();
    if (choice < 0.3) return this.#reference(depth);
    if (choice < 0.5) return this.#pick(texts);
    if (choice < 0.65) return this.#set(depth);
    if (depth > 2) return this.#pick(["x", "\n", " "]);
    if (choice < 0.8) return this.#if(depth);
    if (choice < 0.92) return this.#foreach(depth);
    if (choice < 0.96) return this.#call();
    return this.#other(depth);
  }

  #space(): string {
    return this.#is(0.75) ? "" : this.#pick([" ", "  ", "\n", "\t", " \n"]);
  }

  #set(depth: number): string {
    const target = this.#pick([
      "x",
      "y",
      "a",
      "n",
      "m.z",
      "m.k",
      "x.y",
      "l[0]",
      "m['w']",
      "o.new",
      "list",
      "i",
      "l[9]",
      "{b}",
      "!c",
    ]);
    return `${this.#space()}#set($${target}${this.#is(0.9) ? " = " : "="}${this.#expression(depth)})${this.#space()}`;
  }

  #if(depth: number): string {
    const start = `#if${this.#is(0.8) ? "" : " "}(${this.#expression(depth)})${this.#space()}${this.#statements(depth + 1)}`;
    const middle = this.#is(0.25)
      ? `#elseif(${this.#expression(depth)})${this.#space()}${this.#statements(depth + 1)}`
      : "";
    const otherwise = this.#is(0.4) ? `#{else}${this.#space()}${this.#statements(depth + 1)}` : "";
    return `${this.#space()}${start}${middle}${otherwise}${this.#pick(["#end", "#{end}"])}${this.#space()}`;
  }

  #foreach(depth: number): string {
    const list = this.#pick([
      "$l",
      "$items",
      "[1..3]",
      "$m",
      "$o",
      "[3..1]",
      "['a', 'b']",
      "$input.path('$.items')",
      "$undefined",
      "'text'",
      "$m.keySet()",
      "$m.entrySet()",
      "[]",
      "[1..$n]",
      "$input.params().querystring.keySet()",
    ]);
    const name = this.#pick(["i", "x", "a"]);
    const inside = this.#pick([
      "$i",
      "$foreach.index",
      "$foreach.count",
      "$!i,",
      "$velocityCount",
      "#if($foreach.hasNext),#end",
      "$foreach.parent.index",
      "$i.id",
      "$i.key=$i.value",
      "#if($foreach.last)L#end",
      "#break",
    ]);
    return `#foreach(${this.#space()}$${name} in ${list})${this.#space()}${inside}${this.#statements(depth + 1)}#end${this.#space()}`;
  }

  #call(): string {
    const path = this.#pick(paths);
    return this.#pick([
      `$input.json('${path}')`,
      `$input.path('${path}')`,
      `$input.json("${path.replaceAll('"', "")}")`,
      `#set($p = $input.path('${path}'))$p.size()|$p`,
    ]);
  }

  #other(depth: number): string {
    return this.#pick([
      "#stop",
      "#break",
      `#define($blk)${this.#statements(depth + 1)}#end$blk`,
      `#macro(mm $q)${this.#statements(depth + 1)}#end#mm('a')`,
      `#literal()${this.#statements(depth + 1)}#end`,
      "$input.params('p1')",
      "$input.params('none')x",
      "$input.params().path",
      "$context.requestId",
      "$context.identity.sourceIp$context.identity",
      "$stageVariables.v1",
      "$stageVariables",
      "$input.body.length()",
      `$util.escapeJavaScript(${this.#pick(strings)})`,
      "$util.urlEncode('a b/ü')",
      "$util.base64Encode('x')",
      "#define($rec)r$rec#end$rec",
      "$util.parseJson('{\"a\":[1,2]}').a",
      "#evaluate('$a')",
      "#set($context.foo = 'v')$context.foo",
    ]);
  }

  #reference(depth: number): string {
    const braced = this.#is(0.3);
    const quiet = this.#is(0.15) ? "!" : "";
    let text = this.#pick(variables);
    const steps = Math.floor(this.#random() * 3);
    for (let step = 0; step < steps; step++) text += this.#step(depth);
    const slashes = this.#is(0.06) ? this.#pick(["\\", "\\\\", "\\\\\\"]) : "";
    return `${slashes}$${quiet}${braced ? `{${text}}` : text}`;
  }

  #step(depth: number): string {
    const choice = this.#random();
    if (choice < 0.35) return `.${this.#pick(properties)}`;
    if (choice < 0.45) return `[${this.#pick(["0", "1", "-1", "'k'", '"n"', "$n", "9", "3", " 0 ", "'a'"])}]`;
    return this.#method(depth);
  }

  #method(depth: number): string {
    const text = () => this.#pick(strings);
    const value = () => (this.#is(0.5) ? this.#pick(strings) : this.#value(depth + 1));
    const number = () => this.#pick(["0", "1", "2", "3", "5", "-1", "$n"]);
    return this.#pick([
      () => ".length()",
      () => ".size()",
      () => ".isEmpty()",
      () => ".toString()",
      () => ".toUpperCase()",
      () => ".toLowerCase()",
      () => ".trim()",
      () => `.equals(${value()})`,
      () => `.contains(${value()})`,
      () => `.indexOf(${value()})`,
      () => `.substring(${number()})`,
      () => `.substring(${number()}, ${number()})`,
      () => `.split(${this.#pick(["','", "'l'", "'X'", "''", "'o, '"])})`,
      () => `.replace(${text()}, ${text()})`,
      () => `.replaceAll('[a-l]', ${this.#pick(["'#'", "'z'", "'<$0>'", "''"])})`,
      () => `.get(${value()})`,
      () => `.get(${number()})`,
      () => `.put(${value()}, ${value()})`,
      () => `.add(${value()})`,
      () => `.remove(${value()})`,
      () => ".keySet()",
      () => ".values()",
      () => `.containsKey(${value()})`,
      () => `.startsWith(${text()})`,
      () => `.concat(${value()})`,
      () => `.matches(${this.#pick(["'H.*'", "'[0-9]+'", "'A|B'"])})`,
      () => `.charAt(${number()})`,
      () => `.addAll(${value()})`,
      () => ".intValue()",
      () => ".doubleValue()",
      () => `.set(0, ${value()})`,
      () => `.compareTo(${value()})`,
      () => `.lastIndexOf(${text()})`,
      () => `.subList(0, ${number()})`,
    ])();
  }

  #value(depth: number): string {
    const choice = this.#random();
    if (choice < 0.3) return this.#pick(numbers);
    if (choice < 0.55) return this.#pick(strings);
    if (choice < 0.85 || depth > 2) return this.#reference(depth + 1).replace(/^\\+/, "");
    return this.#pick([
      () => "true",
      () => "false",
      () => `[${this.#value(depth + 1)}, ${this.#value(depth + 1)}]`,
      () => `[${this.#pick(["0", "1", "3"])}..${this.#pick(["2", "3", "$n"])}]`,
      () => `{${this.#pick(strings)}: ${this.#value(depth + 1)}}`,
      () => "[]",
      () => "{}",
      () => `{ ${this.#value(depth + 1)} : ${this.#value(depth + 1)}, 'z': 1 }`,
      () => "null",
    ])();
  }

  #expression(depth: number): string {
    const choice = this.#random();
    if (choice < 0.5 || depth > 3) return this.#value(depth);
    if (choice < 0.85) {
      const blank = this.#is(0.85) ? " " : "";
      return `${this.#expression(depth + 1)}${blank}${this.#pick(operators)}${blank}${this.#expression(depth + 1)}`;
    }
    if (choice < 0.93) return `${this.#pick(["!", "! ", "not "])}${this.#value(depth)}`;
    return `(${this.#expression(depth + 1)})`;
  }
}
