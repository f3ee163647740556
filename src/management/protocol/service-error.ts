/** An error that a management operation answers with, as the AWS service names and words it. */
export class ServiceError extends Error {
  readonly code: string;
  readonly status: number;
  readonly members: Record<string, unknown>;

  /**
   * @param code the error's name on the wire (`x-amzn-ErrorType`), such as `NotFoundException`
   * @param status the HTTP status
   * @param message the text, AWS's own
   * @param members further members of the error's body
   */
  constructor(code: string, status: number, message: string, members: Record<string, unknown> = {}) {
    super(message);
    this.name = "ServiceError";
    this.code = code;
    this.status = status;
    this.members = members;
  }
}

export const badRequest = (message: string) => new ServiceError("BadRequestException", 400, message);
export const notFound = (message: string) => new ServiceError("NotFoundException", 404, message);
export const conflict = (message: string) => new ServiceError("ConflictException", 409, message);
export const limitExceeded = (message: string) => new ServiceError("LimitExceededException", 429, message);
