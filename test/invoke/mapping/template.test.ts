import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileTemplate } from "../../../src/invoke/mapping/template.ts";
import {
  newOverrides,
  TemplateError,
  type TemplateScope,
} from "../../../src/invoke/mapping/template-scope.ts";

const context: Record<string, unknown> = { stage: "dev", identity: { sourceIp: "1.2.3.4" } };

const scope = (body = "", more: Partial<TemplateScope> = {}): TemplateScope => ({
  body,
  params: {
    path: new Map([["id", "7"]]),
    querystring: new Map([["q", "a b"]]),
    header: new Map([["User-Agent", "test"]]),
  },
  context,
  variable: (name) => (Object.hasOwn(context, name) ? context[name] : undefined),
  stageVariables: { color: "blue" },
  overrides: newOverrides(),
  ...more,
});

const render = (template: string, body?: string) => compileTemplate(template).render(scope(body));

// What the real engine printed, with AWS's facts (mapping-templates).
test.each([
  ["a\n  #set($x=1)\nb", "a\n  b"],
  ["a\n  #if(true)\n  x\n  #end\ny", "a\n    x\n  y"],
  ["a #set($x=1) b", "a  b"],
  ["  #set($x=1)  \n  b", "  b"],
  ["[#foreach($i in [1..3])\n  $i#if($foreach.hasNext),#end\n#end\n]", "[  1,  2,  3]"],
  ['#set($x = "v")\n\n$x', "\nv"],
  ["a ## c\nb #* x *# c", "a b  c"],
  ["\\$x $\\{y} \\#if #foo $5 $ a# b", "$x $\\{y} #if #foo $5 $ a# b"],
  [
    '#set($m = {"a": 1, "b": [1,2.5,"x"]})$m $m.b $m.a #set($m.c = 3)$m.keySet() $m.size()',
    "{a=1, b=[1, 2.5, x]} [1, 2.5, x] 1[a, b, c] 3",
  ],
  [
    "#set($a = 7 / 2)$a #set($b = 7.0 / 2)$b #set($c = 7 % 4)$c #set($d = 'x' + 1)$d #set($e = 1 - 'x')$e",
    "33.53x1",
  ],
  ["$!{x}$!x.y ${x} $x.foo() $util.escapeJavaScript('a\"b')", '   a\\"b'],
  ["#if(false)\nA\n#else\nB\n#end\nC", "B\nC"],
  ["#{if}(true)x#{else}y#{end}z", "xz"],
  [
    "#set($s='Hello')$s.hashCode() $s.compareTo('Help') $s.compareTo('He') $s.compareToIgnoreCase('hELP') $s.compareTo('A')",
    "69609650 -4 3 -4 7",
  ],
  ['#set($s = "a long text whose hash overflows, é☃")$s.hashCode()', "974330859"],
  // Of literals only a boolean can hold; a reference holds unless it is false.
  ["#if('x')T#{else}F#end #if(1 + 1)T#{else}F#end #if([1])T#{else}F#end #if(!'x')T#{else}F#end", "F F F T"],
  ["#set($x = 0)#if($x)T#{else}F#end #if(true && 'x')T#{else}F#end #if(1 || !$none)T#{else}F#end", "T F F"],
  ['"$x.y." ${x}y $x-y $x.5', '"." y  .5'],
  [
    "#set($l=[1,2])#set($r=$l.add(3))$l $r#if(!$l.isEmpty() && $l.size() > 2)ok#end $l[0] $l.get(1)",
    "[1, 2, 3] trueok 1 2",
  ],
  [
    "#set($s='abc')$s.length() $s.substring(1) $s.toUpperCase() $s.split('b')[0] $s.replaceAll('b','x') $s.contains('a')",
    "3 bc ABC a axc true",
  ],
])("%j", (template, text) => {
  expect(render(template)).toBe(text);
});

describe("what a template sees", () => {
  const body = '{"a":"x","b":[1,{"c":null}],"d":{"e":1.5}}';

  test.each([
    ["$input.json('$.a')", '"x"'],
    ["$input.path('$.b')", '[1,{"c":null}]'],
    ["$input.path('$')", '{a=x, b=[1,{"c":null}], d={e=1.5}}'],
    ["$input.json('$')", '{"a":"x","b":[1,{"c":null}],"d":{"e":1.5}}'],
    ["$input.json('$.none')", '""'],
    [
      "$input.json('$.*') $input.path('$..e') $input.path('$.b[*]').size()",
      '["x",[1,{"c":null}],{"e":1.5}] [1.5] 2',
    ],
    ["$input.path('a')", "x"],
    ["$input.body", body],
    [
      "$input.params('id') $input.params('q') $input.params('user-agent') $input.params('none')",
      "7 a b test ",
    ],
    ["$input.params().path $input.params().header", "{id=7} {User-Agent=test}"],
    ["$context.stage $context.identity.sourceIp $context.none", "dev 1.2.3.4 "],
    ["$stageVariables.color ${stageVariables.none}", "blue "],
    ["$util.urlEncode('a b&c') $util.urlDecode('a+b%26c')", "a+b%26c a b&c"],
    ["$util.base64Encode('hé') $util.base64Decode('aMOp')", "aMOp hé"],
    ["#set($o = $util.parseJson('{\"k\":[1]}'))$o.k[0]", "1"],
    ["#set($b = $input.path('$'))#set($b.a = 2)$input.json('$.a')", "2"],
  ])("%s", (template, text) => {
    expect(render(template, body)).toBe(text);
  });

  test("an empty body is the empty object", () => {
    expect(render("$input.body $input.json('$')")).toBe("{} {}");
  });

  test("a body that is no JSON is one string", () => {
    expect(render("$input.json('$')", "a=b")).toBe('"a=b"');
  });
});

