/**
 * The URI of a Lambda integration: which function it names.
 * Source: the guide's set-up-lambda-proxy-integrations and aws-api-gateway-stage-variables-reference.
 */

export interface LambdaFunctionReference {
  region: string;
  accountId: string;
  name: string;
  /** A version or an alias. */
  qualifier?: string;
}

/**
 * The function for a stage with these variables; undefined when, with them filled in, the URI names none, which
 * is an error of the API's configuration.
 */
export type LambdaFunctionOf = (
  variables: Readonly<Record<string, string>> | undefined,
) => LambdaFunctionReference | undefined;

const invocationUri =
  /^arn:aws[a-z-]*:apigateway:[a-z0-9-]+:lambda:path\/+(2015-03-31|2021-11-15)\/functions\/arn:aws[a-z-]*:lambda:([a-z0-9-]+):(\d{12}):function:([A-Za-z0-9_-]{1,64})(?::(\$LATEST|[A-Za-z0-9_-]{1,128}))?\/(response-streaming-)?invocations\/?$/;
const stageVariable = /\$\{stageVariables\.([A-Za-z0-9_]+)\}/g;

/**
 * Reads a URI once, for all requests that have no variables to fill in.
 * @param uri `arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/{function ARN}/invocations`, or for streams
 *   `…/2021-11-15/functions/{function ARN}/response-streaming-invocations`, with `${stageVariables.name}` in any place; an unknown variable is the empty string
 */
export function compileLambdaUri(uri: string): LambdaFunctionOf {
  if (!uri.includes("${stageVariables.")) {
    const reference = parseLambdaUri(uri);
    return () => reference;
  }
  return (variables) =>
    parseLambdaUri(
      uri.replace(stageVariable, (_, name: string) =>
        variables && Object.hasOwn(variables, name) ? (variables[name] as string) : "",
      ),
    );
}

/** Whether it is for a function, rather than for another service of AWS or another operation of Lambda. */
export const namesLambda = (uri: string): boolean =>
  /:lambda:path\/+2015-03-31\/functions\/.*\/invocations\/?$/.test(uri);

function parseLambdaUri(uri: string): LambdaFunctionReference | undefined {
  const match = invocationUri.exec(uri);
  if (!match) return undefined;
  const [, version, region, accountId, name, qualifier, streaming] = match as unknown as string[];
  if ((version === "2021-11-15") !== (streaming !== undefined)) return undefined;
  return {
    region,
    accountId,
    name,
    ...(qualifier === undefined ? {} : { qualifier }),
  } as LambdaFunctionReference;
}
