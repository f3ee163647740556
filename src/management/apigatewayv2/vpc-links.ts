/**
 * VpcLink of V2: to any load balancer or service, which its integrations name. Sources: API Gateway V2 API reference,
 * VPCLinks; the guide's http-api-vpc-links; the examples of the AWS CLI. No refusals were found recorded.
 */
import { shortId } from "../apigateway/ids.ts";
import { tagsOf } from "../apigateway/tag-rules.ts";
import { publishVpcLinks } from "../apigateway/vpc-link-records.ts";
import { requireUnused } from "../apigateway/vpc-link-uses.ts";
import type { Handlers, OperationContext } from "../operation.ts";
import { type TokenRequest, tokenPage } from "../protocol/paging.ts";
import { badRequest, notFound } from "../protocol/service-error.ts";
import { type VpcLinkV2, vpcLinks } from "./collections.ts";

interface CreateInput {
  Name: string;
  SubnetIds: (string | null)[];
  SecurityGroupIds?: (string | null)[];
  Tags?: Record<string, string | null>;
}

interface Identified {
  VpcLinkId: string;
}

export const vpcLinkHandlers: Handlers = {
  CreateVpcLink(input: CreateInput, context) {
    const link: VpcLinkV2 = {
      vpcLinkId: shortId(),
      name: nameOf(input.Name),
      subnetIds: subnetIdsOf(input.SubnetIds),
      securityGroupIds: textsOf(input.SecurityGroupIds ?? [], "security group"),
      tags: tagsOf(input.Tags) ?? {},
      createdDate: context.now,
    };
    put(link, context);
    return {
      ...shown(link),
      VpcLinkStatus: "PENDING",
      VpcLinkStatusMessage: "VPC link is provisioning ENIs",
    };
  },

  GetVpcLink: (input: Identified, context) => shown(requireVpcLink(input, context)),

  GetVpcLinks(input: TokenRequest, { store }) {
    const { items, ...next } = tokenPage(vpcLinks(store).list(), input, ({ vpcLinkId }) => vpcLinkId);
    return { Items: items.map(shown), ...next };
  },

  UpdateVpcLink(input: Identified & { Name?: string }, context) {
    const before = requireVpcLink(input, context);
    const link = input.Name === undefined ? before : { ...before, name: nameOf(input.Name) };
    put(link, context);
    return shown(link);
  },

  DeleteVpcLink(input: Identified, context) {
    const { vpcLinkId } = requireVpcLink(input, context);
    requireUnused(vpcLinkId, context);
    vpcLinks(context.store).delete(vpcLinkId);
    publishVpcLinks(context);
    return {};
  },
};

function put(link: VpcLinkV2, context: OperationContext): void {
  vpcLinks(context.store).put(link.vpcLinkId, link);
  publishVpcLinks(context);
}

/** @throws ServiceError NotFoundException */
export function requireVpcLink({ VpcLinkId }: Identified, { store }: OperationContext): VpcLinkV2 {
  const link = vpcLinks(store).get(VpcLinkId);
  if (!link) throw notFound(`Invalid VpcLink identifier specified ${VpcLinkId}`);
  return link;
}

/** There are no network interfaces to wait for, and whether its targets are set is known of integrations alone. */
const shown = (link: VpcLinkV2) => ({
  CreatedDate: link.createdDate,
  Name: link.name,
  SecurityGroupIds: link.securityGroupIds,
  SubnetIds: link.subnetIds,
  Tags: link.tags,
  VpcLinkId: link.vpcLinkId,
  VpcLinkStatus: "AVAILABLE",
  VpcLinkStatusMessage: "VPC link is ready to route traffic",
  VpcLinkVersion: "V2",
});

/** The model: "StringWithLengthBetween1And128". */
function nameOf(name: string): string {
  if (!name.trim()) throw badRequest("Name cannot be empty");
  if (name.length > 128) throw badRequest("Name cannot have more than 128 characters");
  return name;
}

function subnetIdsOf(ids: (string | null)[]): string[] {
  if (ids.length === 0) throw badRequest("SubnetIds for a vpc link cannot be empty");
  return textsOf(ids, "subnet");
}

function textsOf(ids: (string | null)[], kind: string): string[] {
  return ids.map((id) => {
    if (!id) throw badRequest(`Invalid ${kind} id specified`);
    return id;
  });
}
