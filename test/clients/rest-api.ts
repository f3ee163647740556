/** A REST API for a test, made with the SDK: resources, methods and integrations in one call each. */
import {
  type APIGatewayClient,
  CreateDeploymentCommand,
  CreateResourceCommand,
  CreateRestApiCommand,
  type CreateRestApiCommandInput,
  PutIntegrationCommand,
  type PutIntegrationCommandInput,
  PutIntegrationResponseCommand,
  type PutIntegrationResponseCommandInput,
  PutMethodCommand,
  type PutMethodCommandInput,
  PutMethodResponseCommand,
  TestInvokeMethodCommand,
  type TestInvokeMethodCommandInput,
  UpdateStageCommand,
} from "@aws-sdk/client-api-gateway";

type Given<Input, Omitted extends keyof Input> = Partial<Omit<Input, Omitted>>;

export interface MethodOptions {
  method?: Given<PutMethodCommandInput, "restApiId" | "resourceId" | "httpMethod">;
  integration: Given<PutIntegrationCommandInput, "restApiId" | "resourceId" | "httpMethod" | "type"> &
    Pick<PutIntegrationCommandInput, "type">;
  /** One a status; the first status is 200 unless it says another. */
  responses?: Given<PutIntegrationResponseCommandInput, "restApiId" | "resourceId" | "httpMethod">[];
}

export class TestApi {
  readonly client: APIGatewayClient;
  readonly id: string;
  readonly #resources: Map<string, string>;

  private constructor(client: APIGatewayClient, id: string, rootId: string) {
    this.client = client;
    this.id = id;
    this.#resources = new Map([["/", rootId]]);
  }

  static async create(
    client: APIGatewayClient,
    options: Partial<CreateRestApiCommandInput> = {},
  ): Promise<TestApi> {
    const api = await client.send(new CreateRestApiCommand({ name: "test", ...options }));
    return new TestApi(client, api.id as string, api.rootResourceId as string);
  }

  /** The id of the resource at the path, which is made if need be. */
  async resource(path: string): Promise<string> {
    const known = this.#resources.get(path);
    if (known) return known;
    const cut = path.lastIndexOf("/");
    const parentId = await this.resource(path.slice(0, cut) || "/");
    const { id } = await this.client.send(
      new CreateResourceCommand({ restApiId: this.id, parentId, pathPart: path.slice(cut + 1) }),
    );
    this.#resources.set(path, id as string);
    return id as string;
  }

  async method(
    httpMethod: string,
    path: string,
    { method, integration, responses = [] }: MethodOptions,
  ): Promise<void> {
    const place = { restApiId: this.id, resourceId: await this.resource(path), httpMethod };
    await this.client.send(new PutMethodCommand({ authorizationType: "NONE", ...method, ...place }));
    await this.client.send(new PutIntegrationCommand({ ...integration, ...place }));
    for (const { statusCode = "200", ...response } of responses) {
      const responseParameters = Object.fromEntries(
        Object.keys(response.responseParameters ?? {}).map((name) => [name, false]),
      );
      await this.client.send(new PutMethodResponseCommand({ ...place, statusCode, responseParameters }));
      await this.client.send(new PutIntegrationResponseCommand({ ...response, ...place, statusCode }));
    }
  }

  /** ANY of what is below the path goes on to the URI, with the rest of its path. */
  proxy(path: string, uri: string, integration: Partial<MethodOptions["integration"]> = {}): Promise<void> {
    return this.method("ANY", `${path}/{proxy+}`, {
      method: { requestParameters: { "method.request.path.proxy": true } },
      integration: {
        type: "HTTP_PROXY",
        integrationHttpMethod: "ANY",
        uri: `${uri}/{proxy}`,
        requestParameters: { "integration.request.path.proxy": "method.request.path.proxy" },
        ...integration,
      },
      responses: [{}],
    });
  }

  async deploy(stageName = "test", variables: Record<string, string> = {}): Promise<string> {
    const { id } = await this.client.send(
      new CreateDeploymentCommand({ restApiId: this.id, stageName, variables }),
    );
    return id as string;
  }

  /** Replaces what a stage says, by the paths of patch operations. */
  updateStage(values: Record<string, string>, stageName = "test") {
    const patchOperations = Object.entries(values).map(([path, value]) => ({
      op: "replace" as const,
      path,
      value,
    }));
    return this.client.send(new UpdateStageCommand({ restApiId: this.id, stageName, patchOperations }));
  }

  /** Tries a method out: TestInvokeMethod. @param path of its resource */
  async testMethod(
    httpMethod: string,
    path: string,
    input: Given<TestInvokeMethodCommandInput, "restApiId" | "resourceId" | "httpMethod"> = {},
  ) {
    const place = { restApiId: this.id, resourceId: await this.resource(path), httpMethod };
    return this.client.send(new TestInvokeMethodCommand({ ...input, ...place }));
  }

  url(origin: string, path: string, stageName = "test"): string {
    return `${origin}/execute-api/${this.id}/${stageName}${path}`;
  }
}

/** The lines of an execution log, without their times. */
export const logLines = (log = "") =>
  log.split("\n").map((line) => line.replace(/^\w{3} \w{3} \d\d \d\d:\d\d:\d\d UTC \d{4} : /, ""));

/** The integration of a mock that answers with the status. */
export const mock = (statusCode = 200): MethodOptions["integration"] => ({
  type: "MOCK",
  requestTemplates: { "application/json": JSON.stringify({ statusCode }) },
});
