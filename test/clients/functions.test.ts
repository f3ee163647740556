import {
  CreateAliasCommand,
  type CreateFunctionCommandInput,
  InvokeCommand,
  type InvokeCommandInput,
  PublishVersionCommand,
  UpdateFunctionCodeCommand,
} from "@aws-sdk/client-lambda";
import { describe, expect, inject, test } from "vitest";
import { lambdaClient } from "./clients.ts";
import { createFunction, type FunctionFiles, invokeFunction, zip } from "./stored-functions.ts";

const origin = inject("origin");
const client = lambdaClient(origin);

const create = (files: FunctionFiles, options?: Partial<CreateFunctionCommandInput>) =>
  createFunction(client, files, options);
const invoke = (name: string, event?: unknown, options?: Partial<InvokeCommandInput>) =>
  invokeFunction(client, name, event, options);

describe("handlers", () => {
  test("an ES module, with its files, its environment and Node's modules", async () => {
    const name = await create(
      {
        "index.mjs": `
          import { createHash } from "node:crypto";
          import { double } from "./lib/double.mjs";
          export const handler = async (event, context) => ({
            doubled: double(event.n),
            hash: createHash("sha256").update("x").digest("hex").slice(0, 8),
            color: process.env.COLOR,
            name: context.functionName,
            region: process.env.AWS_REGION,
            left: context.getRemainingTimeInMillis() > 0,
            arn: context.invokedFunctionArn,
          });`,
        "lib/double.mjs": "export const double = (n) => n * 2;",
      },
      { Environment: { Variables: { COLOR: "blue" } } },
    );
    expect(await invoke(name, { n: 21 })).toMatchObject({
      status: 200,
      version: "$LATEST",
      payload: {
        doubled: 42,
        hash: "2d711642",
        color: "blue",
        name,
        region: "us-east-1",
        left: true,
        arn: `arn:aws:lambda:us-east-1:000000000000:function:${name}`,
      },
    });
  });

  test("CommonJS, with node_modules, JSON and a callback", async () => {
    const name = await create({
      "index.js": `
        const path = require("path");
        const plus = require("plus");
        const { word } = require("./data.json");
        const { twice } = require("./lib");
        exports.handler = (event, context, callback) => {
          setTimeout(() => callback(null, { sum: plus(event.n, 1), word, twice: twice("ab"), joined: path.join("a", "b") }), 5);
        };`,
      "data.json": '{"word": "hello"}',
      "lib/index.js": "exports.twice = (text) => text + require('../own.cjs').echo(text);",
      "own.cjs": "module.exports.echo = (text) => text;",
      "node_modules/plus/package.json": '{"name": "plus", "main": "./dist/main"}',
      "node_modules/plus/dist/main.js": "module.exports = (a, b) => a + b;",
    });
    expect((await invoke(name, { n: 1 })).payload).toEqual({
      sum: 2,
      word: "hello",
      twice: "abab",
      joined: "a/b",
    });
  });

  test("without a result give null", async () => {
    expect((await invoke(await create("export const handler = () => {};"))).payload).toBeNull();
    expect((await invoke(await create("export const handler = async () => undefined;"))).payload).toBeNull();
  });

  test("end by the context's own methods", async () => {
    const name = await create({
      "index.js":
        "exports.handler = (event, context) => event.fail ? context.fail(new Error('no')) : context.succeed('yes');",
    });
    expect((await invoke(name)).payload).toBe("yes");
    expect(await invoke(name, { fail: true })).toMatchObject({
      error: "Unhandled",
      payload: { errorMessage: "no" },
    });
  });
});

