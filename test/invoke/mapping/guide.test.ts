/** The examples of the guide, with the outcome that it gives. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Json } from "../../../src/invoke/validation/json.ts";
import { compileSchema } from "../../../src/invoke/validation/schema.ts";
import { type Case, request } from "./differential/generate.ts";
import { render } from "./differential/render.ts";

interface Example {
  data: Json;
  inputModel: Json;
  inputTemplate: string;
  transformed: Json;
  outputModel: Json;
  outputTemplate: string;
}

const examples: Record<string, Example> = JSON.parse(
  readFileSync(new URL("guide-examples.json", import.meta.url).pathname, "utf8"),
);

const run = (template: string, body: string, more: Partial<Case> = {}) =>
  render({ ...request, id: "guide", template, body, ...more });

// example-photos, example-news-article, example-employee, example-invoice
describe.each(Object.entries(examples))("%s", (_, example) => {
  const body = JSON.stringify(example.data);

  test("the input template makes what it was given, and the output template the transformed data", () => {
    expect(JSON.parse(run(example.inputTemplate, body) as string)).toEqual(example.data);
    expect(JSON.parse(run(example.outputTemplate, body) as string)).toEqual(example.transformed);
  });

  test("both fit their models, and not each other's", () => {
    const errors = (model: Json, document: Json) => compileSchema(model, () => undefined)(document);
    expect(errors(example.inputModel, example.data)).toEqual([]);
    expect(errors(example.outputModel, example.transformed)).toEqual([]);
  });
});

// api-gateway-mapping-template-reference
test("all parameters in the payload", () => {
  const template = `#set($allParams = $input.params())
{
  "params" : {
    #foreach($type in $allParams.keySet())
    #set($params = $allParams.get($type))
    "$type" : {
      #foreach($paramName in $params.keySet())
      "$paramName" : "$util.escapeJavaScript($params.get($paramName))"
      #if($foreach.hasNext),#end
      #end
    }
    #if($foreach.hasNext),#end
    #end
  }
}`;
  expect(JSON.parse(run(template, "") as string)).toEqual({
    params: { path: { p1: "P" }, querystring: { q1: "Q 1", p1: "hidden" }, header: { H1: "h" } },
  });
});

test("a name of the query string, and the payload", () => {
  const more = { params: { path: {}, querystring: { name: "n" }, header: {} } };
  const body = '{"mykey": {"a": [1, "x"]}}';
  const whole = run('{ "name" : "$input.params(\'name\')", "body" : $input.json(\'$\') }', body, more);
  expect(JSON.parse(whole as string)).toEqual({ name: "n", body: JSON.parse(body) });
  const part = run('{ "name" : "$input.params(\'name\')", "body" : $input.json(\'$.mykey\') }', body, more);
  expect(JSON.parse(part as string)).toEqual({ name: "n", body: { a: [1, "x"] } });
});

test("all three functions of $input", () => {
  const template = `{
    "id" : "$input.params('id')",
    "count" : "$input.path('$.things').size()",
    "things" : $input.json('$.things')
}`;
  const body = '{"things": {"1": {}, "2": {}, "3": {}}}';
  const more = { params: { path: { id: "abc" }, querystring: {}, header: {} } };
  expect(JSON.parse(run(template, body, more) as string)).toEqual({
    id: "abc",
    count: "3",
    things: { 1: {}, 2: {}, 3: {} },
  });
});

test("count() of a list", () => {
  const pets = '{"pets": [{"id": 1}, {"id": 2}, {"id": 3}]}';
  expect(run("$input.path('$.pets').count()", pets)).toBe("3");
});

test("JSON in a text", () => {
  const template = `#set ($errorMessageObj = $util.parseJson($input.path('$.errorMessage')))
{
   "errorMessageObjKey2ArrVal" : $errorMessageObj.key2.arr[0]
}
`;
  const body = JSON.stringify({ errorMessage: '{"key1":"var1","key2":{"arr":[1,2,3]}}' });
  expect(run(template, body)).toBe('{\n   "errorMessageObjKey2ArrVal" : 1\n}\n');
});

test("escaped quotes become quotes again", () => {
  expect(run(`$util.escapeJavaScript("it's").replaceAll("\\\\'","'")`, "")).toBe("it's");
});

test("stage variables in all three spellings", () => {
  const more = { stageVariables: { name: "v" } };
  expect(run("$stageVariables.name $stageVariables['name'] ${stageVariables['name']}", "", more)).toBe(
    "v v v",
  );
});
