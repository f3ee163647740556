/** Whatever a caller sends that the model allows, an operation answers or refuses in AWS's form: it never fails. */
import fc from "fast-check";
import { strToU8, zipSync } from "fflate";
import { expect, test } from "vitest";
import { handlers } from "../../src/management/handlers.ts";
import type { Handler, OperationContext } from "../../src/management/operation.ts";
import { models, type Shape, type StructureShape } from "../../src/management/protocol/model.ts";
import { ServiceError } from "../../src/management/protocol/service-error.ts";
import { validateInput } from "../../src/management/protocol/validate-input.ts";
import { operationContext } from "./sqlite-store.ts";

const handlerOf = (service: string, operation: string) => handlers[service]?.[operation] as Handler;
const zip = zipSync({ "index.mjs": strToU8("export const handler = 1;") });

/** What the Worker has made for an operation before it reaches the Account object. */
const prepared: Record<string, object> = {
  GenerateClientCertificate: {
    issued: { certificate: "PEM", privateKey: "PEM", from: 1_700_000_000, to: 1_731_536_000 },
  },
};

const authorizerUri =
  "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:f/invocations";

/** Texts that mean something to some operation, among any others. */
const words = (known: string[]) =>
  fc.oneof(
    fc.constantFrom(
      ...known,
      "",
      "/",
      "-1",
      "0",
      "true",
      "null",
      "{}",
      "[]",
      "GET",
      "ANY",
      "NONE",
      "CUSTOM",
      "200",
      "default",
      "application/json",
      "index.handler",
      "nodejs22.x",
      "__proto__",
      "constructor",
      "toString",
      "/__proto__/x",
      "/name",
      "/variables/x",
      "/*/*/throttling/burstLimit",
      "/apiStages",
      "/throttle/rateLimit",
      "/quota/limit",
      "/quota/period",
      "2026-11-01",
      "2026-11-30",
      "API_KEY",
      "DAY",
      "/requestParameters/method.request.header.x",
      "method.request.header.x",
      "integration.request.header.x",
      "$connect",
      "$default",
      "chat",
      "route.request.header.x",
      "$request.body.action",
      "\\$default",
      "$request.header.x-api-key",
      "/2\\d\\d/",
      "$context.requestId",
      "'x'",
      "{a}",
      "{a+}",
      "http://example.com",
      "arn:aws:lambda:us-east-1:123456789012:function:f",
      "swagger: '2.0'\ninfo: {title: x}\npaths: {}",
      "Key,Name,UsagePlanIds\napikey1234abcdefghij0123456789,x,'a,b'",
      "x".repeat(2000),
      "é\u0000\ud800",
    ),
    fc.string(),
  );

function arbitraryOf(shapes: Record<string, Shape>, name: string, known: string[]): fc.Arbitrary<unknown> {
  const shape = shapes[name] as Shape;
  switch (shape.type) {
    case "structure":
      return structureOf(shapes, shape, known);
    case "list":
      return fc.array(arbitraryOf(shapes, shape.member, known), { maxLength: 3 });
    case "map":
      return fc
        .array(fc.tuple(words(known), fc.option(arbitraryOf(shapes, shape.value, known))), { maxLength: 3 })
        .map(Object.fromEntries);
    case "string":
      return shape.enum ? fc.constantFrom(...shape.enum) : words(known);
    case "boolean":
      return fc.boolean();
    case "blob":
      return fc.oneof(
        fc.constant(zip),
        fc.uint8Array({ maxLength: 50 }),
        words(known).map((text) => strToU8(text.toWellFormed())),
      );
    default:
      return fc.oneof(fc.integer({ min: -10, max: 1000 }), fc.integer());
  }
}

function structureOf(
  shapes: Record<string, Shape>,
  shape: StructureShape,
  known: string[],
): fc.Arbitrary<object> {
  const members = Object.entries(shape.members).map(
    ([name, [member]]) => [name, arbitraryOf(shapes, member, known)] as const,
  );
  return fc.record(Object.fromEntries(members), {
    requiredKeys: shape.required?.filter((name) => name in shape.members) ?? [],
  });
}

