/**
 * VPC links on one machine. `fetch` sets a request's Host to where it goes, and an integration behind a link has one of
 * its own; a request to a service of workerd keeps it. So each target becomes a service.
 */

export interface VpcService {
  /** The Worker's binding. It has a dot, as no function's name has, since bound Workers are functions. */
  name: string;
  origin: string;
  /** Host and port. */
  address: string;
  /** For whom the certificate must be, when TLS is spoken. */
  certificateHost?: string;
}

/**
 * @param targets ARN of a load balancer, or name of a link, to an origin
 * @returns the services, and VPC_LINK_TARGETS as the Worker is to see it
 */
export function vpcServices(targets: ReadonlyMap<string, string>): {
  services: VpcService[];
  setting: string;
} {
  const services = Array.from(targets.values(), (origin, index) => serviceOf(`vpc.${index + 1}`, origin));
  const bindings = Array.from(targets.keys(), (key, index) => [key, `binding:${services[index]?.name}`]);
  return { services, setting: JSON.stringify(Object.fromEntries(bindings)) };
}

function serviceOf(name: string, origin: string): VpcService {
  const { protocol, hostname, port } = new URL(origin);
  return protocol === "https:"
    ? {
        name,
        origin,
        address: `${hostname}:${port || 443}`,
        certificateHost: hostname.replace(/^\[|\]$/g, ""),
      }
    : { name, origin, address: `${hostname}:${port || 80}` };
}
