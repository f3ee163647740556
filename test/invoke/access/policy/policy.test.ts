import fc from "fast-check";
import { expect, test } from "vitest";
import { compilePolicy } from "../../../../src/invoke/access/policy/policy.ts";
import { PolicyError } from "../../../../src/invoke/access/policy/policy-error.ts";

const arn = "arn:aws:execute-api:us-east-1:123456789012:api1/dev/GET/pets/7";

const decide = (
  statements: object | object[],
  { keys = {}, action = "execute-api:Invoke", resource = arn, version = "2012-10-17" } = {} as {
    keys?: Record<string, string[]>;
    action?: string;
    resource?: string;
    version?: string;
  },
) =>
  compilePolicy({ Version: version, Statement: statements })({
    action,
    resource,
    keys: (name) => keys[name],
  });

const allow = (over: object = {}) => ({
  Effect: "Allow",
  Action: "execute-api:Invoke",
  Resource: "*",
  ...over,
});
const deny = (over: object = {}) => allow({ Effect: "Deny", ...over });

test("a statement allows what it covers, and nothing else", () => {
  expect(decide(allow({ Resource: arn }))).toBe("allow");
  expect(decide(allow({ Resource: `${arn}0` }))).toBe("implicit-deny");
  expect(decide([])).toBe("implicit-deny");
});

test("a statement that denies goes before any that allows, wherever it stands", () => {
  expect(decide([allow(), deny()])).toBe("explicit-deny");
  expect(decide([deny(), allow()])).toBe("explicit-deny");
  expect(decide([allow(), deny({ Resource: "arn:other" })])).toBe("allow");
});

test.each([
  ["arn:aws:execute-api:us-east-1:123456789012:api1/dev/*", true],
  ["arn:aws:execute-api:us-east-1:123456789012:api1/*/GET/*", true],
  ["arn:aws:execute-api:us-east-1:123456789012:api1/dev/GET/pets/?", true],
  ["arn:aws:execute-api:*", true],
  ["arn:aws:execute-api:us-east-1:123456789012:api1/dev/POST/*", false],
  ["arn:aws:execute-api:us-east-1:123456789012:api1/dev/GET/pets/??", false],
  ["arn:aws:execute-api:us-east-1:123456789012:API1/*", false],
])("the resource %s: %s", (Resource, covered) => {
  expect(decide(allow({ Resource }))).toBe(covered ? "allow" : "implicit-deny");
  expect(decide(allow({ Resource: undefined, NotResource: Resource }))).toBe(
    covered ? "implicit-deny" : "allow",
  );
});

test.each([
  ["execute-api:Invoke", true],
  ["EXECUTE-API:invoke", true],
  ["execute-api:*", true],
  ["execute-api:In*", true],
  ["*", true],
  ["execute-api:ManageConnections", false],
])("the action %s: %s", (Action, covered) => {
  expect(decide(allow({ Action }))).toBe(covered ? "allow" : "implicit-deny");
  expect(decide(allow({ Action: undefined, NotAction: [Action] }))).toBe(covered ? "implicit-deny" : "allow");
});

const keys = {
  "aws:sourceip": ["192.0.2.9"],
  "aws:useragent": ["curl/8"],
  "aws:securetransport": ["true"],
  "aws:currenttime": ["2026-11-27T12:00:00Z"],
  "aws:epochtime": ["1795780800"],
  "aws:sourcearn": ["arn:aws:sns:us-east-1:1:topic"],
  "aws:username": ["ann"],
  "my:groups": ["a", "b"],
  "my:count": ["10"],
};

