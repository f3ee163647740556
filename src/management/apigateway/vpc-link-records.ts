/** What the data plane knows of VPC links, those of V1 and of V2: one value, since there are few and they are small. */
import { type VpcLinkRecord, type VpcLinkRecords, vpcLinksKey } from "../../definitions/published.ts";
import { vpcLinks as v2VpcLinks } from "../apigatewayv2/collections.ts";
import type { OperationContext } from "../operation.ts";
import { vpcLinks } from "./collections.ts";

/** A V1 link to any other never becomes available. */
export const isNetworkLoadBalancer = (arn: string): boolean => arn.includes(":loadbalancer/net/");

export function vpcLinkRecords({ store }: OperationContext): VpcLinkRecords {
  const v1 = vpcLinks(store)
    .list()
    .filter(({ targetArns: [arn = ""] }) => isNetworkLoadBalancer(arn))
    .map(({ id, name, targetArns }): [string, VpcLinkRecord] => [
      id,
      { version: "V1", name, targetArn: targetArns[0] as string },
    ]);
  const v2 = v2VpcLinks(store)
    .list()
    .map(({ vpcLinkId, name }): [string, VpcLinkRecord] => [vpcLinkId, { version: "V2", name }]);
  return Object.fromEntries([...v1, ...v2]);
}

/** To be called when a link has changed. */
export function publishVpcLinks(context: OperationContext): void {
  context.publish.put(vpcLinksKey, vpcLinkRecords(context));
}
