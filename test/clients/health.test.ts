import { expect, inject, test } from "vitest";

test("the health page answers 200 when the gateway is ready", async () => {
  const response = await fetch(`${inject("origin")}/_sallyport/health`);
  expect(response.status).toBe(200);
});
