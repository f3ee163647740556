/** Tags of REST APIs, their stages and what stands beside them. Source: API Gateway V1 API reference, TagResource; the guide's apigateway-tagging. */
import type { Handlers, OperationContext } from "../operation.ts";
import { badRequest, notFound } from "../protocol/service-error.ts";
import { putApiKey, requireApiKey } from "./api-key-records.ts";
import { putClientCertificate, requireClientCertificate } from "./client-certificates.ts";
import { requireRestApi, restApis, stages } from "./collections.ts";
import { putStage } from "./stages.ts";
import { type Tags, tagsOf } from "./tag-rules.ts";
import { putUsagePlan, requireUsagePlan } from "./usage-plan-records.ts";
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

type Find = (id: string, context: OperationContext) => Tagged;

const tagged =
  <Resource extends { tags?: Tags }>(
    require: (id: string, context: OperationContext) => Resource,
    put: (resource: Resource, context: OperationContext) => void,
  ): Find =>
  (id, context) => {
    const resource = require(id, context);
    return {
      tags: resource.tags ?? {},
      setTags: (tags) => put(withTags(resource, tags), context),
    };
  };

/** By the word that their ARNs have for them. */
const finders = new Map<string, Find>([
  [
    "restapis",
    tagged(
      (id, context) => requireRestApi(context, id),
      (api, { store }) => restApis(store).put(api.id, api),
    ),
  ],
  ["apikeys", tagged(requireApiKey, putApiKey)],
  ["usageplans", tagged(requireUsagePlan, putUsagePlan)],
  ["clientcertificates", tagged(requireClientCertificate, putClientCertificate)],
  ["vpclinks", tagged(requireVpcLink, putVpcLink)],
]);

const findStage = (apiId: string): Find =>
  tagged(
    (stageName, { store }) => {
      const stage = stages(store, apiId).get(stageName);
      if (!stage) throw notFound("Invalid Stage identifier specified");
      return stage;
    },
    (stage, context) => putStage(apiId, stage, context),
  );

const arnPattern = /^arn:aws[a-z-]*:apigateway:[a-z0-9-]+::\/([a-z]+)\/([^/]+)(?:\/stages\/([^/]+))?$/;

function resourceOf(arn: string, context: OperationContext): Tagged {
  const [, kind = "", id = "", stageName] = arnPattern.exec(arn) ?? [];
  const find = finders.get(kind);
  if (!find || (stageName !== undefined && kind !== "restapis")) {
    throw badRequest("Invalid ARN specified in the request");
  }
  if (stageName === undefined) return find(id, context);
  return findStage(requireRestApi(context, id).id)(stageName, context);
}

function withTags<Holder extends { tags?: Tags }>(
  { tags: _, ...holder }: Holder,
  tags: Tags | undefined,
): Holder {
  return (tags ? { ...holder, tags } : holder) as Holder;
}