describe("errors are reported as AWS reports them", () => {
  test.each([
    ["thrown", "export const handler = async () => { throw new TypeError('boom'); };", "TypeError", "boom"],
    [
      "thrown at once",
      "export const handler = () => { throw new RangeError('boom'); };",
      "RangeError",
      "boom",
    ],
    [
      "given to the callback",
      "export const handler = (e, c, callback) => callback(new Error('boom'));",
      "Error",
      "boom",
    ],
    ["no error at all", "export const handler = async () => { throw 'text'; };", "string", "text"],
    [
      "a handler that is not there",
      "export const other = 1;",
      "Runtime.HandlerNotFound",
      "index.handler is undefined or not exported",
    ],
    ["a module that fails", "throw new Error('at start');", "Error", "at start"],
    [
      "a result that is no JSON",
      "export const handler = async () => ({ n: 1n });",
      "Error",
      "Unable to stringify response body",
    ],
  ])("%s", async (_, source, errorType, errorMessage) => {
    const { status, error, payload } = await invoke(await create(source));
    expect([status, error]).toEqual([200, "Unhandled"]);
    expect(payload).toMatchObject({ errorType, errorMessage });
    expect(Array.isArray(payload.trace)).toBe(true);
  });

  test("a syntax error", async () => {
    const { payload } = await invoke(await create("export const = 1;"));
    expect(payload.errorType).toBe("Runtime.UserCodeSyntaxError");
    expect(payload.errorMessage).toMatch(/^SyntaxError: /);
  });

  test("a file that is not there", async () => {
    const { payload } = await invoke(await create({ "other.mjs": "" }));
    expect(payload).toMatchObject({
      errorType: "Runtime.ImportModuleError",
      errorMessage: "Error: Cannot find module 'index'",
    });
    const imported = await invoke(await create("import 'nothing'; export const handler = 1;"));
    expect(imported.payload.errorType).toBe("Runtime.ImportModuleError");
  });

  test("a promise that is never kept", async () => {
    const name = await create("export const handler = () => new Promise(() => {});", { Timeout: 1 });
    const { error, payload } = await invoke(name);
    expect(error).toBe("Unhandled");
    expect(payload.errorType).toBe("Sandbox.Timedout");
    expect(payload.errorMessage).toMatch(
      /^RequestId: [0-9a-f-]{36} Error: Task timed out after 1\.00 seconds$/,
    );
  });

  test("a result beyond 6 MB", async () => {
    const { payload } = await invoke(
      await create("export const handler = async () => 'x'.repeat(7_000_000);"),
    );
    expect(payload.errorType).toBe("Function.ResponseSizeTooLarge");
  });
});

test("/tmp is there, in memory: kept for the next invoke, shared with none that runs at the same time", async () => {
  const name = await create(`
    import { existsSync, readFileSync, writeFileSync } from "node:fs";
    export const handler = async (text) => {
      const wasThere = existsSync("/tmp/note.txt");
      writeFileSync("/tmp/note.txt", text);
      await new Promise((resolve) => setTimeout(resolve, 300));
      return [wasThere, readFileSync("/tmp/note.txt", "utf8")];
    };`);
  const texts = ["one", "two", "three"];
  const results = async () => {
    const answers = await Promise.all(texts.map((text) => invoke(name, text)));
    return answers.map(({ payload }) => payload);
  };
  expect(await results()).toEqual(texts.map((text) => [false, text]));
  expect(await results()).toEqual(texts.map((text) => [true, text]));
});

test("a function that exits fails with its status, and the next invoke is served", async () => {
  const name = await create(`
    export const handler = async (code) => {
      if (code === "late") setTimeout(() => process.exit(3), 10);
      else if (code !== "stay") process.exit(code);
      await new Promise((resolve) => setTimeout(resolve, 200));
      return "stayed";
    };`);
  for (const [code, reason] of [
    [1, "with error: exit status 1"],
    [0, "without providing a reason"],
    ["late", "with error: exit status 3"],
  ]) {
    const { payload } = await invoke(name, code);
    expect(payload.errorType).toBe("Runtime.ExitError");
    expect(payload.errorMessage).toMatch(
      new RegExp(`^RequestId: [0-9a-f-]{36} Error: Runtime exited ${reason}$`),
    );
    expect((await invoke(name, "stay")).payload).toBe("stayed");
  }
});

test("each of several invokes has all of its timeout, and no more", async () => {
  const name = await create(
    "export const handler = (millis) => new Promise((done) => setTimeout(done, millis, millis));",
    { Timeout: 1 },
  );
  for (const millis of [0, 600, 700, 0]) expect((await invoke(name, millis)).payload).toBe(millis);
  const started = performance.now();
  expect((await invoke(name, 1500)).payload.errorType).toBe("Sandbox.Timedout");
  expect(performance.now() - started).toBeGreaterThan(950);
});

test("what has timed out does not go on", async () => {
  const name = await create(
    `let ticks = 0;
    export const handler = async (isAsked) => {
      if (isAsked) {
        const before = ticks;
        await new Promise((resolve) => setTimeout(resolve, 200));
        return [before > 0, ticks - before];
      }
      setInterval(() => ticks++, 10);
      await new Promise(() => {});
    };`,
    { Timeout: 1 },
  );
  expect((await invoke(name, false)).payload.errorType).toBe("Sandbox.Timedout");
  expect((await invoke(name, true)).payload).toEqual([true, 0]);
});

