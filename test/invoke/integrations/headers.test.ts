import { describe, expect, test } from "vitest";
import {
  droppedFromRequests,
  headerRules,
  isLegalHeader,
  isSignature,
  responseHeaderName,
} from "../../../src/invoke/integrations/headers.ts";

describe("what a proxy integration is sent", () => {
  // Recorded: test_apigateway_header_remapping_http[HTTP_PROXY] and …_aws[AWS_PROXY], "no-param-integration".
  const sent = [
    "accept accept-charset accept-encoding age authorization connection content-encoding content-length",
    "content-md5 content-type date expect host max-forwards pragma proxy-authenticate range referer server te",
    "transfer-encoding trailer upgrade user-agent via warn www-authenticate",
  ].flatMap((line) => line.split(" "));

  test("HTTP_PROXY gets neither hop-by-hop headers nor Host, Content-Encoding and Via", () => {
    expect(sent.filter((name) => !headerRules.HTTP_PROXY.notPassedOn.has(name))).toEqual(
      "accept accept-charset accept-encoding age authorization content-type date pragma range referer user-agent warn".split(
        " ",
      ),
    );
  });

  test("AWS_PROXY gets these three as well", () => {
    expect(sent.filter((name) => !headerRules.AWS_PROXY.notPassedOn.has(name))).toEqual(
      "accept accept-charset accept-encoding age authorization content-encoding content-type date host pragma range referer user-agent via warn".split(
        " ",
      ),
    );
  });

  test("a template sees no header that is dropped at the entrance", () => {
    // Recorded: the body of "full-integration", made of $input.params('…').
    expect(sent.filter((name) => droppedFromRequests.has(name))).toEqual(
      "connection content-length content-md5 expect max-forwards proxy-authenticate server te transfer-encoding trailer upgrade www-authenticate".split(
        " ",
      ),
    );
  });
});

describe("mapping a header to the integration", () => {
  test.each(["HTTP", "HTTP_PROXY", "AWS", "AWS_PROXY"] as const)(
    "Content-Length and Transfer-Encoding are refused for %s",
    (type) => {
      expect(headerRules[type].illegalToMap.has("content-length")).toBe(true);
      expect(headerRules[type].illegalToMap.has("transfer-encoding")).toBe(true);
    },
  );

  test.each(["authorization", "connection", "expect", "proxy-authenticate", "te"])(
    "%s is refused for AWS types alone",
    (name) => {
      expect(headerRules.AWS.illegalToMap.has(name)).toBe(true);
      expect(headerRules.AWS_PROXY.illegalToMap.has(name)).toBe(true);
      expect(headerRules.HTTP.illegalToMap.has(name)).toBe(false);
    },
  );

  test.each(["expect", "proxy-authenticate", "te", "via"])("%s silently stays behind for HTTP", (name) => {
    expect(headerRules.HTTP.notMapped.has(name)).toBe(true);
  });
});

describe("what the client gets", () => {
  test.each([
    ["Server", "x-amzn-Remapped-Server"],
    ["connection", "x-amzn-Remapped-connection"],
    ["Date", "x-amzn-Remapped-Date"],
    ["Content-Length", "x-amzn-Remapped-Content-Length"],
    ["x-amzn-RequestId", "x-amzn-Remapped-x-amzn-RequestId"],
    ["WWW-Authenticate", "x-amzn-Remapped-WWW-Authenticate"],
    ["Content-Type", "Content-Type"],
    ["Access-Control-Allow-Origin", "Access-Control-Allow-Origin"],
    ["Transfer-Encoding", undefined],
    ["Via", undefined],
  ])("%s of an HTTP_PROXY answer leaves as %s", (name, leaves) => {
    expect(responseHeaderName(name, headerRules.HTTP_PROXY)).toBe(leaves);
  });

  // Recorded: test_apigateway_header_remapping_http[HTTP], "full-integration".
  test.each([
    ["Authorization", "x-amzn-Remapped-Authorization"],
    ["Expect", "x-amzn-Remapped-Expect"],
    ["Host", "x-amzn-Remapped-Host"],
    ["Trailer", "x-amzn-Remapped-Trailer"],
    ["Upgrade", "x-amzn-Remapped-Upgrade"],
    ["Proxy-Authenticate", "x-amzn-Remapped-Proxy-Authenticate"],
    ["TE", "TE"],
    ["Via", "Via"],
    ["Content-Encoding", "Content-Encoding"],
    ["Transfer-Encoding", undefined],
  ])("a mapped %s leaves as %s", (name, leaves) => {
    expect(responseHeaderName(name, headerRules.HTTP)).toBe(leaves);
    expect(responseHeaderName(name, headerRules.AWS)).toBe(leaves);
  });
});

test("a signature is told from other authorizations", () => {
  expect(isSignature("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request")).toBe(
    true,
  );
  expect(isSignature("Bearer token")).toBe(false);
});

describe("a header that could begin another is not legal", () => {
  test.each([
    ["X-A", "1\r\nX-B: 2"],
    ["X-A", "1\nX-B: 2"],
    ["X-A", "nul \0"],
    ["X-A: 1\r\nX-B", "2"],
    ["X A", "1"],
    ["", "1"],
  ])("%j: %j", (name, value) => {
    expect(isLegalHeader(name, value)).toBe(false);
  });

  test("tabs, other scripts and an empty value are legal", () => {
    expect(isLegalHeader("X-A", "caf\xe9\t1 日本")).toBe(true);
    expect(isLegalHeader("x_a", "")).toBe(true);
  });
});