test.each([
  [{ StringEquals: { "aws:UserAgent": "curl/8" } }, true],
  [{ StringEquals: { "aws:UserAgent": ["x", "curl/8"] } }, true],
  [{ StringEquals: { "aws:UserAgent": "curl/*" } }, false],
  [{ StringEquals: { "AWS:useragent": "CURL/8" } }, false],
  [{ StringEqualsIgnoreCase: { "aws:UserAgent": "CURL/8" } }, true],
  [{ StringNotEquals: { "aws:UserAgent": "curl/8" } }, false],
  [{ StringNotEquals: { "aws:UserAgent": ["x", "y"] } }, true],
  [{ StringNotEquals: { "no:key": "x" } }, true],
  [{ StringEquals: { "no:key": "x" } }, false],
  [{ StringEqualsIfExists: { "no:key": "x" } }, true],
  [{ StringEqualsIfExists: { "aws:UserAgent": "x" } }, false],
  [{ StringLike: { "aws:UserAgent": "c?rl/*" } }, true],
  [{ StringNotLike: { "aws:UserAgent": "c?rl/*" } }, false],
  [{ StringNotEqualsIgnoreCase: { "aws:UserAgent": "CURL/8" } }, false],
  [{ StringEquals: { "aws:username": "${aws:username}" } }, true],
  [{ StringEquals: { "aws:username": "${no:key}" } }, false],
  [{ StringEquals: { "aws:username": "${no:key, 'ann'}" } }, true],
  [{ NumericEquals: { "my:count": 10 } }, true],
  [{ NumericEquals: { "my:count": "10.0" } }, true],
  [{ NumericNotEquals: { "my:count": "10" } }, false],
  [{ NumericLessThan: { "my:count": "10" } }, false],
  [{ NumericLessThanEquals: { "my:count": "10" } }, true],
  [{ NumericGreaterThan: { "my:count": "9.5" } }, true],
  [{ NumericGreaterThanEquals: { "my:count": "10.5" } }, false],
  [{ NumericEquals: { "aws:UserAgent": "1" } }, false],
  [{ DateGreaterThan: { "aws:CurrentTime": "2026-11-27T11:59:59Z" } }, true],
  [{ DateLessThan: { "aws:CurrentTime": "2026-11-27T14:00:00+01:00" } }, true],
  [{ DateLessThan: { "aws:CurrentTime": "2026-11-27" } }, false],
  [{ DateEquals: { "aws:EpochTime": "2026-11-27T12:00:00Z" } }, true],
  [{ DateNotEquals: { "aws:EpochTime": "2026-11-27T12:00:00Z" } }, false],
  [{ DateLessThanEquals: { "aws:CurrentTime": "1795780800" } }, true],
  [{ Bool: { "aws:SecureTransport": "true" } }, true],
  [{ Bool: { "aws:SecureTransport": false } }, false],
  [{ IpAddress: { "aws:SourceIp": ["203.0.113.0/24", "192.0.2.0/24"] } }, true],
  [{ NotIpAddress: { "aws:SourceIp": "192.0.2.0/24" } }, false],
  [{ NotIpAddress: { "aws:SourceIp": ["203.0.113.0/24", "198.51.100.0/24"] } }, true],
  [{ ArnLike: { "aws:SourceArn": "arn:aws:sns:*:*:t*" } }, true],
  [{ ArnEquals: { "aws:SourceArn": "arn:aws:s3:*:*:t*" } }, false],
  [{ ArnNotLike: { "aws:SourceArn": "arn:aws:sns:*:*:t*" } }, false],
  [{ ArnNotEquals: { "aws:SourceArn": "arn:aws:s3:*:*:t*" } }, true],
  [{ BinaryEquals: { "aws:UserAgent": "curl/8" } }, true],
  [{ Null: { "no:key": "true" } }, true],
  [{ Null: { "no:key": false } }, false],
  [{ Null: { "aws:SourceIp": "false" } }, true],
  [{ "ForAllValues:StringEquals": { "my:groups": ["a", "b", "c"] } }, true],
  [{ "ForAllValues:StringEquals": { "my:groups": ["a"] } }, false],
  [{ "ForAllValues:StringEquals": { "no:key": ["a"] } }, true],
  [{ "ForAnyValue:StringEquals": { "my:groups": ["b", "z"] } }, true],
  [{ "ForAnyValue:StringEquals": { "my:groups": ["z"] } }, false],
  [{ "ForAnyValue:StringEquals": { "no:key": ["z"] } }, false],
  [{ "ForAnyValue:StringNotEquals": { "my:groups": ["a"] } }, true],
  [{ "ForAllValues:StringNotEquals": { "my:groups": ["a"] } }, false],
  [{ "ForAnyValue:StringLikeIfExists": { "no:key": ["z"] } }, true],
  [{ StringEquals: { "aws:UserAgent": "curl/8", "aws:username": "bob" } }, false],
  [{ StringEquals: { "aws:UserAgent": "curl/8" }, Bool: { "aws:SecureTransport": "false" } }, false],
  [{}, true],
])("the condition %j: %s", (Condition, holds) => {
  expect(decide(allow({ Condition }), { keys })).toBe(holds ? "allow" : "implicit-deny");
});

test("a variable's value has no wildcards, and counts in the newer version alone", () => {
  const home = (name: string) => `arn:aws:execute-api:us-east-1:1:api/dev/GET/users/${name}`;
  const statement = allow({ Resource: home("${aws:username}") });
  const decideFor = (username: string, resource: string, version = "2012-10-17") =>
    decide(statement, { keys: { "aws:username": [username] }, resource: home(resource), version });
  expect(decideFor("ann", "ann")).toBe("allow");
  expect(decideFor("ann", "bob")).toBe("implicit-deny");
  expect(decideFor("*", "bob")).toBe("implicit-deny");
  expect(decideFor("ann", "ann", "2008-10-17")).toBe("implicit-deny");
  expect(decide(statement, { resource: home("ann") })).toBe("implicit-deny");
  expect(decide(allow({ Resource: "a${*}" }), { resource: "a*" })).toBe("allow");
  expect(decide(allow({ Resource: "a${*}" }), { resource: "ab" })).toBe("implicit-deny");
});

