/** Tags of REST APIs and their stages. Source: API Gateway V1 API reference, TagResource; the guide's apigateway-tagging. */

import type { RestStageRecord } from "../../definitions/published.ts";
import { stageKey } from "../../definitions/published.ts";
import type { Handlers, OperationContext } from "../operation.ts";
import { badRequest, notFound } from "../protocol/service-error.ts";
import { requireRestApi, restApis, stages } from "./collections.ts";

type Tags = Record<string, string>;

const mostTags = 50;

/** @throws ServiceError BadRequestException for a key or value that AWS does not take */
export function checkTags(tags: Tags): void {
  if (Object.keys(tags).length > mostTags)
    throw badRequest(`The maximum number of tags per resource is ${mostTags}`);
  for (const [key, value] of Object.entries(tags)) {
    if (key.length < 1 || key.length > 128 || value.length > 256) {
      throw badRequest("Invalid tags specified: a key has 1 to 128 characters, a value at most 256.");
    }
    if (/^aws:/i.test(key))
      throw badRequest(`Invalid tag key specified: ${key}. 'aws:' is a reserved prefix.`);
  }
}

export const tagHandlers: Handlers = {
  TagResource({ resourceArn, tags }: { resourceArn: string; tags: Tags }, context) {
    const tagged = resourceOf(resourceArn, context);
    const all = { ...tagged.tags, ...tags };
    checkTags(all);
    tagged.setTags(all);
    return undefined;
  },

  UntagResource({ resourceArn, tagKeys }: { resourceArn: string; tagKeys: string[] }, context) {
    const tagged = resourceOf(resourceArn, context);
    const left = Object.entries(tagged.tags).filter(([key]) => !tagKeys.includes(key));
    tagged.setTags(Object.fromEntries(left));
    return undefined;
  },

  GetTags: ({ resourceArn }: { resourceArn: string }, context) => ({
    tags: resourceOf(resourceArn, context).tags,
  }),
};

interface Tagged {
  tags: Tags;
  setTags(tags: Tags): void;
}

const restApiArn = /^arn:aws[a-z-]*:apigateway:[a-z0-9-]+::\/restapis\/([^/]+)(?:\/stages\/([^/]+))?$/;

function resourceOf(arn: string, context: OperationContext): Tagged {
  const match = restApiArn.exec(arn);
  if (!match) throw badRequest("Invalid ARN specified in the request");
  const { store, publish } = context;
  const api = requireRestApi(context, match[1] as string);
  if (match[2] === undefined) {
    return { tags: api.tags ?? {}, setTags: (tags) => restApis(store).put(api.id, { ...api, tags }) };
  }
  const stage = stages(store, api.id).get(match[2]);
  if (!stage) throw notFound("Invalid Stage identifier specified");
  return {
    tags: stage.tags ?? {},
    setTags(tags) {
      const tagged = { ...stage, tags };
      stages(store, api.id).put(stage.stageName, tagged);
      const record: RestStageRecord = { protocol: "REST", apiId: api.id, stage: tagged };
      publish.put(stageKey(api.id, stage.stageName), record);
    },
  };
}
