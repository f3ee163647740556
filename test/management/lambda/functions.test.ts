import { strToU8, zipSync } from "fflate";
import { beforeEach, describe, expect, test } from "vitest";
import { lambda } from "../../../src/management/lambda/index.ts";
import type { Handler } from "../../../src/management/operation.ts";
import { ServiceError } from "../../../src/management/protocol/service-error.ts";
import { operationContext } from "../sqlite-store.ts";

// biome-ignore lint/suspicious/noExplicitAny: tests look into outputs of every operation
type Output = any;

let published = new Map<string, Output>();
let context = operationContext();

beforeEach(() => {
  published = new Map();
  context = {
    ...operationContext(),
    publish: {
      put: (key, value) => void published.set(key, JSON.parse(JSON.stringify(value))),
      delete: (key) => void published.delete(key),
    },
  };
});

function call(operation: string, input: object = {}): Output {
  const output = (lambda[operation] as Handler)(input, context);
  return output === undefined ? undefined : JSON.parse(JSON.stringify(output));
}

function refused(operation: string, input: object = {}): string {
  try {
    call(operation, input);
  } catch (error) {
    expect(error).toBeInstanceOf(ServiceError);
    return `${(error as ServiceError).code}: ${(error as ServiceError).message}`;
  }
  throw new Error(`${operation} was not refused`);
}

const zip = (files: Record<string, string> = { "index.mjs": "export const handler = () => 1;" }) =>
  zipSync(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, strToU8(text)])));

const arn = "arn:aws:lambda:us-east-1:123456789012:function:f";
const create = (input: object = {}) =>
  call("CreateFunction", {
    FunctionName: "f",
    Runtime: "nodejs22.x",
    Role: "arn:aws:iam::123456789012:role/r",
    Handler: "index.handler",
    Code: { ZipFile: zip() },
    ...input,
  });
const codeKeys = () => [...published.keys()].filter((key) => key.startsWith("function-code/"));