test.each([
  ["null", null],
  ["a text", "policy"],
  ["a list", []],
  ["no statement", { Version: "2012-10-17" }],
  ["another version", { Version: "2020-01-01", Statement: [] }],
  ["a statement that is a text", { Statement: "x" }],
  ["no effect", { Statement: allow({ Effect: undefined }) }],
  ["an effect in lower case", { Statement: allow({ Effect: "allow" }) }],
  ["no action", { Statement: allow({ Action: undefined }) }],
  ["an empty list of actions", { Statement: allow({ Action: [] }) }],
  ["both Action and NotAction", { Statement: allow({ NotAction: "x" }) }],
  ["a number for a resource", { Statement: allow({ Resource: 1 }) }],
  ["both Resource and NotResource", { Statement: allow({ NotResource: "x" }) }],
  ["a member that is unknown", { Statement: allow({ Conditions: {} }) }],
  ["an operator that is unknown", { Statement: allow({ Condition: { Equals: { a: "b" } } }) }],
  ["a Null that may be missing", { Statement: allow({ Condition: { NullIfExists: { a: "true" } } }) }],
  ["a condition without a key", { Statement: allow({ Condition: { StringEquals: "b" } }) }],
  ["a condition's object for a value", { Statement: allow({ Condition: { StringEquals: { a: {} } } }) }],
  ["no range of addresses", { Statement: allow({ Condition: { NotIpAddress: { a: "x" } } }) }],
  ["no number", { Statement: allow({ Condition: { NumericEquals: { a: "x" } } }) }],
  ["no date", { Statement: allow({ Condition: { DateEquals: { a: "yesterday" } } }) }],
  ["no Boolean", { Statement: allow({ Condition: { Bool: { a: "yes" } } }) }],
])("%s is no policy", (_, document) => {
  expect(() => compilePolicy(document)).toThrow(PolicyError);
});

test("a member that is null is absent", () => {
  expect(decide(allow({ Sid: null, NotAction: null, NotResource: null, Condition: null }))).toBe("allow");
});

test("a resource may have a greatest length", () => {
  const document = { Statement: allow({ Resource: "a".repeat(513) }) };
  expect(() => compilePolicy(document, 512)).toThrow(PolicyError);
  expect(compilePolicy(document)).toBeTypeOf("function");
});

const effect = fc.constantFrom("Allow", "Deny");
const pattern = fc.stringMatching(/^[ab/*?]{1,6}$/);
const statement = fc.record({
  Effect: effect,
  Action: fc.constantFrom("*", "x:y", "x:z"),
  Resource: fc.array(pattern, { minLength: 1, maxLength: 3 }),
});

test("the order of statements does not matter, and denying only ever takes away", () => {
  fc.assert(
    fc.property(
      fc.array(statement, { maxLength: 6 }),
      statement,
      fc.stringMatching(/^[ab/]{0,8}$/),
      (statements, other, resource) => {
        const of = (all: object[]) => decide(all, { action: "x:y", resource });
        expect(of(statements.toReversed())).toBe(of(statements));
        const denied = of([...statements, { ...other, Effect: "Deny" }]);
        if (denied === "allow") expect(of(statements)).toBe("allow");
        if (of(statements) === "explicit-deny") expect(of([...statements, other])).toBe("explicit-deny");
      },
    ),
  );
});

test("any JSON at all is a policy or is told to be none", () => {
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), fc.record({ Statement: fc.array(fc.jsonValue()) })), (document) => {
      try {
        compilePolicy(document)({ action: "x:y", resource: "a", keys: () => undefined });
      } catch (error) {
        expect(error).toBeInstanceOf(PolicyError);
      }
    }),
  );
});

// The policy of the guide's apigateway-websocket-control-access-iam.
test.each([
  ["execute-api:Invoke", "prod/$connect", "allow"],
  ["execute-api:Invoke", "prod/sendmessage", "allow"],
  ["execute-api:Invoke", "prod/secret", "explicit-deny"],
  ["execute-api:Invoke", "beta/$connect", "implicit-deny"],
  ["execute-api:ManageConnections", "prod/POST/@connections/R0oXAdfD0kwCH6w=", "explicit-deny"],
  ["execute-api:ManageConnections", "beta/GET/@connections/R0oXAdfD0kwCH6w=", "explicit-deny"],
])("the guide's policy for a WebSocket API: %s of %s", (action, path, decision) => {
  const api = "arn:aws:execute-api:us-east-1:123456789012:api1";
  const statements = [
    { Effect: "Allow", Action: ["execute-api:Invoke"], Resource: [`${api}/prod/*`] },
    { Effect: "Deny", Action: ["execute-api:Invoke"], Resource: [`${api}/prod/secret`] },
    { Effect: "Deny", Action: ["execute-api:ManageConnections"], Resource: [`${api}/*`] },
  ];
  expect(decide(statements, { action, resource: `${api}/${path}` })).toBe(decision);
});
