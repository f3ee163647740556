/**
 * Authorizer: who may connect. Sources: the guide's apigateway-websocket-api-lambda-auth; TestAccAPIGatewayV2Authorizer_basic
 * and …_credentials. The texts are AWS's as its users report them.
 */
import type { Authorizer } from "../../definitions/websocket-api.ts";
import { checkAuthorizerFunction, illegalIdentitySource } from "../apigateway/authorizer-rules.ts";
import { shortId } from "../apigateway/ids.ts";
import type { Handlers, OperationContext } from "../operation.ts";
import { type TokenRequest, tokenPage } from "../protocol/paging.ts";
import { badRequest, conflict } from "../protocol/service-error.ts";
import { authorizers, requireApi, requireOfApi, routes } from "./collections.ts";
import { type Capitalized, capitalized, uncapitalized } from "./member-names.ts";
import { checkLengths, refuseMembers, requireRoom, updated } from "./update-rules.ts";

type Given = Partial<Omit<Authorizer, "authorizerId" | "authorizerType" | "identitySource">>;

interface Input extends Capitalized<Given> {
  AuthorizerType?: "REQUEST" | "JWT";
  IdentitySource?: (string | null)[];
  EnableSimpleResponses?: boolean;
}

interface Identified {
  ApiId: string;
  AuthorizerId: string;
}

const ofHttpApis = [
  "AuthorizerPayloadFormatVersion",
  "AuthorizerResultTtlInSeconds",
  "EnableSimpleResponses",
  "JwtConfiguration",
];

export const authorizerHandlers: Handlers = {
  CreateAuthorizer({ ApiId, ...input }: Input & { ApiId: string }, context) {
    const { apiId } = requireApi(context, ApiId);
    requireRoom("Authorizers", authorizers(context.store, apiId));
    return capitalized(putAuthorizer(apiId, { authorizerId: shortId() }, input, context));
  },

  GetAuthorizer: (input: Identified, context) => capitalized(requireAuthorizer(input, context)),

  GetAuthorizers(input: TokenRequest & { ApiId: string }, context) {
    const { apiId } = requireApi(context, input.ApiId);
    const all = authorizers(context.store, apiId).list();
    const { items, ...next } = tokenPage(all, input, ({ authorizerId }) => authorizerId);
    return { Items: items.map(capitalized), ...next };
  },

  UpdateAuthorizer({ ApiId, AuthorizerId, ...input }: Input & Identified, context) {
    const before = requireAuthorizer({ ApiId, AuthorizerId }, context);
    return capitalized(putAuthorizer(ApiId, before, input, context));
  },

  DeleteAuthorizer(input: Identified, context) {
    const { authorizerId, name } = requireAuthorizer(input, context);
    const user = routes(context.store, input.ApiId)
      .list()
      .find((route) => route.authorizerId === authorizerId);
    if (user) {
      throw conflict(`Cannot delete authorizer '${name}', is referenced in route: ${user.routeKey}`);
    }
    authorizers(context.store, input.ApiId).delete(authorizerId);
    return undefined;
  },
};

const requireAuthorizer = ({ ApiId, AuthorizerId }: Identified, context: OperationContext): Authorizer =>
  requireOfApi(authorizers, "Authorizer", ApiId, AuthorizerId, context);

/** @throws ServiceError BadRequestException */
function putAuthorizer(
  apiId: string,
  before: Pick<Authorizer, "authorizerId"> & Partial<Authorizer>,
  input: Input,
  { store }: OperationContext,
): Authorizer {
  const { AuthorizerType = "REQUEST", IdentitySource, EnableSimpleResponses: _, ...given } = input;
  if (AuthorizerType !== "REQUEST") {
    throw badRequest(
      "Invalid authorizer type. Only REQUEST authorizer type is supported on WEBSOCKET protocol Apis.",
    );
  }
  refuseMembers(input, ofHttpApis);
  const draft = updated(before, uncapitalized(given));
  checkLengths(draft);
  const { name, authorizerUri, authorizerCredentialsArn } = draft;
  if (!name?.trim()) throw badRequest("Authorizer name cannot be blank");
  if (authorizerUri === undefined) throw badRequest("AuthorizerUri is a required field in an Authorizer");
  checkAuthorizerFunction(authorizerUri, authorizerCredentialsArn);
  const collection = authorizers(store, apiId);
  if (collection.list().some((other) => other.name === name && other.authorizerId !== draft.authorizerId)) {
    throw badRequest(`Authorizer name must be unique. Authorizer ${name} already exists in this RestApi.`);
  }
  const authorizer: Authorizer = {
    ...draft,
    name,
    authorizerUri,
    authorizerType: AuthorizerType,
    identitySource: identitySourcesOf(IdentitySource ?? draft.identitySource ?? []),
  };
  collection.put(authorizer.authorizerId, authorizer);
  return authorizer;
}

/** AWS takes `route.request.multivalueheader.Origin`, too, which its own samples have and the text of a refusal has not. */
const identitySource =
  /^(?:route\.request\.(?:multivalue)?(?:querystring|header)|stageVariables|context)\.[a-zA-Z0-9._-]+$/;

/** There may be none, as the acceptance tests show. */
function identitySourcesOf(sources: (string | null)[]): string[] {
  return sources.map((source) => {
    if (source !== null && identitySource.test(source)) return source;
    throw illegalIdentitySource(sources.join(", "), "route");
  });
}
