/** The headers of a request that a tester makes up: once, or several times. */
import { badRequest } from "../protocol/service-error.ts";

export interface TestHeaders {
  headers?: Record<string, string>;
  multiValueHeaders?: Record<string, string[]>;
}

/** @throws ServiceError BadRequestException for what no request can have */
export function testHeaders({ headers = {}, multiValueHeaders = {} }: TestHeaders): [string, string][] {
  const given = [
    ...Object.entries(headers).filter(([name]) => !Object.hasOwn(multiValueHeaders, name)),
    ...Object.entries(multiValueHeaders).flatMap(([name, values]) =>
      values.map((value): [string, string] => [name, value]),
    ),
  ];
  try {
    new Headers(given);
  } catch {
    throw badRequest("Invalid header specified");
  }
  return given;
}