/** An account with an API, a function, and the ids of all there is. */
function furnished(): { context: OperationContext; known: string[] } {
  const context = operationContext();
  // biome-ignore lint/suspicious/noExplicitAny: outputs of every operation
  const call = (service: string, operation: string, input: object): any =>
    handlerOf(service, operation)(input, context);
  const { id: restApiId, rootResourceId: resourceId } = call("apigateway", "CreateRestApi", { name: "n" });
  const method = { restApiId, resourceId, httpMethod: "GET" };
  call("apigateway", "PutMethod", { ...method, authorizationType: "NONE" });
  call("apigateway", "PutMethodResponse", { ...method, statusCode: "200" });
  call("apigateway", "PutIntegration", { ...method, type: "MOCK" });
  call("apigateway", "PutIntegrationResponse", { ...method, statusCode: "200" });
  const validator = call("apigateway", "CreateRequestValidator", { restApiId, name: "v" });
  const authorizer = call("apigateway", "CreateAuthorizer", {
    restApiId,
    name: "a",
    type: "TOKEN",
    authorizerUri,
    identitySource: "method.request.header.x",
  });
  const child = call("apigateway", "CreateResource", { restApiId, parentId: resourceId, pathPart: "pets" });
  const deployment = call("apigateway", "CreateDeployment", { restApiId, stageName: "dev" });
  call("lambda", "CreateFunction", {
    FunctionName: "f",
    Runtime: "nodejs22.x",
    Handler: "i.h",
    Role: "r",
    Code: { ZipFile: zip },
    Publish: true,
  });
  call("lambda", "CreateAlias", { FunctionName: "f", Name: "live", FunctionVersion: "1" });
  const nlb = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/n/1";
  const link = call("apigateway", "CreateVpcLink", { name: "link", targetArns: [nlb] });
  const v2Link = call("apigatewayv2", "CreateVpcLink", { Name: "link", SubnetIds: ["subnet-a"] });
  const certificate = call(
    "apigateway",
    "GenerateClientCertificate",
    prepared.GenerateClientCertificate ?? {},
  );
  const key = call("apigateway", "CreateApiKey", { name: "key" });
  const plan = call("apigateway", "CreateUsagePlan", {
    name: "plan",
    throttle: { rateLimit: 1, burstLimit: 1 },
    quota: { limit: 1, period: "DAY" },
    apiStages: [{ apiId: restApiId, stage: "dev", throttle: { "//GET": { rateLimit: 1 } } }],
  });
  call("apigateway", "CreateUsagePlanKey", { usagePlanId: plan.id, keyId: key.id, keyType: "API_KEY" });
  const webSocket = furnishWebSocketApi((operation, given) => call("apigatewayv2", operation, given));
  const arn = `arn:aws:apigateway:us-east-1::/restapis/${restApiId}`;
  return {
    context,
    known: [
      restApiId,
      resourceId,
      child.id,
      validator.id,
      authorizer.id,
      authorizerUri,
      deployment.id,
      "dev",
      "Empty",
      "f",
      "live",
      "1",
      "$LATEST",
      arn,
      `${arn}/stages/dev`,
      nlb,
      link.id,
      v2Link.VpcLinkId,
      `arn:aws:apigateway:us-east-1::/vpclinks/${link.id}`,
      key.id,
      key.value,
      plan.id,
      `${restApiId}:dev`,
      `/apiStages/${restApiId}:dev/throttle//GET/rateLimit`,
      `/apiStages/${restApiId}:dev/throttle`,
      `arn:aws:apigateway:us-east-1::/apikeys/${key.id}`,
      `arn:aws:apigateway:us-east-1::/usageplans/${plan.id}`,
      certificate.clientCertificateId,
      `arn:aws:apigateway:us-east-1::/clientcertificates/${certificate.clientCertificateId}`,
      "/clientCertificateId",
      ...webSocket,
    ],
  };
}

/** A WebSocket API whose stage follows its changes; the ids of all there is. */
// biome-ignore lint/suspicious/noExplicitAny: outputs of every operation
function furnishWebSocketApi(call: (operation: string, input: object) => any): string[] {
  const { ApiId } = call("CreateApi", {
    Name: "chat",
    ProtocolType: "WEBSOCKET",
    RouteSelectionExpression: "$request.body.action",
  });
  const { IntegrationId } = call("CreateIntegration", { ApiId, IntegrationType: "MOCK" });
  const integration = { ApiId, IntegrationId };
  const { IntegrationResponseId } = call("CreateIntegrationResponse", {
    ...integration,
    IntegrationResponseKey: "$default",
  });
  const { ModelId } = call("CreateModel", { ApiId, Name: "Message", Schema: "{}" });
  const { AuthorizerId } = call("CreateAuthorizer", {
    ApiId,
    Name: "authorizer",
    AuthorizerType: "REQUEST",
    AuthorizerUri: authorizerUri,
    IdentitySource: ["route.request.header.x"],
  });
  const { RouteId } = call("CreateRoute", {
    ApiId,
    RouteKey: "$connect",
    Target: `integrations/${IntegrationId}`,
    AuthorizationType: "CUSTOM",
    AuthorizerId,
    RequestParameters: { "route.request.header.x": { Required: true } },
  });
  const { RouteResponseId } = call("CreateRouteResponse", { ApiId, RouteId, RouteResponseKey: "$default" });
  const { DeploymentId } = call("CreateDeployment", { ApiId });
  call("CreateStage", {
    ApiId,
    StageName: "live",
    AutoDeploy: true,
    RouteSettings: { $connect: { ThrottlingRateLimit: 1 } },
  });
  const arn = `arn:aws:apigateway:us-east-1::/apis/${ApiId}`;
  return [
    ApiId,
    IntegrationId,
    `integrations/${IntegrationId}`,
    IntegrationResponseId,
    ModelId,
    "Message",
    AuthorizerId,
    RouteId,
    RouteResponseId,
    DeploymentId,
    arn,
    `${arn}/stages/live`,
  ];
}

const operations = Object.entries(handlers).flatMap(([service, all]) =>
  Object.keys(all).map((operation) => ({ service, operation })),
);

test.each(operations)("$service $operation", ({ service, operation }) => {
  const { operations: table, shapes } = models[service] ?? { operations: {}, shapes: {} };
  const { context, known } = furnished();
  const shape = shapes[table[operation]?.input ?? ""] as StructureShape | undefined;
  const input = shape ? structureOf(shapes, shape, known) : fc.constant({});
  fc.assert(
    fc.property(input, (given) => {
      try {
        validateInput(service, operation, given as Record<string, unknown>);
        handlerOf(service, operation)({ ...given, ...prepared[operation] }, context);
      } catch (error) {
        if (!(error instanceof ServiceError)) throw error;
        if (error.code === "NotImplementedException") return;
        expect(error.status).toBeGreaterThanOrEqual(400);
        expect(error.status).toBeLessThan(500);
      }
    }),
    { numRuns: 150 },
  );
});
