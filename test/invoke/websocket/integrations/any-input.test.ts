/** Whatever an API says that the control plane takes, and whatever a client sends: an answer, or an error for the client. */
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { GatewayError } from "../../../../src/invoke/rest/gateway-error.ts";
import { carryOut, opening, response } from "./carry-out.ts";

const pieces = (...texts: string[]) =>
  fc.array(fc.oneof(fc.constantFrom(...texts), fc.string({ maxLength: 4 })), { maxLength: 8 });
const template = pieces(
  '{"statusCode":200}',
  "$input.body",
  "$input.json('$.a')",
  "$input.path('$..a[?(@.b > 1)]')",
  "$input.params()",
  "$context.identity",
  "$context.requestId",
  "$stageVariables.x",
  "#if($input.path('$.a'))",
  "#end",
  "#set($context.responseOverride.status = ",
  "$util.parseJson($input.body)",
).map((texts) => texts.join(""));
const expression = fc.option(
  fc.constantFrom(
    "\\$default",
    "a",
    "${request.body.a}",
    "${request.body[0].a}-${request.body..b}",
    "${request.body[?(@.a =~ /(a+)+/)]}",
    "${integration.response.statuscode}",
    "${integration.response.body.a}",
  ),
  { nil: undefined },
);
const key = fc.oneof(fc.constantFrom("$default", "a", "application/json", "__proto__"), fc.string());
const templates = fc.dictionary(key, template, { maxKeys: 4 });
const sources = fc.constantFrom(
  "route.request.body",
  "route.request.body.a",
  "route.request.body..a",
  "route.request.body[",
  "route.request.header.x",
  "route.request.multivaluequerystring.x",
  "context.identity.sourceIp",
  "context.identity",
  "stageVariables.x",
  "'x'",
);
const mappings = (target: string) =>
  fc.dictionary(
    fc.constantFrom(...["X", "Content-Type", "Host", "b c"].map((name) => target + name)),
    sources,
  );
const optional = <Name extends string, Value>(name: Name, value: Value | undefined) =>
  value === undefined ? {} : ({ [name]: value } as Record<Name, Value>);

const message = fc.oneof(
  fc.json(),
  fc.string(),
  fc.constantFrom('{"a":', '{"a":{"b":2}}', `${"[".repeat(3000)}${"]".repeat(3000)}`, '{"a":"x\\r\\ny"}'),
);

test("a mock answers or refuses", async () => {
  const property = fc.asyncProperty(
    fc.record({ templates, answers: templates, expression, chosen: expression, message }),
    fc.record({ parameters: mappings("integration.request.header."), isOpening: fc.boolean() }),
    fc.constantFrom("CONVERT_TO_BINARY", "CONVERT_TO_TEXT", undefined),
    async (given, { parameters, isOpening }, handling) => {
      const call = carryOut({
        body: isOpening ? "" : given.message,
        eventType: isOpening ? "CONNECT" : "MESSAGE",
        ...(isOpening ? { opening: opening({ x: "1" }, [["x", ["1", "2"]]]) } : {}),
        integration: {
          integrationType: "MOCK",
          requestTemplates: given.templates,
          requestParameters: parameters,
          ...optional("templateSelectionExpression", given.expression),
          ...optional("contentHandlingStrategy", handling),
          integrationResponses: [
            response({
              responseTemplates: given.answers,
              ...optional("templateSelectionExpression", given.chosen),
              ...optional("contentHandlingStrategy", handling),
            }),
          ],
        },
      });
      const answer = await call.catch((error) => error);
      if (answer instanceof GatewayError) return;
      expect(answer).toMatchObject({ statusCode: expect.any(Number), body: expect.any(String) });
    },
  );
  // It tells the operator of templates that are none.
  const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
  await fc.assert(property, { numRuns: 500 });
  log.mockRestore();
});
