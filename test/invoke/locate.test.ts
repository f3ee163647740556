import fc from "fast-check";
import { expect, test } from "vitest";
import { isInvoke, locate } from "../../src/invoke/locate.ts";

const request = (url: string) => ({ url }) as Request;

test.each([
  ["http://127.0.0.1:8787/execute-api/abc/dev/pets/1?x=1", "abc", "dev", "/pets/1", "x=1"],
  ["http://127.0.0.1:8787/execute-api/abc/dev", "abc", "dev", "", ""],
  ["http://127.0.0.1:8787/execute-api/abc/dev/", "abc", "dev", "/", ""],
  ["http://127.0.0.1:8787/execute-api/abc", "abc", "", "", ""],
  ["http://127.0.0.1:8787/execute-api/", "", "", "", ""],
  ["https://abc.execute-api.example.com/dev/a//b/?", "abc", "dev", "/a//b/", ""],
  ["https://abc.execute-api.example.com", "abc", "", "", ""],
  ["https://abc.execute-api.example.com/dev?a=/b", "abc", "dev", "", "a=/b"],
  ["https://abc.execute-api.example.com/execute-api/x/y", "abc", "execute-api", "/x/y", ""],
  ["http://h/execute-api/abc/dev/../%2e%zz#f?x", "abc", "dev", "/../%2e%zz", ""],
])("%s", (url, apiId, stageName, path, query) => {
  expect(isInvoke(request(url))).toBe(true);
  expect(locate(url)).toMatchObject({ apiId, stageName, path, query });
});

test.each([
  "http://127.0.0.1:8787/restapis",
  "http://127.0.0.1:8787/restapis?x=.execute-api.",
  "http://127.0.0.1:8787/x/execute-api/abc",
  "http://127.0.0.1:8787/execute-apis/abc",
  "http://127.0.0.1:8787",
])("%s is no invoke", (url) => {
  expect(isInvoke(request(url))).toBe(false);
});

test("whatever the URL, its parts are parts of it", () => {
  fc.assert(
    fc.property(fc.string(), (tail) => {
      const url = `http://h/execute-api/${tail}`;
      const { apiId, stageName, path } = locate(url);
      expect(url).toContain(apiId + (stageName || path ? `/${stageName}${path}` : ""));
    }),
  );
});
