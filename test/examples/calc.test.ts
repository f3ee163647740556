/** Source: the guide's integrating-api-with-aws-services-lambda. */
import { beforeAll, describe, expect, inject, test } from "vitest";
import { call, load } from "./loading.ts";

let url: string;
beforeAll(async () => {
  url = `${await load("calc", inject("origin"))}/calc`;
});

describe("GET with the query string", () => {
  const calc = (query: Record<string, string>) => call(`${url}?${new URLSearchParams(query)}`);

  test.each([
    ["+", 8],
    ["sub", 4],
    ["*", 12],
    ["div", 3],
  ])("6 %s 2", async (operator, c) => {
    const result = { a: 6, b: 2, op: operator, c };
    expect(await calc({ operand1: "6", operand2: "2", operator })).toEqual([200, result]);
  });

  test("all three are required", async () => {
    expect(await calc({ operand1: "6" })).toEqual([
      400,
      { message: "Missing required request parameters: [operand2, operator]" },
    ]);
  });

  test.each([
    [{ operand1: "6", operand2: "0", operator: "/" }, "400 Divide by Zero"],
    [{ operand1: "6", operand2: "x", operator: "/" }, "400 Invalid Operand"],
    [{ operand1: "6", operand2: "2", operator: "toString" }, "400 Invalid Operator"],
  ])("what the function throws is selected by its message: %j", async (query, message) => {
    expect(await calc(query)).toEqual([400, { message }]);
  });
});

describe("POST", () => {
  test("passes the body on", async () => {
    const body = { a: 1, b: 2, op: "+" };
    expect(await call(url, { method: "POST", body })).toEqual([200, { ...body, c: 3 }]);
  });

  test.each([{ a: 1, b: "2", op: "+" }, { a: 1, b: 2 }, "not json"])(
    "that its model refuses is 400: %j",
    async (body) => {
      expect(await call(url, { method: "POST", body })).toEqual([400, { message: "Invalid request body" }]);
    },
  );
});

test.each([
  ["1/2/+", { a: 1, b: 2, op: "+" }, 3],
  ["9/2/%2F", { a: 9, b: 2, op: "/" }, 4.5],
  ["-1.5/2/mul", { a: -1.5, b: 2, op: "mul" }, -3],
])("GET with the path %s answers a Result", async (path, input, c) => {
  expect(await call(`${url}/${path}`)).toEqual([200, { input, output: { c } }]);
});

test("and a 400 as the others do", async () => {
  expect(await call(`${url}/9/0/div`)).toEqual([400, { message: "400 Divide by Zero" }]);
});
