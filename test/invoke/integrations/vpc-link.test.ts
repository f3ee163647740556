import { expect, test } from "vitest";
import type { Integration } from "../../../src/definitions/rest-api.ts";
import { compileVpcLink } from "../../../src/invoke/integrations/vpc-link.ts";
import type { RestContext } from "../../../src/invoke/rest/context.ts";
import { GatewayError } from "../../../src/invoke/rest/gateway-error.ts";
import { type Env, settingsOf } from "../../../src/settings.ts";

const service = { fetch: async () => new Response() };
const settings = settingsOf({
  VPC_LINK_TARGETS: JSON.stringify({
    nlb: "https://backend.example:8443",
    alb: "binding:ALB",
    pets: "http://pets.example",
    lost: "binding:NONE",
  }),
  ALB: service,
} as unknown as Env);

const context = {
  settings,
  stage: {
    variables: { link: "v1" },
    vpcLinks: new Map([
      ["v1", { version: "V1", name: "link", targetArn: "nlb" }],
      ["named", { version: "V1", name: "pets", targetArn: "other" }],
      ["v2", { version: "V2", name: "v2" }],
      ["lost", { version: "V1", name: "link", targetArn: "lost" }],
    ]),
  },
} as unknown as RestContext;

const uri = "http://pets.internal:8080/base/pets?type=cat";
const routed = (integration: Partial<Integration>) =>
  compileVpcLink({ connectionType: "VPC_LINK", ...integration } as Integration)?.(uri, context);

test("an integration without a link goes over the internet", () => {
  expect(compileVpcLink({ connectionType: "INTERNET", connectionId: "v1" } as Integration)).toBeUndefined();
});

test.each([
  [{ connectionId: "v1" }, "https://backend.example:8443/base/pets?type=cat"],
  [{ connectionId: "${stageVariables.link}" }, "https://backend.example:8443/base/pets?type=cat"],
  [{ connectionId: "named" }, "http://pets.example/base/pets?type=cat"],
  [{ connectionId: "v2", integrationTarget: "nlb" }, "https://backend.example:8443/base/pets?type=cat"],
])("an origin gets path and query: %j", (integration, url) => {
  expect(routed(integration)).toEqual({ url });
});

test("a binding gets the URI whole", () => {
  expect(routed({ connectionId: "v2", integrationTarget: "alb" })).toEqual({
    url: uri,
    service,
    vpcService: "ALB",
  });
});

test.each([
  [{ connectionId: "none" }, "There is no VPC link 'none' that could be used"],
  [{ connectionId: "${stageVariables.none}" }, "There is no VPC link '' that could be used"],
  [{ connectionId: "{path}" }, "There is no VPC link '%7Bpath%7D' that could be used"],
  [{}, "There is no VPC link '' that could be used"],
  [{ connectionId: "lost" }, "The target of VPC link 'lost' is not set in VPC_LINK_TARGETS"],
  [{ connectionId: "v2" }, "The target of VPC link 'v2' is not set in VPC_LINK_TARGETS"],
])("what leads nowhere: %j", (integration, reason) => {
  let error: unknown;
  try {
    routed(integration);
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(GatewayError);
  expect(error).toMatchObject({
    type: "API_CONFIGURATION_ERROR",
    status: 500,
    message: "Internal server error",
    reason: `Execution failed due to configuration error: ${reason}`,
  });
});

test("targets that cannot be read stop links alone", () => {
  const broken = settingsOf({ VPC_LINK_TARGETS: "{" } as unknown as Env);
  expect(broken.vpcTargetOf("nlb", "link")).toBeUndefined();
  expect(broken.region).toBe("us-east-1");
});
