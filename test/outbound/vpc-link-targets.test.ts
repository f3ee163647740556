import { expect, test } from "vitest";
import { vpcServices } from "../../scripts/vpc-services.ts";
import { parseVpcLinkTargets } from "../../src/outbound/vpc-link-targets.ts";

test("origins and bindings", () => {
  const text =
    '{"arn": "http://10.0.0.5:8080", "b": "https://x.example/", "c": "binding:PETS", "__proto__": "http://a"}';
  expect([...parseVpcLinkTargets(text)]).toEqual([
    ["arn", { origin: "http://10.0.0.5:8080" }],
    ["b", { origin: "https://x.example" }],
    ["c", { binding: "PETS" }],
    ["__proto__", { origin: "http://a" }],
  ]);
});

test.each(["", "{", "null", "[]", '"http://a"'])("no object: %s", (text) => {
  expect(() => parseVpcLinkTargets(text)).toThrow(/^VPC_LINK_TARGETS (?:is no JSON|must be a JSON object)/);
});

test.each([
  1,
  null,
  "10.0.0.5:8080",
  "ftp://a",
  "http://a/path",
  "http://u:p@a",
  "http://a?b",
  "binding:",
  {},
])("no target: %j", (value) => {
  expect(() => parseVpcLinkTargets(JSON.stringify({ arn: value }))).toThrow(/it must be an origin/);
});

test("on one machine each target is a service", () => {
  const targets = new Map([
    ["a", "http://10.0.0.5:8080"],
    ["b", "http://[::1]"],
    ["c", "https://backend.example"],
    ["__proto__", "https://[::1]:8443"],
  ]);
  const { services, setting } = vpcServices(targets);
  expect(services).toEqual([
    { name: "vpc.1", origin: "http://10.0.0.5:8080", address: "10.0.0.5:8080" },
    { name: "vpc.2", origin: "http://[::1]", address: "[::1]:80" },
    {
      name: "vpc.3",
      origin: "https://backend.example",
      address: "backend.example:443",
      certificateHost: "backend.example",
    },
    { name: "vpc.4", origin: "https://[::1]:8443", address: "[::1]:8443", certificateHost: "::1" },
  ]);
  expect(parseVpcLinkTargets(setting)).toEqual(
    new Map([
      ["a", { binding: "vpc.1" }],
      ["b", { binding: "vpc.2" }],
      ["c", { binding: "vpc.3" }],
      ["__proto__", { binding: "vpc.4" }],
    ]),
  );
});
