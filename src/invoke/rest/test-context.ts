/** The context of a request that a tester makes up: it came over no wire, and from the tester. */
import type { RequestContext } from "../integrations/lambda-proxy-event.ts";
import { RestContext } from "./context.ts";

/** Who tests. */
export interface Tester {
  accountId: string;
  accessKeyId: string;
  arn: string;
  userId: string;
  userAgent: string | null;
}

export interface Test {
  caller: Tester;
  body: string;
  /** Those of `$context` that the test gives itself. */
  variables?: Partial<RequestContext>;
}

export const domainName = "testPrefix.testDomainName";

export class TestContext extends RestContext {
  override readonly isMetered = false;
  readonly #test: Test;

  constructor(test: Test, ...rest: ConstructorParameters<typeof RestContext>) {
    super(...rest);
    this.#test = test;
  }

  /** Any method may have one here, though GET has none on the way. */
  override payload(): Promise<Uint8Array | null> {
    const { body } = this.#test;
    return Promise.resolve(body === "" ? null : new TextEncoder().encode(body));
  }

  override payloadText(): Promise<string> {
    return Promise.resolve(this.#test.body);
  }

  override variable(name: string): unknown {
    return Object.hasOwn(this.variables, name) ? this.variables[name as keyof RequestContext] : undefined;
  }

  protected override makeVariables(): RequestContext {
    const { caller, variables: given } = this.#test;
    const variables = super.makeVariables();
    return {
      ...variables,
      domainName,
      domainPrefix: "testPrefix",
      ...given,
      identity: {
        ...variables.identity,
        accountId: caller.accountId,
        accessKey: caller.accessKeyId,
        apiKey: "test-invoke-api-key",
        apiKeyId: "test-invoke-api-key-id",
        caller: caller.userId,
        sourceIp: "test-invoke-source-ip",
        user: caller.userId,
        userAgent: caller.userAgent,
        userArn: caller.arn,
        ...given?.identity,
      },
    };
  }
}