describe("functions", () => {
  // Recorded: test_function_lifecycle.
  test("are created pending, and are active", () => {
    const created = create({ Environment: { Variables: { A: "1" } }, Timeout: 5, Description: "d" });
    expect(created).toMatchObject({
      FunctionName: "f",
      FunctionArn: arn,
      Runtime: "nodejs22.x",
      Handler: "index.handler",
      Description: "d",
      Timeout: 5,
      MemorySize: 128,
      Version: "$LATEST",
      PackageType: "Zip",
      Architectures: ["x86_64"],
      EphemeralStorage: { Size: 512 },
      Environment: { Variables: { A: "1" } },
      TracingConfig: { Mode: "PassThrough" },
      SnapStart: { ApplyOn: "None", OptimizationStatus: "Off" },
      LoggingConfig: { LogFormat: "Text", LogGroup: "/aws/lambda/f" },
      State: "Pending",
      StateReasonCode: "Creating",
    });
    const { Configuration } = call("GetFunction", { FunctionName: "f" });
    expect(Configuration).toMatchObject({
      State: "Active",
      LastUpdateStatus: "Successful",
      RevisionId: created.RevisionId,
    });
    expect(Configuration.LastModified).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/);
    expect(call("ListFunctions").Functions).toHaveLength(1);
  });

  test("reach the data plane, code and configuration", () => {
    const { CodeSha256 } = create();
    expect(published.get("function/f")).toMatchObject({
      name: "f",
      arn,
      versions: { $LATEST: { handler: "index.handler", codeSha256: CodeSha256 } },
    });
    expect(published.get(`function-code/${CodeSha256}`)).toEqual({
      files: { "index.mjs": { kind: "esm", text: "export const handler = () => 1;" } },
    });
  });

  test("are changed, and keep the code that a version still has", () => {
    const first = create();
    call("PublishVersion", { FunctionName: "f" });
    const updated = call("UpdateFunctionCode", {
      FunctionName: "f",
      ZipFile: zip({ "index.mjs": "export const handler = () => 2;" }),
    });
    expect(updated).toMatchObject({ LastUpdateStatus: "InProgress", State: "Active" });
    expect(updated.CodeSha256).not.toBe(first.CodeSha256);
    expect(codeKeys()).toHaveLength(2);
    call("DeleteFunction", { FunctionName: "f", Qualifier: "1" });
    expect(codeKeys()).toEqual([`function-code/${updated.CodeSha256}`]);
    expect(
      call("UpdateFunctionConfiguration", { FunctionName: "f", Timeout: 9, Environment: { Variables: {} } }),
    ).toMatchObject({
      Timeout: 9,
      Environment: { Variables: {} },
    });
    call("DeleteFunction", { FunctionName: "f" });
    expect(published.size).toBe(0);
    expect(refused("GetFunction", { FunctionName: "f" })).toBe(
      `ResourceNotFoundException: Function not found: ${arn}`,
    );
  });

  test.each([
    [
      { Code: { ZipFile: strToU8("no zip") } },
      "InvalidParameterValueException: Could not unzip uploaded file. Please check your file, then try to upload again.",
    ],
    [{ Code: {} }, "InvalidParameterValueException: Uploaded file must be a non-empty zip"],
    [
      { Code: { S3Bucket: "b" } },
      "InvalidParameterValueException: Sallyport takes a function's code as a zip file (Code.ZipFile); it does not read from S3.",
    ],
    [
      { PackageType: "Image" },
      "InvalidParameterValueException: Sallyport runs functions from zip files; container images are not supported.",
    ],
    [
      { Layers: ["arn"] },
      "InvalidParameterValueException: Sallyport has no layers: put a function's dependencies into its zip.",
    ],
    [
      { Runtime: "python3.12" },
      "InvalidParameterValueException: Value python3.12 at 'runtime' failed to satisfy constraint: Sallyport runs the nodejs runtimes (nodejs20.x, nodejs22.x, nodejs24.x).",
    ],
    [{ Handler: undefined }, "InvalidParameterValueException: Handler is a mandatory parameter"],
  ])("%j is refused", (input, refusal) => {
    expect(() => create(input)).toThrow(ServiceError);
    try {
      create(input);
    } catch (error) {
      expect(`${(error as ServiceError).code}: ${(error as ServiceError).message}`).toBe(refusal);
    }
    expect(published.size).toBe(0);
  });

  test("one is there once", () => {
    create();
    expect(() => create()).toThrow("Function already exist: f");
  });

  test("may not set the variables that the runtime sets", () => {
    const Variables = { AWS_REGION: "eu-west-1", MINE: "1", _HANDLER: "x" };
    expect(() => create({ Environment: { Variables } })).toThrow(
      "contains reserved keys that are currently not supported for modification. Reserved keys used in this request: AWS_REGION, _HANDLER",
    );
  });

  test("without a worker loader are refused with the reason", () => {
    context.settings = { ...context.settings, hasFunctions: false };
    expect(() => create()).toThrow(/Stored functions need a worker loader/);
  });

  test("are named by name, partial ARN or ARN", () => {
    create();
    for (const FunctionName of ["f", "function:f", "123456789012:function:f", arn, `${arn}:$LATEST`]) {
      expect(call("GetFunctionConfiguration", { FunctionName }).FunctionName).toBe("f");
    }
    expect(refused("GetFunction", { FunctionName: `${arn}:1`, Qualifier: "2" })).toBe(
      "InvalidParameterValueException: The derived qualifier from the function name does not match the specified qualifier.",
    );
    expect(refused("GetFunction", { FunctionName: arn.replace("us-east-1", "eu-west-1") })).toBe(
      "ResourceNotFoundException: Functions from 'eu-west-1' are not reachable in this region ('us-east-1')",
    );
    expect(refused("GetFunction", { FunctionName: "f", Qualifier: "9" })).toBe(
      `ResourceNotFoundException: Function not found: ${arn}:9`,
    );
  });

  test("a revision id that is not the latest stops a change", () => {
    create();
    expect(
      refused("UpdateFunctionConfiguration", { FunctionName: "f", RevisionId: "old", Timeout: 1 }),
    ).toMatch(/^PreconditionFailedException: The Revision Id provided does not match/);
  });
});

