/** A request whose signature is not there or does not hold, as AWS names and words it. HTTP status 403 everywhere. */
export class SignatureError extends Error {
  readonly code: SignatureErrorCode;

  /** @param message the client's; never more of the right signature than AWS says */
  constructor(code: SignatureErrorCode, message: string) {
    super(message);
    this.name = "SignatureError";
    this.code = code;
  }
}

export type SignatureErrorCode =
  | "IncompleteSignatureException"
  | "InvalidSignatureException"
  | "MissingAuthenticationTokenException"
  | "UnrecognizedClientException";

export const incompleteSignature = (message: string) =>
  new SignatureError("IncompleteSignatureException", message);

export const invalidSignature = (message: string) => new SignatureError("InvalidSignatureException", message);

export const missingAuthenticationToken = () =>
  new SignatureError("MissingAuthenticationTokenException", "Missing Authentication Token");

export const unrecognizedClient = () =>
  new SignatureError("UnrecognizedClientException", "The security token included in the request is invalid.");
