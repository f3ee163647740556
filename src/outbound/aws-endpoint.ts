/** Where a service of AWS is: its own host, or the endpoint that the settings name, as for every AWS SDK. */
import type { Settings } from "../settings.ts";
import type { AwsService } from "./aws-services.ts";

export interface AwsTarget {
  service: AwsService;
  /** Labels in front of the service's, such as a bucket. */
  subdomain: string | undefined;
  region: string;
  /** Undefined for a path. */
  action?: string | undefined;
}

/**
 * @returns URL without a slash at its end. At an endpoint of the settings a bucket is the first segment of the path,
 *   which all S3-compatible servers know; any other subdomain is put before the host.
 */
export function awsEndpoint(
  { service, subdomain, region, action = "" }: AwsTarget,
  settings: Settings,
): string {
  const endpoint = settings.endpointUrlOf(service.settingName);
  if (endpoint !== undefined) {
    if (subdomain === undefined) return endpoint;
    return service.signingName === "s3"
      ? `${endpoint}/${subdomain}`
      : endpoint.replace("://", `://${subdomain}.`);
  }
  const { hostPrefixes = {} } = service;
  const prefix = Object.hasOwn(hostPrefixes, action) ? hostPrefixes[action] : "";
  const labels = [
    subdomain,
    `${prefix}${service.hostName}`,
    service.globalRegion === undefined ? region : undefined,
  ];
  const domain = region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
  return `https://${labels.filter((label) => label !== undefined).join(".")}.${domain}`;
}
