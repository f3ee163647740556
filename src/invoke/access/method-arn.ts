/** The ARN of a method as a caller asks for it: what policies are about. */
import type { RestContext } from "../rest/context.ts";

/**
 * `arn:aws:execute-api:{region}:{account}:{apiId}/{stage}/{method}/{path}`, with the path that was routed: the
 * resource's own parts and the client's parameters. However a client writes a path, a policy meets the one form of it.
 */
export function methodArnOf(context: RestContext, stageName = context.located.stageName): string {
  const { region, accountId } = context.settings;
  const path = pathOf(context.resource?.path ?? "/", context.pathParameters);
  return `arn:aws:execute-api:${region}:${accountId}:${context.located.apiId}/${stageName}/${context.request.method}${path}`;
}

function pathOf(resourcePath: string, parameters: Record<string, string>): string {
  if (!resourcePath.includes("{")) return resourcePath;
  return resourcePath.replace(/\{([^}]+?)\+?\}/g, (_, name: string) =>
    Object.hasOwn(parameters, name) ? normalized(parameters[name] as string) : "",
  );
}

/** Characters that need no percent-encoding have none (RFC 3986, 6.2.2): `%61dmin` is `admin` to a policy. */
const normalized = (part: string): string =>
  part.includes("%")
    ? part.replace(/%([0-7][0-9a-f])/gi, (octet, hex: string) => {
        const character = String.fromCharCode(Number.parseInt(hex, 16));
        return /[\w.~-]/.test(character) ? character : octet;
      })
    : part;