describe("a zip", () => {
  const files = (given: Record<string, string>) => {
    const { CodeSha256 } = create({ Code: { ZipFile: zip(given) } });
    return published.get(`function-code/${CodeSha256}`).files as Record<string, { kind: string }>;
  };

  test("is read as Node reads files", () => {
    const read = files({
      "index.js": "exports.handler = 1;",
      "lib.cjs": "",
      "esm/package.json": '{"type": "module"}',
      "esm/index.js": "export {};",
      "esm/deep/x.js": "export {};",
      "esm/deep/y.cjs": "",
      "data.json": "{}",
      "broken.json": "{",
      "readme.txt": "no module",
    });
    expect(Object.fromEntries(Object.entries(read).map(([path, { kind }]) => [path, kind]))).toEqual({
      "index.js": "cjs",
      "lib.cjs": "cjs",
      "esm/package.json": "json",
      "esm/index.js": "esm",
      "esm/deep/x.js": "esm",
      "esm/deep/y.cjs": "cjs",
      "data.json": "json",
    });
  });

  test("cannot climb out of its folder", () => {
    expect(Object.keys(files({ "../up.js": "", "a/../../up.js": "", "/root.js": "", "ok.js": "" }))).toEqual([
      "ok.js",
    ]);
  });

  test("of little that unpacks to much is refused", () => {
    const bomb = zipSync({ "index.js": new Uint8Array(20_000_000) });
    expect(bomb.byteLength).toBeLessThan(100_000);
    expect(() => create({ Code: { ZipFile: bomb } })).toThrow(
      "Unzipped size must be smaller than 10000000 bytes",
    );
  });

  test("of very many files is refused", () => {
    const many = zipSync(
      Object.fromEntries(Array.from({ length: 5_001 }, (_, index) => [`${index}.js`, new Uint8Array(0)])),
    );
    expect(() => create({ Code: { ZipFile: many } })).toThrow("A function may have at most 5000 files");
  });

  test("that is cut off is refused", () => {
    const whole = zip();
    for (const length of [10, 30, whole.byteLength - 5]) {
      expect(() => create({ Code: { ZipFile: whole.subarray(0, length) } })).toThrow(
        /Could not unzip uploaded file/,
      );
    }
  });
});

describe("versions and aliases", () => {
  // Recorded: test_publish_version_on_create, test_alias_lifecycle.
  test("a version like the last is that one", () => {
    expect(create({ Publish: true }).Version).toBe("1");
    expect(call("PublishVersion", { FunctionName: "f" }).Version).toBe("1");
    call("UpdateFunctionConfiguration", { FunctionName: "f", Timeout: 7 });
    expect(call("PublishVersion", { FunctionName: "f", Description: "second" })).toMatchObject({
      Version: "2",
      FunctionArn: `${arn}:2`,
      Description: "second",
    });
    const { Versions } = call("ListVersionsByFunction", { FunctionName: "f" });
    expect(Versions.map(({ Version }: Output) => Version)).toEqual(["$LATEST", "1", "2"]);
  });

  test("numbers are not used again", () => {
    create({ Publish: true });
    call("DeleteFunction", { FunctionName: "f", Qualifier: "1" });
    call("UpdateFunctionConfiguration", { FunctionName: "f", Timeout: 7 });
    expect(call("PublishVersion", { FunctionName: "f" }).Version).toBe("2");
  });

  test("an alias lives and goes", () => {
    create({ Publish: true });
    const alias = call("CreateAlias", {
      FunctionName: "f",
      Name: "live",
      FunctionVersion: "1",
      Description: "d",
    });
    expect(alias).toEqual({
      AliasArn: `${arn}:live`,
      Name: "live",
      FunctionVersion: "1",
      Description: "d",
      RevisionId: alias.RevisionId,
    });
    expect(call("GetAlias", { FunctionName: "f", Name: "live" })).toEqual(alias);
    expect(
      call("UpdateAlias", { FunctionName: "f", Name: "live", FunctionVersion: "$LATEST" }).FunctionVersion,
    ).toBe("$LATEST");
    expect(published.get("function/f").aliases).toEqual({ live: { version: "$LATEST" } });
    expect(refused("CreateAlias", { FunctionName: "f", Name: "live", FunctionVersion: "1" })).toBe(
      `ResourceConflictException: Alias already exists: ${arn}:live`,
    );
    call("DeleteAlias", { FunctionName: "f", Name: "live" });
    expect(refused("GetAlias", { FunctionName: "f", Name: "live" })).toBe(
      `ResourceNotFoundException: Cannot find alias arn: ${arn}:live`,
    );
  });

  test.each([
    [{ "2": 0.1, "3": 0.1 }, "1", "Number of items in AdditionalVersionWeights cannot be greater than 1"],
    [
      { "1": 0.1 },
      "1",
      "Invalid function version 1. Function version 1 is already included in routing configuration.",
    ],
    [{ "1": 0.1 }, "$LATEST", "$LATEST is not supported for an alias pointing to more than 1 version"],
  ])("weights %j of an alias for %s are refused", (AdditionalVersionWeights, FunctionVersion, message) => {
    create({ Publish: true });
    expect(
      refused("CreateAlias", {
        FunctionName: "f",
        Name: "a",
        FunctionVersion,
        RoutingConfig: { AdditionalVersionWeights },
      }),
    ).toBe(`InvalidParameterValueException: ${message}`);
  });
});

