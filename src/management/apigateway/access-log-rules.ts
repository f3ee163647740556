/** Where a stage logs its requests, and in which form. The texts are AWS's as its users report them. */
import { badRequest } from "../protocol/service-error.ts";

/** Of a REST API: to a log group or to a delivery stream. @throws ServiceError BadRequestException */
export function checkLogDestination(arn: string): void {
  const { service, resource } = parsed(arn);
  const isStream = service === "firehose" && resource.startsWith("deliverystream/");
  if (!isStream) checkLogGroupName(service, resource);
  else if (!resource.startsWith("deliverystream/amazon-apigateway-")) {
    throw badRequest(
      `Kinesis Firehose delivery stream name must begin with the characters 'amazon-apigateway-': '${resource}'`,
    );
  }
}

/**
 * Of a WebSocket API: to a log group alone. CloudWatch's own ARNs of these end with `:*`, which V2 takes, as measured on
 * AWS in 2026, and V1 refuses.
 * @throws ServiceError BadRequestException
 */
export function checkLogGroup(arn: string): void {
  const { service, resource } = parsed(arn.replace(/:\*$/, ""));
  if (service === "firehose") throw illegalDestination(resource);
  checkLogGroupName(service, resource);
}

function checkLogGroupName(service: string, resource: string): void {
  if (service !== "logs" || !resource.startsWith("log-group:")) {
    throw badRequest(
      "Invalid ARN specified in the request. The ARN must be a valid CloudWatch Logs log group or Kinesis Data Firehose delivery stream ARN.",
    );
  }
  if (!/^log-group:[\w./-]+$/.test(resource)) throw illegalDestination(resource);
}

const illegalDestination = (resource: string) =>
  badRequest(
    `Access log destination must only contain characters a-z, A-Z, 0-9, '_', '-', '/', '.': '${resource}'`,
  );

function parsed(arn: string): { service: string; resource: string } {
  if (!arn.startsWith("arn:")) {
    throw badRequest(`Invalid ARN specified in the request. ARNs must start with 'arn:': ${arn}`);
  }
  const [, , service = "", , , ...resource] = arn.split(":");
  return { service, resource: resource.join(":") };
}

/** Of a REST API. @throws ServiceError BadRequestException */
export function checkLogFormat(format: string): void {
  if (/[\r\n]/.test(format.replace(/\r?\n$/, ""))) {
    throw badRequest(
      `Access Log format must be single line, new line character is allowed only at end of the format: '${format}'`,
    );
  }
  if (!hasId.test(format)) throw badRequest(`${noId} : '${format}'`);
}

/** Of a WebSocket API. @throws ServiceError BadRequestException */
export function checkRouteLogFormat(format: string): void {
  const fault = /[\r\n]/.test(format)
    ? `Access Log format must be single line: '${format}'`
    : hasId.test(format)
      ? undefined
      : `${noId} : '${format}'`;
  if (fault) throw badRequest(`The following errors are found in Access Log Format: ${fault}`);
}

const hasId = /\$(?:context\.(?:requestId|extendedRequestId)\b|\{context\.(?:requestId|extendedRequestId)\})/;
const noId = "Access Log format must include either $context.requestId or $context.extendedRequestId";