test("a result that is a line of its own, and one beyond a channel's longest message", async () => {
  const lines = await create(
    "export const handler = async () => { console.log('a\\nb'); return 'c\\nd\\u2028'; };",
  );
  const { payload, log } = await invoke(lines, {}, { LogType: "Tail" });
  expect(payload).toBe("c\nd\u2028");
  expect(log).toContain("a\nb\n");
  const large = await create(`
    export const handler = async (kind) => {
      if (kind === "log") console.log("x".repeat(40_000_000));
      else throw new Error("x".repeat(40_000_000));
    };`);
  expect((await invoke(large, "log")).payload).toBe(null);
  expect((await invoke(large, "error")).payload.errorType).toBe("Function.ResponseSizeTooLarge");
});

test("what a function prints is in its log, and in no other's", async () => {
  const name = await create(`
    export const handler = async (event) => {
      console.log("begin", event.id);
      await new Promise((resolve) => setTimeout(resolve, 20));
      console.error("end %s", event.id, { a: 1 });
      return event.id;
    };`);
  const all = await Promise.all(
    ["one", "two", "three"].map((id) => invoke(name, { id }, { LogType: "Tail" })),
  );
  for (const { payload, log } of all) {
    expect(log).toMatch(
      new RegExp(
        `^START RequestId: (\\S+) Version: \\$LATEST\\n\\S+Z\\t\\1\\tINFO\\tbegin ${payload}\\n\\S+Z\\t\\1\\tERROR\\tend ${payload} \\{ a: 1 \\}\\nEND RequestId: \\1\\nREPORT RequestId: \\1\\tDuration: [\\d.]+ ms\\t`,
      ),
    );
  }
});

test("invocation types: Event is accepted at once, DryRun runs nothing", async () => {
  const name = await create("export const handler = async () => { throw new Error('nobody hears'); };");
  expect(await invoke(name, {}, { InvocationType: "Event" })).toMatchObject({
    status: 202,
    payload: undefined,
  });
  expect(await invoke(name, {}, { InvocationType: "DryRun" })).toMatchObject({
    status: 204,
    payload: undefined,
  });
});

test("new code runs at once; a published version and its alias keep theirs", async () => {
  const name = await create("export const handler = async () => 'one';");
  await client.send(new PublishVersionCommand({ FunctionName: name }));
  await client.send(new CreateAliasCommand({ FunctionName: name, Name: "live", FunctionVersion: "1" }));
  expect((await invoke(name)).payload).toBe("one");
  await client.send(
    new UpdateFunctionCodeCommand({
      FunctionName: name,
      ZipFile: zip({ "index.mjs": "export const handler = async () => 'two';" }),
    }),
  );
  expect((await invoke(name)).payload).toBe("two");
  expect(await invoke(name, {}, { Qualifier: "live" })).toMatchObject({ payload: "one", version: "1" });
  expect((await invoke(`${name}:1`)).payload).toBe("one");
});

test("what cannot be invoked is refused", async () => {
  await expect(invoke("no-such-function")).rejects.toMatchObject({
    name: "ResourceNotFoundException",
    message: "Function not found: arn:aws:lambda:us-east-1:000000000000:function:no-such-function",
    $metadata: { httpStatusCode: 404 },
  });
  const name = await create("export const handler = async (event) => event;");
  const send = (payload: string) =>
    client.send(new InvokeCommand({ FunctionName: name, Payload: Buffer.from(payload) }));
  await expect(send("{")).rejects.toMatchObject({
    name: "InvalidRequestContentException",
    $metadata: { httpStatusCode: 400 },
  });
  await expect(send(JSON.stringify("x".repeat(6_300_000)))).rejects.toMatchObject({
    name: "RequestTooLargeException",
    $metadata: { httpStatusCode: 413 },
  });
  expect(Buffer.from((await send("")).Payload ?? []).toString()).toBe("{}");
});

test("a function reads no secret of the gateway", async () => {
  const name = await create("export const handler = async () => process.env;");
  const { payload } = await invoke(name);
  expect(Object.keys(payload).sort()).toEqual([
    "AWS_DEFAULT_REGION",
    "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_GROUP_NAME",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_REGION",
    "LAMBDA_TASK_ROOT",
    "_HANDLER",
  ]);
});
