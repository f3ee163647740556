/** Tags of APIs, their stages and VPC links. Source: API Gateway V2 API reference, Tags; the guide's apigateway-tagging. */
import { type Tags, tagsOf } from "../apigateway/tag-rules.ts";
import type { Handlers, OperationContext } from "../operation.ts";
import { badRequest } from "../protocol/service-error.ts";
import { apis, requireApi, vpcLinks } from "./collections.ts";
import { putStage, requireStage } from "./stage-records.ts";
import { requireVpcLink } from "./vpc-links.ts";

interface Identified {
  ResourceArn: string;
}

export const tagHandlers: Handlers = {
  TagResource({ ResourceArn, Tags }: Identified & { Tags?: Record<string, string | null> }, context) {
    const { tags, setTags } = taggedOf(ResourceArn, context);
    setTags(tagsOf({ ...tags, ...Tags }) ?? {});
    return {};
  },

  UntagResource({ ResourceArn, TagKeys }: Identified & { TagKeys: string[] }, context) {
    const { tags, setTags } = taggedOf(ResourceArn, context);
    setTags(Object.fromEntries(Object.entries(tags).filter(([key]) => !TagKeys.includes(key))));
    return undefined;
  },

  GetTags: ({ ResourceArn }: Identified, context) => ({ Tags: taggedOf(ResourceArn, context).tags }),
};

interface Tagged {
  tags: Tags;
  setTags(tags: Tags): void;
}

const arnPattern = /^arn:aws[a-z-]*:apigateway:[a-z0-9-]+::\/(apis|vpclinks)\/([^/]+)(?:\/stages\/([^/]+))?$/;

/** @throws ServiceError; the text for what is no ARN of these is V1's */
function taggedOf(arn: string, context: OperationContext): Tagged {
  const { store } = context;
  const [, kind, id = "", stageName] = arnPattern.exec(arn) ?? [];
  if (kind === "apis" && stageName !== undefined) {
    const stage = requireStage({ ApiId: id, StageName: stageName }, context);
    return { tags: stage.tags, setTags: (tags) => putStage(id, { ...stage, tags }, context) };
  }
  if (kind === "apis") {
    const api = requireApi(context, id);
    return { tags: api.tags, setTags: (tags) => apis(store).put(id, { ...api, tags }) };
  }
  if (kind === "vpclinks" && stageName === undefined) {
    const link = requireVpcLink({ VpcLinkId: id }, context);
    return { tags: link.tags, setTags: (tags) => vpcLinks(store).put(id, { ...link, tags }) };
  }
  throw badRequest("Invalid ARN specified in the request");
}
