/** The extensions at an export's root. */
import type { RestSnapshot } from "../../../definitions/published.ts";
import { compact } from "../json.ts";

export function writeSettings({ api, requestValidators, gatewayResponses }: RestSnapshot): object {
  const { policy, apiKeySource, binaryMediaTypes, minimumCompressionSize } = api;
  return compact({
    "x-amazon-apigateway-request-validators": map(
      requestValidators.map(({ id: _, name, ...validator }) => [name, validator]),
    ),
    "x-amazon-apigateway-gateway-responses": map(
      gatewayResponses.map(({ responseType, ...response }) => [responseType, response]),
    ),
    "x-amazon-apigateway-policy": policy === undefined ? undefined : parsed(policy),
    "x-amazon-apigateway-api-key-source": apiKeySource === "HEADER" ? undefined : apiKeySource,
    "x-amazon-apigateway-minimum-compression-size": minimumCompressionSize,
    "x-amazon-apigateway-binary-media-types": binaryMediaTypes?.length ? binaryMediaTypes : undefined,
  });
}

const map = (entries: [string, object][]) => (entries.length > 0 ? Object.fromEntries(entries) : undefined);

function parsed(policy: string): unknown {
  try {
    return JSON.parse(policy);
  } catch {
    return policy;
  }
}
