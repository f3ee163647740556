import { expect, test } from "vitest";
import { isPermitted } from "../../src/functions/function-permission.ts";
import type { PermissionStatement } from "../../src/functions/function-record.ts";

const service = "apigateway.amazonaws.com";
const arn = "arn:aws:execute-api:us-east-1:123456789012:api1/dev/GET/pets/7";
const statement = (over: Partial<PermissionStatement> = {}): PermissionStatement => ({
  Sid: "s",
  Effect: "Allow",
  Principal: { Service: service },
  Action: "lambda:InvokeFunction",
  Resource: "arn",
  ...over,
});
const permits = (...statements: PermissionStatement[]) =>
  isPermitted(statements, service, arn, "123456789012");
const sourceArn = (pattern: string) => statement({ Condition: { ArnLike: { "AWS:SourceArn": pattern } } });

test("a service is let in by a statement for it", () => {
  expect(permits(statement())).toBe(true);
  expect(permits(statement({ Principal: "*" }))).toBe(true);
  expect(permits()).toBe(false);
  expect(permits(statement({ Principal: { Service: "s3.amazonaws.com" } }))).toBe(false);
  expect(permits(statement({ Principal: { AWS: "123456789012" } }))).toBe(false);
  expect(permits(statement({ Action: "lambda:GetFunction" }))).toBe(false);
});

test.each([
  ["arn:aws:execute-api:us-east-1:123456789012:api1/*/GET/pets/*", true],
  ["arn:aws:execute-api:us-east-1:123456789012:api1/*/*/*", true],
  ["arn:aws:execute-api:*:*:api1/*", true],
  ["arn:aws:execute-api:us-east-1:123456789012:api?/dev/GET/pets/7", true],
  ["arn:aws:execute-api:us-east-1:123456789012:api2/*", false],
  ["arn:aws:execute-api:us-east-1:123456789012:api1/*/POST/*", false],
  ["arn:aws:execute-api:us-east-1:999999999999:*", false],
  ["*", false],
  ["arn:aws:*", false],
])("the source %s: %s", (pattern, expected) => {
  expect(permits(sourceArn(pattern))).toBe(expected);
});

test("the source account must be ours", () => {
  const of = (account: string) =>
    statement({ Condition: { StringEquals: { "AWS:SourceAccount": account } } });
  expect(permits(of("123456789012"))).toBe(true);
  expect(permits(of("999999999999"))).toBe(false);
});
