/** How a REST API is answered, which differs in two members from how it is kept. */
import type { RestApi } from "../../definitions/rest-api.ts";

/** As creates and lists answer it: tags only where there are some. */
export function answered<Api extends RestApi>(api: Api): Api {
  return api.policy === undefined ? api : { ...api, policy: escaped(api.policy) };
}

/** As Get, Update and Put answer it: `tags: {}` where there are none (rest-behaviour, rule 2). */
export const answeredWithTags = <Api extends RestApi>(api: Api): Api => ({
  ...answered(api),
  tags: api.tags ?? {},
});

/**
 * AWS answers the policy as the inside of a JSON string, its slashes escaped too: `{\"Version\":…}`. Clients
 * undo that; Terraform fails on a policy without it.
 */
const escaped = (policy: string): string => JSON.stringify(policy).slice(1, -1).replaceAll("/", "\\/");
