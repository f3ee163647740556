import { describe, expect, test } from "vitest";
import { limits, readDocument } from "../../../src/management/openapi/document.ts";
import { refusalOf, variables } from "./reading.ts";

const readText = (text: string) => readDocument(text, variables);
const head = 'swagger: "2.0"\ninfo: { title: T }\n';

const refused = (body: unknown) => {
  const { code, status, message } = refusalOf(() => readDocument(body, variables));
  expect({ code, status, message }).toEqual({
    code: "BadRequestException",
    status: 400,
    message: "Invalid OpenAPI input.",
  });
};

describe("forms", () => {
  test("JSON and YAML, Swagger 2.0 and OpenAPI 3.0", () => {
    expect(readText('{"swagger": "2.0", "info": {}}').version).toBe("2.0");
    expect(readText("openapi: 3.0.3").version).toBe("3.0");
    expect(readText("swagger: 2.0").version).toBe("2.0");
  });

  test("bytes, as the protocol gives them", () => {
    expect(readDocument(new TextEncoder().encode("openapi: 3.0.1"), variables).version).toBe("3.0");
  });

  test("other versions are refused", () => {
    for (const text of ["openapi: 3.1.0", "swagger: '1.2'", "info: {}", "{}", "openapi: [3]"]) refused(text);
  });

  test("what is no document is refused", () => {
    for (const body of ["", "[]", "text", "{'key:value}", "{", "a: [", undefined, 7, {}, null]) refused(body);
    // Recorded: test_import_api_bad_file.
    refused('test:\n    value:\n        - "value ... "escaped": $var, "dt": $(var +"%a")}"\n        ');
    refused(new Uint8Array([0xff, 0xfe, 0x00]));
  });
});

test("AWS variables are filled in, as the guide's import-api-aws-variables has them", () => {
  const uri = "arn:${" + "AWS::Partition}:lambda:${" + "AWS::Region}:${" + "AWS::AccountId}:function:f";
  expect(readText(`${head}x-uri: ${uri}`).root["x-uri"]).toBe(
    "arn:aws:lambda:eu-west-1:123456789012:function:f",
  );
});

describe("YAML", () => {
  test("a version that is a number keeps its text", () => {
    expect(readText("openapi: 3.0.1\ninfo:\n  version: 2.0").root.info).toEqual({ version: "2.0" });
  });

  test("anchors and merge keys", () => {
    const { root } = readText(`${head}a: &a { x: 1 }\nb: *a\nc: { <<: *a, y: 2 }`);
    expect(root).toMatchObject({ b: { x: 1 }, c: { x: 1, y: 2 } });
  });

  test("`on` and `y` are texts, as in YAML 1.2", () => {
    expect(readText(`${head}names: { y: on }`).root.names).toEqual({ y: "on" });
  });
});

describe("bounds", () => {
  test("size", () => {
    refused(`{"swagger": "2.0", "x": "${"x".repeat(limits.size)}"}`);
    refused(new Uint8Array(limits.size + 1));
  });

  test("depth, in JSON and in YAML", () => {
    refused(`{"swagger": "2.0", "x": ${"[".repeat(1_000)}${"]".repeat(1_000)}}`);
    refused(`{"swagger": "2.0", "x": ${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}}`);
    refused(`${head}x: ${"[".repeat(1_000)}${"]".repeat(1_000)}`);
    refused(`${head}x: ${"[".repeat(1_000_000)}`);
    refused(`${head}x:\n ${"- ".repeat(1_000_000)}a`);
    refused(
      `${head}x:\n${Array.from({ length: 200 }, (_, depth) => `${" ".repeat(depth + 1)}a:`).join("\n")}`,
    );
  });

  test("brackets in texts nest nothing", () => {
    const text = "[".repeat(500);
    expect(readText(`${head}a: "${text}"\nb: |\n  ${text}\nc: x${text} # ${text}`).root.a).toBe(text);
  });

  test("aliases that multiply", () => {
    const levels = Array.from("abcdefghi", (name, index) => {
      const last = "abcdefghi"[index - 1];
      return `${name}: &${name} [${last ? Array(9).fill(`*${last}`).join(", ") : "lol"}]`;
    });
    refused(head + levels.join("\n"));
  });

  test("an alias of itself", () => {
    refused(`${head}x: &x [*x]`);
  });

  test("many aliases", () => {
    const names = Array.from({ length: 3_000 }, (_, index) => `a${index}`);
    refused(`${head}x: [${names.map((name) => `&${name} 1, *${name}`).join(", ")}]`);
  });

  test("many keys in one mapping end in reasonable time", () => {
    const keys = Array.from({ length: 30_000 }, (_, index) => `k${index}: ${index}`);
    expect(Object.keys(readText(head + keys.join("\n")).root)).toHaveLength(30_002);
  });
});
