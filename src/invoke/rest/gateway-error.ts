/**
 * A request that the gateway refuses or cannot serve: thrown by any step of the way, turned into a response in one
 * place, by the API's gateway response of this type.
 * Source: the guide's supported-gateway-response-types.
 */
import {
  type GatewayResponseType,
  gatewayResponseStatuses,
} from "../../definitions/gateway-response-types.ts";

/** Each type's status when the API says no other. */
const defaultStatuses: Record<GatewayResponseType, number> = {
  ...gatewayResponseStatuses,
  DEFAULT_4XX: 400,
  DEFAULT_5XX: 500,
  // The guide and GetGatewayResponse say 504. Recorded, test_lambda_aws_proxy_integration_non_post_method: 500.
  INTEGRATION_FAILURE: 500,
};

const errorTypes: Partial<Record<GatewayResponseType, string>> = {
  ACCESS_DENIED: "AccessDeniedException",
  AUTHORIZER_CONFIGURATION_ERROR: "AuthorizerConfigurationException",
  AUTHORIZER_FAILURE: "AuthorizerFailureException",
  EXPIRED_TOKEN: "ExpiredTokenException",
  INVALID_API_KEY: "ForbiddenException",
  INVALID_SIGNATURE: "InvalidSignatureException",
  MISSING_AUTHENTICATION_TOKEN: "MissingAuthenticationTokenException",
  QUOTA_EXCEEDED: "LimitExceededException",
  REQUEST_TOO_LARGE: "RequestTooLargeException",
  RESOURCE_NOT_FOUND: "NotFoundException",
  THROTTLED: "TooManyRequestsException",
  UNAUTHORIZED: "UnauthorizedException",
  WAF_FILTERED: "ForbiddenException",
};

export class GatewayError extends Error {
  readonly type: GatewayResponseType;
  /** HTTP status, unless the API's gateway response of this type has another. */
  readonly status: number;

  /** `$context.error.validationErrorString`: what a body has against its model, for gateway responses that show it. */
  readonly validationErrors: string | undefined;

  /** @param message `$context.error.message`: what the client is told, never a secret; empty for AWS's null */
  constructor(
    type: GatewayResponseType,
    message: string,
    status: number = defaultStatuses[type],
    validationErrors?: string,
  ) {
    super(message);
    this.name = "GatewayError";
    this.type = type;
    this.status = status;
    this.validationErrors = validationErrors;
  }

  /** What the execution log says of it; the client is not told. */
  reason: string | undefined;

  because(reason: string): this {
    this.reason = reason;
    return this;
  }

  #errorType: string | undefined;

  /** @param errorType where another than its type's */
  named(errorType: string): this {
    this.#errorType = errorType;
    return this;
  }

  /** `$context.error.messageString`: JSON. */
  get messageString(): string {
    return this.message === "" ? "null" : JSON.stringify(this.message);
  }

  /** The value of `x-amzn-ErrorType`. */
  get errorType(): string {
    return (
      this.#errorType ??
      errorTypes[this.type] ??
      (this.status < 500 ? "BadRequestException" : "InternalServerErrorException")
    );
  }
}

/** What the execution log says of an API that is set up wrong. */
export const configurationFault = (reason: string): string =>
  `Execution failed due to configuration error: ${reason}`;

/**
 * What only the API's owner or the operator can help, and the client is not told.
 * @param type where the guide or a recorded answer says another
 */
export const internalError = (type: GatewayResponseType = "DEFAULT_5XX", status?: number): GatewayError =>
  new GatewayError(type, "Internal server error", status);

/** The same, of an API that is set up wrong. @param reason for the execution log */
export const configurationError = (
  reason: string,
  type: GatewayResponseType = "API_CONFIGURATION_ERROR",
  status?: number,
): GatewayError => internalError(type, status).because(configurationFault(reason));
