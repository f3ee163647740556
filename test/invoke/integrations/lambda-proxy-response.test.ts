import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  MalformedLambdaProxyResponse,
  readLambdaProxyResponse,
} from "../../../src/invoke/integrations/lambda-proxy-response.ts";

const read = (result: unknown, acceptsBinary = false) =>
  readLambdaProxyResponse(JSON.stringify(result), acceptsBinary);
const json: [string, string] = ["Content-Type", "application/json"];

function statusOf(payload: string, acceptsBinary = false): number {
  try {
    readLambdaProxyResponse(payload, acceptsBinary);
  } catch (error) {
    if (error instanceof MalformedLambdaProxyResponse) return error.status;
    throw error;
  }
  throw new Error("not refused");
}

// Recorded: test_aws_proxy_response_payload_format_validation, test_lambda_aws_proxy_response_format.
describe("taken", () => {
  test("an empty object is 200 with an empty body of type application/json", () => {
    expect(read({})).toEqual({ status: 200, headers: [json], body: null });
  });

  test("a missing statusCode is 200", () => {
    expect(read({ headers: { "test-header": "value" } })).toEqual({
      status: 200,
      headers: [["test-header", "value"], json],
      body: null,
    });
  });

  test("a statusCode may be a string", () => {
    expect(read({ statusCode: "201" }).status).toBe(201);
  });

  test("a boolean header value is written out", () => {
    expect(
      read({ statusCode: 200, headers: { "test-header": "value", "header-bool": true } }).headers,
    ).toEqual([["test-header", "value"], ["header-bool", "true"], json]);
  });

  test("null headers are none", () => {
    expect(read({ statusCode: 200, headers: null }).headers).toEqual([json]);
  });

  test("a header of several values is there once for each", () => {
    expect(read({ multiValueHeaders: { "test-multi": ["value1", "value2"] } }).headers).toEqual([
      ["test-multi", "value1"],
      ["test-multi", "value2"],
      json,
    ]);
  });

  test("a header in both maps is joined, with the casing of the multi-value one", () => {
    expect(
      read({ multiValueHeaders: { "tesT-Multi": ["value-multi"] }, headers: { "test-multi": "value-solo" } })
        .headers,
    ).toEqual([["tesT-Multi", "value-multi"], ["tesT-Multi", "value-solo"], json]);
  });

  test("a value in both maps is sent once", () => {
    expect(read({ multiValueHeaders: { "x-a": ["1", "2"] }, headers: { "X-A": "2" } }).headers).toEqual([
      ["x-a", "1"],
      ["x-a", "2"],
      json,
    ]);
  });

  test("the function's own Content-Type is the only one", () => {
    expect(read({ headers: { "content-type": "text/html" } }).headers).toEqual([
      ["content-type", "text/html"],
    ]);
  });

  test("reserved headers are remapped or dropped", () => {
    expect(
      read({
        headers: {
          "WWW-Authenticate": "Basic",
          Date: "today",
          "transfer-encoding": "chunked",
          "Content-Length": "7",
        },
      }).headers,
    ).toEqual([
      ["x-amzn-Remapped-WWW-Authenticate", "Basic"],
      ["x-amzn-Remapped-Date", "today"],
      ["x-amzn-Remapped-Content-Length", "7"],
      json,
    ]);
  });

  test("a 204 has no body", () => {
    expect(read({ statusCode: 204, body: "ignored" }).body).toBeNull();
  });
});

describe("refused with 502", () => {
  test.each([
    ["an unknown member", '{"statusCode":200,"wrongValue":"value"}'],
    ["an error of the function", '{"errorMessage":"boom","errorType":"Error","trace":[]}'],
    ["a string", '"justAString"'],
    ["null", "null"],
    ["a list", "[]"],
    ["no JSON", "{"],
    ["nothing", ""],
    ["a word as statusCode", '{"statusCode":"test"}'],
    ["a statusCode that no response can have", '{"statusCode":99}'],
    ["a huge statusCode", '{"statusCode":1e300}'],
    ["a boolean statusCode", '{"statusCode":true}'],
    ["a string in multiValueHeaders", '{"multiValueHeaders":{"test-multi-invalid":"value1"}}'],
    ["a list in headers", '{"headers":{"a":["b"]}}'],
    ["headers as a list", '{"headers":["a"]}'],
    ["an object as body", '{"body":{"a":1}}'],
    ["a word as isBase64Encoded", '{"isBase64Encoded":"maybe"}'],
    ["a header value that ends the header", '{"headers":{"a":"1\\r\\nset-cookie: b=1"}}'],
    ["a header name that ends the header", '{"multiValueHeaders":{"a: 1\\r\\nb":["1"]}}'],
    ["__proto__", '{"__proto__":{"statusCode":200}}'],
  ])("%s", (_, payload) => {
    expect(statusOf(payload)).toBe(502);
  });
});

describe("a base64 body", () => {
  // Recorded: test_aws_proxy_binary_response.
  test("is decoded when the client accepts binary", () => {
    expect(read({ body: "dGVzdC1kYXRh", isBase64Encoded: true }, true).body).toEqual(
      Buffer.from("test-data"),
    );
  });

  test("is passed on as text when it does not", () => {
    expect(read({ body: "dGVzdC1kYXRh", isBase64Encoded: true }, false).body).toBe("dGVzdC1kYXRh");
  });

  test("is text when isBase64Encoded is not said", () => {
    expect(read({ body: "dGVzdC1kYXRh" }, true).body).toBe("dGVzdC1kYXRh");
  });

  test("that is none is 500", () => {
    expect(statusOf('{"body":"èé+à)(","isBase64Encoded":true}', true)).toBe(500);
  });

  test("of a million line feeds is refused at once", () => {
    expect(
      statusOf(JSON.stringify({ body: `${"\n".repeat(1_000_000)}!`, isBase64Encoded: true }), true),
    ).toBe(500);
  });
});

test("every JSON value is either a response that can be sent or refused", () => {
  const member = fc.constantFrom("statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded");
  fc.assert(
    fc.property(
      fc.oneof(fc.jsonValue(), fc.dictionary(member, fc.jsonValue())),
      fc.boolean(),
      (value, accepts) => {
        try {
          const { status, headers, body } = readLambdaProxyResponse(JSON.stringify(value), accepts);
          const inAscii = headers.map(([name, value]): [string, string] => [
            name,
            value.replace(/[^\0-\x7f]/g, "?"),
          ]);
          expect(() => new Response(body as string | null, { status, headers: inAscii })).not.toThrow();
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedLambdaProxyResponse);
        }
      },
    ),
  );
});
