/** Source: the guide's api-gateway-create-api-step-by-step. */
import { beforeAll, expect, inject, test } from "vitest";
import { call, load, signed } from "./loading.ts";

let url: string;
beforeAll(async () => {
  url = await load("http-custom-petstore", inject("origin"));
});

const dog = { id: 1, type: "dog", price: 249.99 };
const cat = { id: 2, type: "cat", price: 124.99 };
const fish = { id: 3, type: "fish", price: 0.99 };

test("query parameters have the backend's names", async () => {
  const gecko = { id: 6, type: "gecko", price: 58 };
  expect(await (await signed(`${url}/pets`)).json()).toEqual([dog, cat, fish]);
  expect(await (await signed(`${url}/pets?type=gecko&page=1`)).json()).toEqual([gecko]);
});

test("a request without a signature is refused where the method has AWS_IAM", async () => {
  expect(await call(`${url}/pets`)).toEqual([403, { message: "Missing Authentication Token" }]);
});

test("or others, which are mapped", async () => {
  const pets = `${url}/petstorewalkthrough/pets`;
  expect(await call(pets)).toEqual([200, [dog, cat, fish]]);
  const [, first] = await call(`${pets}?petType=dog&petsPage=1`);
  expect(first).toContainEqual(dog);
  const [, second] = await call(`${pets}?petsPage=2`);
  expect(second).toContainEqual({ id: 6, type: "gecko", price: 58 });
});

test("a path parameter is mapped", async () => {
  expect(await call(`${url}/petstorewalkthrough/pets/1`)).toEqual([200, dog]);
});

test("a body is passed on", async () => {
  const body = { type: "dog", price: 249.99 };
  expect(await call(`${url}/petstorewalkthrough/pets`, { method: "POST", body })).toEqual([
    200,
    { pet: { id: expect.any(Number), ...body }, message: "success" },
  ]);
});

test("the backend's errors keep their status", async () => {
  expect(await call(`${url}/petstorewalkthrough/pets?petType=unicorn`)).toEqual([
    400,
    { message: "type must be one of dog, cat, fish, bird, gecko" },
  ]);
  expect(await call(`${url}/petstorewalkthrough/pets/999`)).toEqual([
    404,
    { message: "There is no pet 999" },
  ]);
});

const some = [dog, cat, fish].map(({ id, type, price }) => ({
  description: `Item ${id} is a ${type}.`,
  askingPrice: price,
}));

test.each([
  [
    "noflatten",
    [dog, cat, fish].map(({ id, type, price }) => ({ number: id, class: type, salesPrice: price })),
  ],
  ["flattensome", some],
  ["lambdaflattensome", some],
  [
    "flattenall",
    {
      listings: [dog, cat, fish].map(
        ({ id, type, price }) => `Item number ${id} is a ${type}. The asking price is ${price}.`,
      ),
    },
  ],
])("%s reshapes the answer", async (path, body) => {
  expect(await call(`${url}/petstorewalkthrough/${path}`)).toEqual([200, body]);
});
