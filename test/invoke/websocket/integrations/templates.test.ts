/** The functions and variables of the guide's apigateway-websocket-api-mapping-template-reference, but `$context`. */
import { expect, test } from "vitest";
import { boundFunction, carryOut, opening, type Situation } from "./carry-out.ts";

const pets = [
  { id: 1, type: "dog", price: 249.99 },
  { id: 2, type: "cat", price: 124.99 },
  { id: 3, type: "fish", price: 0.99 },
];
const body = JSON.stringify({
  pets,
  errorMessage: '{"key1":"var1","key2":{"arr":[1,2,3]}}',
  quoted: `it's "q"`,
});

/** What a function is called with, which the template makes. */
async function rendered(template: string, more: Omit<Situation, "integration"> = {}): Promise<string> {
  let seen = "";
  const { env, uri } = boundFunction((event) => {
    seen = event;
    return Response.json({});
  });
  await carryOut({
    body,
    variables: { color: "blue" },
    ...more,
    env,
    integration: { integrationType: "AWS", integrationUri: uri, requestTemplates: { $default: template } },
  });
  return seen;
}

test.each([
  ["$input.body", body],
  ["$input.json('$.pets')", JSON.stringify(pets)],
  ["$input.json('$.pets[1].type')", '"cat"'],
  ["$input.json('$.none')", '""'],
  ["\"$input.path('$.pets[2].price')\"", '"0.99"'],
  ["$input.path('$.pets').count()", "3"],
  ["[#foreach($pet in $input.path('$.pets'))$pet.id#if($foreach.hasNext),#end#end]", "[1,2,3]"],
  ['"$stageVariables.color"', '"blue"'],
  ["\"$stageVariables['color']\"", '"blue"'],
  ["\"${stageVariables['color']}\"", '"blue"'],
  ['"$stageVariables.none"', '""'],
  ["\"$util.escapeJavaScript($input.path('$.quoted'))\"", undefined],
  [
    '"$util.escapeJavaScript($input.path(\'$.quoted\')).replaceAll("\\\\\'","\'")"',
    JSON.stringify(`it's "q"`),
  ],
  [
    `#set ($errorMessageObj = $util.parseJson($input.path('$.errorMessage')))
{"errorMessageObjKey2ArrVal" : $errorMessageObj.key2.arr[0]}`,
    '{"errorMessageObjKey2ArrVal" : 1}',
  ],
  ["\"$util.urlEncode('a b&é')\"", '"a+b%26%C3%A9"'],
  ["\"$util.urlDecode('a+b%26%C3%A9')\"", '"a b&é"'],
  ["\"$util.base64Encode('grüße')\"", '"Z3LDvMOfZQ=="'],
  ["\"$util.base64Decode('Z3LDvMOfZQ==')\"", '"grüße"'],
] as const)("%s of a message", async (template, text) => {
  const answer = rendered(template);
  // `\'` is no JSON, as the page says.
  if (text === undefined) await expect(answer).rejects.toMatchObject({ status: 400 });
  else expect(await answer).toBe(text);
});

// The guide's apigateway-websocket-api-route-keys-connect-disconnect passes `"params": "$input.params()"` on.
test("a connection that opens has parameters, and a message has none", async () => {
  const template = '"$input.params()"';
  const opened = opening({ "x-kind": "k" }, [["room", ["a", "b"]]]);
  expect(await rendered(template, { eventType: "CONNECT", body: "", opening: opened })).toBe(
    '"{path={}, querystring={room=b}, header={X-Kind=k}}"',
  );
  expect(await rendered(template)).toBe('"{path={}, querystring={}, header={}}"');
});
