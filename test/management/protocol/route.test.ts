import { expect, test } from "vitest";
import { models } from "../../../src/management/protocol/model.ts";
import { matchOperation } from "../../../src/management/protocol/route.ts";

const named = (service: string, method: string, path: string, query = "") =>
  matchOperation(service, method, path, query)?.operation;

test("every operation of V1 and V2 is found by its own method and path", () => {
  for (const service of ["apigateway", "apigatewayv2"]) {
    const operations = Object.entries(models[service]?.operations ?? {});
    for (const [operation, { method, uri }] of operations) {
      const [path = "", query] = uri.replaceAll(/\{[^}]*\}/g, "x").split("?");
      expect(named(service, method, path, query), uri).toBe(operation);
    }
  }
  expect(Object.keys(models.apigateway?.operations ?? {})).toHaveLength(124);
  expect(Object.keys(models.apigatewayv2?.operations ?? {})).toHaveLength(103);
});

test("a literal parameter of the query picks the operation", () => {
  expect(named("apigateway", "POST", "/restapis")).toBe("CreateRestApi");
  expect(named("apigateway", "POST", "/restapis", "failonwarnings=true&mode=import")).toBe("ImportRestApi");
});

test("parameters are decoded, an encoded slash within its segment", () => {
  const match = matchOperation(
    "apigateway",
    "GET",
    "/tags/arn%3Aaws%3Aapigateway%3A%3A%3A%2Frestapis%2Fabc",
    "",
  );
  expect(match?.uriParameters).toEqual({ resource_arn: "arn:aws:apigateway:::/restapis/abc" });
});

test.each([
  "/",
  "//",
  "/restapis//",
  "/restapis/../account",
  "/restapis/%zz",
  "/restapis/%ff",
  "/nothing/at/all",
])("%s is no operation", (path) => {
  expect(named("apigateway", "GET", path)).toBeUndefined();
});
