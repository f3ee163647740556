/**
 * VpcLink: a way to a Network Load Balancer, for integrations. Recorded: test_vpc_link_lifecycle,
 * test_create_vpc_link_invalid_parameters, test_get_vpc_link_invalid_id; texts that AWS's users have reported are named
 * where they stand.
 */
import type { VpcLink } from "../../definitions/rest-api.ts";
import type { Settings } from "../../settings.ts";
import { compact } from "../openapi/json.ts";
import type { Handlers, OperationContext } from "../operation.ts";
import { type PageRequest, page } from "../protocol/paging.ts";
import { badRequest, notFound, type ServiceError } from "../protocol/service-error.ts";
import { vpcLinks } from "./collections.ts";
import { shortId } from "./ids.ts";
import {
  applyPatch,
  type PatchOperation,
  type PatchTable,
  type Refusal,
  refusePathOrOperation,
  setMember,
  textOrNone,
} from "./patch.ts";
import { tagsOf } from "./tag-rules.ts";
import { isNetworkLoadBalancer, publishVpcLinks } from "./vpc-link-records.ts";
import { requireUnused } from "./vpc-link-uses.ts";

interface CreateInput {
  name: string;
  description?: string;
  targetArns: (string | null)[];
  tags?: Record<string, string | null>;
}

interface Identified {
  vpcLinkId: string;
}

export const vpcLinkHandlers: Handlers = {
  /** AWS takes some minutes from PENDING on; here the first look at it finds what became of it. */
  CreateVpcLink(input: CreateInput, context) {
    const link: VpcLink = compact({
      id: shortId(),
      name: nameOf(input.name),
      description: input.description || undefined,
      targetArns: targetArnsOf(input.targetArns),
      tags: tagsOf(input.tags),
    } as VpcLink);
    putVpcLink(link, context);
    return { ...link, status: "PENDING" };
  },

  GetVpcLink(input: Identified, context) {
    return shownWithTags(requireVpcLink(input.vpcLinkId, context), context);
  },

  GetVpcLinks(input: PageRequest, context) {
    const { items, ...next } = page(vpcLinks(context.store).list(), input, ({ id }) => id);
    return { items: items.map((link) => shown(link, context)), ...next };
  },

  UpdateVpcLink(input: Identified & { patchOperations?: PatchOperation[] }, context) {
    const link = applyPatch(patchTable, requireVpcLink(input.vpcLinkId, context), input.patchOperations);
    putVpcLink(link, context);
    return shownWithTags(link, context);
  },

  DeleteVpcLink(input: Identified, context) {
    const { id } = requireVpcLink(input.vpcLinkId, context);
    requireUnused(id, context);
    vpcLinks(context.store).delete(id);
    publishVpcLinks(context);
    return undefined;
  },
};

/** Stores the link and lets the data plane see it. */
export function putVpcLink(link: VpcLink, context: OperationContext): void {
  vpcLinks(context.store).put(link.id, link);
  publishVpcLinks(context);
}

/** @throws ServiceError NotFoundException */
export function requireVpcLink(id: string, { store }: OperationContext): VpcLink {
  const link = vpcLinks(store).get(id);
  if (!link) throw notFound("Invalid Vpc Link identifier specified");
  return link;
}

const shown = (link: VpcLink, { settings }: OperationContext) => ({ ...link, ...statusOf(link, settings) });

/** As Get and Update answer it: `tags: {}` where there are none. */
const shownWithTags = (link: VpcLink, context: OperationContext) => ({
  ...shown(link, context),
  tags: link.tags ?? {},
});

function statusOf({ name, targetArns: [arn = ""] }: VpcLink, settings: Settings) {
  // Reported of a link to an Application Load Balancer.
  if (!isNetworkLoadBalancer(arn)) return { status: "FAILED", statusMessage: "NLB ARN is malformed" };
  if (settings.vpcTargetOf(arn, name)) {
    return { status: "AVAILABLE", statusMessage: "Your vpc link is ready for use" };
  }
  return {
    status: "FAILED",
    statusMessage: `Nothing says where this load balancer is: set VPC_LINK_TARGETS to {"${arn}": "http://host:port"}`,
  };
}

function nameOf(name: string | undefined): string {
  if (!name?.trim()) throw badRequest("Name cannot be empty");
  return name;
}

/** The text for more than one is reported, that for none a guess. */
function targetArnsOf(arns: (string | null)[]): string[] {
  const [arn] = arns;
  if (arn === undefined) throw badRequest("Target arns cannot be empty");
  if (arns.length > 1) throw badRequest("More than one target arn specified for vpc link.");
  if (arn === null || !/^arn:aws[a-z-]*:[^:\s]+:[^:\s]*:[^:\s]*:\S+$/.test(arn)) {
    throw badRequest(`Invalid ARN. ARN is not well formed ${arn}`);
  }
  return [arn];
}

const patchTable: PatchTable<VpcLink> = {
  refuse,
  paths: {
    "/name": { replace: setMember("name", nameOf) },
    "/description": { replace: setMember("description", textOrNone) },
  },
};

/** The text for target ARNs is reported. */
function refuse(refusal: Refusal): ServiceError {
  return refusal.path?.startsWith("/targetArns")
    ? badRequest("Target arns are not allowed to be changed/added.")
    : refusePathOrOperation(refusal);
}
