/** What tags may be. Source: API Gateway V1 API reference, TagResource; the guide's apigateway-tagging-supported-resources. */
import { badRequest } from "../protocol/service-error.ts";

export type Tags = Record<string, string>;

const mostTags = 50;

/**
 * @param given as the caller sent them; a JSON null is no value
 * @returns undefined when there are none
 * @throws ServiceError BadRequestException for a key or value that AWS does not take, or for too many
 */
export function tagsOf(given: Record<string, string | null> | undefined): Tags | undefined {
  const entries = Object.entries(given ?? {});
  if (entries.length === 0) return undefined;
  if (entries.length > mostTags) throw badRequest(`The maximum number of tags per resource is ${mostTags}`);
  for (const [key, value] of entries) {
    if (key.length < 1 || key.length > 128 || value === null || value.length > 256) {
      throw badRequest("Invalid tags specified: a key has 1 to 128 characters, a value at most 256.");
    }
    if (/^aws:/i.test(key))
      throw badRequest(`Invalid tag key specified: ${key}. 'aws:' is a reserved prefix.`);
  }
  return given as Tags;
}
