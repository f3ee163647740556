/** Errors on the wire, in the two forms that AWS's services have. */
import type { ServiceError } from "./service-error.ts";

/** REST-JSON. Lambda's errors have their text under `Message` where `members` say so. */
export function jsonError(error: ServiceError, requestId: string): Response {
  const { code, status, message, members } = error;
  const body = Object.hasOwn(members, "Message") ? members : { message, ...members };
  return new Response(JSON.stringify(body), {
    status,
    headers: [
      ["x-amzn-RequestId", requestId],
      ["x-amzn-ErrorType", code],
      ["Content-Type", "application/json"],
    ],
  });
}

/** Query protocol (sts, iam). */
export function xmlError(error: ServiceError, requestId: string, namespace: string): Response {
  const { code, status, message } = error;
  const type = status < 500 ? "Sender" : "Receiver";
  return new Response(
    `<ErrorResponse xmlns="${namespace}"><Error><Type>${type}</Type><Code>${escapeXml(code)}</Code><Message>${escapeXml(message)}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
    {
      status,
      headers: [
        ["x-amzn-RequestId", requestId],
        ["Content-Type", "text/xml"],
      ],
    },
  );
}

export const escapeXml = (text: string): string =>
  text.replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`);
