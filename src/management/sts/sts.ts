/** STS, as far as an API needs it: who am I? AWS's Query protocol: parameters in a form, answers in XML. */
import type { Caller } from "../operation.ts";
import { escapeXml, xmlError } from "../protocol/error-response.ts";
import { ServiceError } from "../protocol/service-error.ts";

const namespace = "https://sts.amazonaws.com/doc/2011-06-15/";

/** @param form the request's parameters, of its query string or of its body */
export function sts(form: URLSearchParams, caller: Caller, requestId: string): Response {
  const action = form.get("Action") ?? "";
  if (action === "GetCallerIdentity") return getCallerIdentity(caller, requestId);
  return stsError(
    new ServiceError("NotImplementedException", 501, `Sallyport does not implement sts:${action} yet.`),
    requestId,
  );
}

export const stsError = (error: ServiceError, requestId: string): Response =>
  xmlError(error, requestId, namespace);

const getCallerIdentity = ({ arn, userId, accountId }: Caller, requestId: string): Response =>
  new Response(
    `<GetCallerIdentityResponse xmlns="${namespace}"><GetCallerIdentityResult><Arn>${escapeXml(arn)}</Arn><UserId>${escapeXml(userId)}</UserId><Account>${accountId}</Account></GetCallerIdentityResult><ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></GetCallerIdentityResponse>`,
    {
      headers: [
        ["x-amzn-RequestId", requestId],
        ["Content-Type", "text/xml"],
      ],
    },
  );
