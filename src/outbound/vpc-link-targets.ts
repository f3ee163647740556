/**
 * Where VPC links lead: the setting VPC_LINK_TARGETS, read. There is no VPC here, so whoever runs the gateway says
 * where each load balancer's requests go.
 */

/** An origin, such as `http://10.0.0.5:8080`, or the name of one of the Worker's bindings. */
export type VpcLinkTarget = { origin: string } | { binding: string };

const example = '{"arn:aws:elasticloadbalancing:…:loadbalancer/net/name/id": "http://10.0.0.5:8080"}';

/**
 * @param text a JSON object: ARN of a load balancer, or name of a link, to an origin or to `binding:NAME`
 * @throws Error that says what is wrong
 */
export function parseVpcLinkTargets(text: string): Map<string, VpcLinkTarget> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new Error(`VPC_LINK_TARGETS is no JSON; it must be an object such as ${example}.`);
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    throw new Error(`VPC_LINK_TARGETS must be a JSON object such as ${example}.`);
  }
  return new Map(Object.entries(parsed).map(([key, value]) => [key, targetOf(key, value)]));
}

function targetOf(key: string, value: unknown): VpcLinkTarget {
  const binding = typeof value === "string" ? /^binding:([\w.]+)$/.exec(value)?.[1] : undefined;
  if (binding !== undefined) return { binding };
  const origin = typeof value === "string" ? originOf(value) : undefined;
  if (origin !== undefined) return { origin };
  throw new Error(
    `VPC_LINK_TARGETS has ${JSON.stringify(value)} for ${JSON.stringify(key)}; it must be an origin such as http://10.0.0.5:8080, or binding:NAME.`,
  );
}

/** Undefined for what has more than scheme, host and port. */
function originOf(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, origin, href } = new URL(text);
  const isOrigin = (protocol === "http:" || protocol === "https:") && href === `${origin}/`;
  return isOrigin ? origin : undefined;
}
