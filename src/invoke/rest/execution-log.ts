/**
 * What happens to one request, line by line, in the words of API Gateway's execution logs.
 * Sources: the guide's how-to-test-method; recorded: test_invoke_test_method, test_failed_invoke_test_method,
 * test_apigw_test_invoke_method_api.
 */
import { canonicalHeaderName } from "../integrations/header-names.ts";
import type { GatewayError } from "./gateway-error.ts";

/** Characters of a list of headers. */
const longestHeaders = 998;

export class ExecutionLog {
  readonly #requestId: string;
  readonly #lines: string[] = [];

  /** @param start what begins, for a request */
  constructor(requestId: string, start = "execution") {
    this.#requestId = requestId;
    this.write(`Starting ${start} for request: ${requestId}`);
  }

  write(message: string): void {
    this.#lines.push(`${timestamp(new Date())} : ${message}`);
  }

  endpointRequest(uri: string, headers: HeaderList, body: string): void {
    this.write(`Endpoint request URI: ${uri}`);
    this.write(`Endpoint request headers: ${listed(shown(headers))}`);
    this.write(`Endpoint request body after transformations: ${body}`);
    this.write(`Sending request to ${uri}`);
  }

  /** @param latency milliseconds */
  endpointResponse(status: number, latency: number, headers: HeaderList, body: string): void {
    this.write(`Received response. Status: ${status}, Integration latency: ${latency} ms`);
    this.write(`Endpoint response headers: ${listed(shown(headers))}`);
    this.write(`Endpoint response body before transformations: ${body}`);
  }

  methodResponse(body: string, headers: Iterable<readonly [string, string]>): void {
    this.write(`Method response body after transformations: ${body}`);
    this.write(`Method response headers: ${listed(headers)}`);
    this.write("Successfully completed execution");
  }

  failure(error: GatewayError): void {
    this.write(error.reason ?? `Execution failed: ${error.message}`);
  }

  completed(status: number): void {
    this.write(`Method completed with status: ${status}`);
  }

  toString(): string {
    return [`Execution log for request ${this.#requestId}`, ...this.#lines, ""].join("\n");
  }
}

const ownNames = new Map([
  ["x-amzn-apigateway-api-id", "x-amzn-apigateway-api-id"],
  ["x-amzn-errortype", "x-amzn-ErrorType"],
]);

/** A header's name with its usual casing: a Headers object has lower case alone. */
export const shownName = (name: string): string => ownNames.get(name) ?? canonicalHeaderName(name);

/** The headers of one side, whichever way they are kept. */
type HeaderList = Headers | readonly (readonly [string, string])[];

const shown = (headers: HeaderList): (readonly [string, string])[] =>
  headers instanceof Headers
    ? Array.from(headers, ([name, value]) => [shownName(name), value])
    : [...headers];

const secret = /^(?:authorization|x-api-key|x-amz-security-token)$/i;

/** Of a secret the last six characters show, as on AWS. */
export const masked = (value: string): string => "*".repeat(Math.max(0, value.length - 6)) + value.slice(-6);

/** As Java prints a map. */
export function listed(entries: Iterable<readonly [string, string]>): string {
  const text = `{${Array.from(entries, ([name, value]) => `${name}=${secret.test(name) ? masked(value) : value}`).join(", ")}}`;
  return text.length > longestHeaders ? `${text.slice(0, longestHeaders)} [TRUNCATED]` : text;
}

/** `Tue Nov 25 22:00:00 UTC 2025` */
function timestamp(date: Date): string {
  const [, weekday, day, month, year, time] =
    /^(\w+), (\d+) (\w+) (\d+) ([\d:]+)/.exec(date.toUTCString()) ?? [];
  return `${weekday} ${month} ${day} ${time} UTC ${year}`;
}
