/** Tags of REST APIs, their stages, VPC links and client certificates. Source: API Gateway V1 API reference, TagResource; the guide's apigateway-tagging. */
import type { Handlers, OperationContext } from "../operation.ts";
import { badRequest, notFound } from "../protocol/service-error.ts";
import { putClientCertificate, requireClientCertificate } from "./client-certificates.ts";
import { requireRestApi, restApis, stages } from "./collections.ts";
import { putStage } from "./stages.ts";
import { type Tags, tagsOf } from "./tag-rules.ts";
import { putVpcLink, requireVpcLink } from "./vpc-links.ts";

export const tagHandlers: Handlers = {
  TagResource({ resourceArn, tags }: { resourceArn: string; tags: Tags }, context) {
    const tagged = resourceOf(resourceArn, context);
    tagged.setTags(tagsOf({ ...tagged.tags, ...tags }));
    return undefined;
  },

  UntagResource({ resourceArn, tagKeys }: { resourceArn: string; tagKeys: string[] }, context) {
    const tagged = resourceOf(resourceArn, context);
    const left = Object.entries(tagged.tags).filter(([key]) => !tagKeys.includes(key));
    tagged.setTags(tagsOf(Object.fromEntries(left)));
    return undefined;
  },

  GetTags: ({ resourceArn }: { resourceArn: string }, context) => ({
    tags: resourceOf(resourceArn, context).tags,
  }),
};

interface Tagged {
  tags: Tags;
  /** @param tags undefined for none */
  setTags(tags: Tags | undefined): void;
}

const restApiArn = /^arn:aws[a-z-]*:apigateway:[a-z0-9-]+::\/restapis\/([^/]+)(?:\/stages\/([^/]+))?$/;
const clientCertificateArn = /^arn:aws[a-z-]*:apigateway:[a-z0-9-]+::\/clientcertificates\/([^/]+)$/;
const vpcLinkArn = /^arn:aws[a-z-]*:apigateway:[a-z0-9-]+::\/vpclinks\/([^/]+)$/;

function resourceOf(arn: string, context: OperationContext): Tagged {
  const linkId = vpcLinkArn.exec(arn)?.[1];
  if (linkId !== undefined) {
    const link = requireVpcLink(linkId, context);
    return { tags: link.tags ?? {}, setTags: (tags) => putVpcLink(withTags(link, tags), context) };
  }
  const certificateId = clientCertificateArn.exec(arn)?.[1];
  if (certificateId !== undefined) {
    const certificate = requireClientCertificate(certificateId, context);
    return {
      tags: certificate.tags ?? {},
      setTags: (tags) => putClientCertificate(withTags(certificate, tags), context),
    };
  }
  const match = restApiArn.exec(arn);
  if (!match) throw badRequest("Invalid ARN specified in the request");
  const { store } = context;
  const api = requireRestApi(context, match[1] as string);
  if (match[2] === undefined) {
    return { tags: api.tags ?? {}, setTags: (tags) => restApis(store).put(api.id, withTags(api, tags)) };
  }
  const stage = stages(store, api.id).get(match[2]);
  if (!stage) throw notFound("Invalid Stage identifier specified");
  return {
    tags: stage.tags ?? {},
    setTags: (tags) => putStage(api.id, withTags(stage, tags), context),
  };
}

function withTags<Holder extends { tags?: Tags }>(
  { tags: _, ...holder }: Holder,
  tags: Tags | undefined,
): Holder {
  return (tags ? { ...holder, tags } : holder) as Holder;
}