test("overrides are left for the steps behind", () => {
  const given = scope();
  compileTemplate(
    '#set($context.requestOverride.header.X-A = "1")#set($context.requestOverride.querystring["q"] = "2")#set($context.responseOverride.status = 418)$context.responseOverride.header.put("X-B", "3")$context.responseOverride.status',
  ).render(given);
  expect([...given.overrides.request.header]).toEqual([["X-A", "1"]]);
  expect([...given.overrides.request.querystring]).toEqual([["q", "2"]]);
  expect(given.overrides.response.status).toBe("418");
  expect([...given.overrides.response.header]).toEqual([["X-B", "3"]]);
});

test("null is the empty text, and true", () => {
  expect(render("#if($none)yes#end #if($none == '')empty#end,#set($x = $none)[$x]")).toBe("yes empty,[]");
});

test("a template without variables is known beforehand", () => {
  expect(compileTemplate('{"statusCode": 200}').constant).toBe('{"statusCode": 200}');
  expect(compileTemplate("$x").constant).toBeUndefined();
});

describe("nothing but data is reachable", () => {
  test.each([
    "$input.constructor",
    "$input.constructor.constructor('return 1')()",
    "$context.__proto__",
    "$context.constructor.name",
    "$util.class.forName('x')",
    "#set($x = {})$x.__proto__ $x.constructor $x.toString",
    "$stageVariables.hasOwnProperty('color')",
    "#set($s = 'a')$s.constructor $s.__proto__.x $s.getClass()",
  ])("%s", (template) => {
    expect(render(template).trim()).not.toMatch(/function|object|native|class/i);
  });

  test("a map's `__proto__` is a key like any other", () => {
    expect(render("#set($m = {})#set($m['__proto__'] = 'x')$m.keySet() $m.get('__proto__')")).toBe(
      "[__proto__] x",
    );
  });
});

describe("a template is refused, or ended", () => {
  test.each([
    "#if(true)",
    "#end",
    "#if",
    "#set($x)",
    "#foreach($x)#end",
    "${x",
    "#set($x = )",
    "#if(1 +)#end",
    "#*",
    "#[[",
  ])("%s does not parse", (template) => {
    expect(() => compileTemplate(template)).toThrow(TemplateError);
  });

  test.each([
    [
      "loops within loops",
      "#set($l = [1..1000])#foreach($a in $l)#foreach($b in $l)#foreach($c in $l)x#end#end#end",
    ],
    ["a text that doubles", "#set($s = 'xxxxxxxxxx')#foreach($i in [1..1000])#set($s = $s + $s)#end$s"],
    ["a range without end", "#foreach($i in [1..99999999])#end"],
    ["depth", "#if(true)".repeat(5000) + "#end".repeat(5000)],
    ["parentheses", `#set($x = ${"(".repeat(5000)}1${")".repeat(5000)})`],
  ])("%s", (_, template) => {
    expect(() => render(template)).toThrow(TemplateError);
  });

  test("a loop has a thousand rounds", () => {
    expect(render("#set($n = 0)#foreach($i in [1..2000])#set($n = $n + 1)#end$n")).toBe("1000");
  });
});

test("text without signs renders as itself", () => {
  fc.assert(
    fc.property(
      fc.string().filter((text) => !/[$#\\]/.test(text)),
      (text) => {
        expect(render(text)).toBe(text);
      },
    ),
  );
});

test("no template and no body make it throw anything else", () => {
  const piece = fc.constantFrom(
    "$",
    "#",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "!",
    "\\",
    '"',
    "'",
    "x",
    "$x",
    "${x}",
    "#set($x = ",
    "#if(",
    "#end",
    "#else",
    "#foreach($i in ",
    "$input.json('$",
    ".a",
    "..",
    "1",
    " ",
    "\n",
    "#*",
    "*#",
    "##",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 25 }), fc.string(), (pieces, body) => {
      try {
        render(pieces.join(""), body);
      } catch (error) {
        expect(error).toBeInstanceOf(TemplateError);
      }
    }),
    { numRuns: 2000 },
  );
});
