/** Errors as the Lambda API words and shapes them: a type, and the text under `Message` or `message`. */
import { ServiceError } from "../protocol/service-error.ts";

/** Recorded with a capital, unlike the others. */
export const resourceNotFound = (message: string) =>
  new ServiceError("ResourceNotFoundException", 404, message, { Message: message, Type: "User" });

export const functionNotFound = (arn: string) => resourceNotFound(`Function not found: ${arn}`);

export const invalidParameter = (message: string) =>
  new ServiceError("InvalidParameterValueException", 400, message, { Type: "User" });

export const resourceConflict = (message: string) =>
  new ServiceError("ResourceConflictException", 409, message, { Type: "User" });

const wrongRevision = () =>
  new ServiceError(
    "PreconditionFailedException",
    412,
    "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id",
    { Type: "User" },
  );

/** @throws ServiceError PreconditionFailedException for a revision that is not the latest */
export function checkRevision(revisionId: string | undefined, latest: string): void {
  if (revisionId !== undefined && revisionId !== latest) throw wrongRevision();
}
