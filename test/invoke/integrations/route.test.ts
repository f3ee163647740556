/** Routes at the edge, where Cloudflare's bindings present client certificates; test/clients/backend-tls has the others. */
import { expect, test } from "vitest";
import type { Integration, Stage } from "../../../src/definitions/rest-api.ts";
import { compileRoute } from "../../../src/invoke/integrations/route.ts";
import type { RestContext } from "../../../src/invoke/rest/context.ts";
import { GatewayError } from "../../../src/invoke/rest/gateway-error.ts";
import { type Env, settingsOf } from "../../../src/settings.ts";

const mtls = { fetch: async () => new Response() };
const service = { fetch: async () => new Response() };
const env = {
  CLIENT_CERTIFICATE_abc123: mtls,
  SERVICE: service,
  VPC_LINK_TARGETS: JSON.stringify({ tls: "https://nlb.example:8443", bound: "binding:SERVICE" }),
} as unknown as Env;

const context = (stage: Partial<Stage>) =>
  ({
    env,
    settings: settingsOf(env),
    stage: {
      stage,
      variables: {},
      vpcLinks: new Map(["tls", "bound"].map((name) => [name, { version: "V1", name, targetArn: "none" }])),
    },
  }) as unknown as RestContext;

const routed = (uri: string, stage: Partial<Stage>, integration: Partial<Integration> = {}) =>
  compileRoute({ connectionType: "INTERNET", ...integration } as Integration)(uri, context(stage));

const uri = "https://backend.example/pets";
const certified = { clientCertificateId: "abc123" };

test("a stage without a certificate asks whoever the URI names", () => {
  expect(routed(uri, {})).toEqual({ url: uri });
});

test("a stage's certificate is presented by the binding that has its id", () => {
  expect(routed(uri, certified)).toEqual({ url: uri, service: mtls });
});

test("without such a binding nothing is sent", () => {
  const asked = () => routed(uri, { clientCertificateId: "def456" });
  expect(asked).toThrow(GatewayError);
  expect(asked).toThrow(
    expect.objectContaining({
      status: 500,
      reason:
        "Execution failed due to configuration error: There is no mTLS certificate binding CLIENT_CERTIFICATE_def456 that could present the client certificate",
    }),
  );
});

test("an endpoint without TLS sees no certificate", () => {
  expect(routed("http://backend.example/pets", certified)).toEqual({ url: "http://backend.example/pets" });
});

test("it is presented to a VPC link's target that is an HTTPS origin", () => {
  const link: Partial<Integration> = { connectionType: "VPC_LINK", connectionId: "tls" };
  expect(routed(uri, certified, link)).toEqual({ url: "https://nlb.example:8443/pets", service: mtls });
});

test("a target that is a binding speaks no TLS", () => {
  const link: Partial<Integration> = { connectionType: "VPC_LINK", connectionId: "bound" };
  expect(routed(uri, certified, link)).toEqual({ url: uri, service, vpcService: "SERVICE" });
});

test("insecureSkipVerification changes nothing", () => {
  expect(routed(uri, {}, { tlsConfig: { insecureSkipVerification: true } })).toEqual({ url: uri });
});