describe("permissions", () => {
  const permission = {
    FunctionName: "f",
    StatementId: "s",
    Action: "lambda:InvokeFunction",
    Principal: "apigateway.amazonaws.com",
  };

  test("are added, shown and removed", () => {
    create();
    const { Statement } = call("AddPermission", {
      ...permission,
      SourceArn: "arn:aws:execute-api:*",
      SourceAccount: "123456789012",
    });
    const statement = {
      Sid: "s",
      Effect: "Allow",
      Principal: { Service: "apigateway.amazonaws.com" },
      Action: "lambda:InvokeFunction",
      Resource: arn,
      Condition: {
        StringEquals: { "AWS:SourceAccount": "123456789012" },
        ArnLike: { "AWS:SourceArn": "arn:aws:execute-api:*" },
      },
    };
    expect(JSON.parse(Statement)).toEqual(statement);
    expect(JSON.parse(call("GetPolicy", { FunctionName: "f" }).Policy)).toEqual({
      Version: "2012-10-17",
      Id: "default",
      Statement: [statement],
    });
    expect(published.get("function/f").permissions).toEqual({ $LATEST: [statement] });
    expect(refused("AddPermission", permission)).toBe(
      "ResourceConflictException: The statement id (s) provided already exists. Please provide a new statement id, or remove the existing statement.",
    );
    call("RemovePermission", { FunctionName: "f", StatementId: "s" });
    expect(refused("GetPolicy", { FunctionName: "f" })).toBe(
      "ResourceNotFoundException: The resource you requested does not exist.",
    );
  });

  // Recorded: test_permission_exceptions.
  test.each([
    [
      "AddPermission",
      { Qualifier: "$LATEST" },
      "InvalidParameterValueException: We currently do not support adding policies for $LATEST.",
    ],
    [
      "AddPermission",
      { Principal: "not valid" },
      "InvalidParameterValueException: The provided principal was invalid. Please check the principal and try again.",
    ],
    ["AddPermission", { Qualifier: "none" }, `ResourceNotFoundException: Cannot find alias arn: ${arn}:none`],
    ["AddPermission", { Qualifier: "42" }, `ResourceNotFoundException: Function not found: ${arn}:42`],
    [
      "AddPermission",
      { FunctionName: "g" },
      `ResourceNotFoundException: Function not found: ${arn.replace(/f$/, "g")}`,
    ],
    [
      "RemovePermission",
      { FunctionName: "g" },
      `ResourceNotFoundException: No policy found for: ${arn.replace(/f$/, "g")}`,
    ],
    ["RemovePermission", {}, "ResourceNotFoundException: No policy is associated with the given resource."],
  ])("%s of %j is refused", (operation, input, refusal) => {
    create();
    expect(refused(operation, { ...permission, ...input })).toBe(refusal);
  });
});
