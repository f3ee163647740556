/**
 * What stage variables may be. Source: the guide's stage-variables and api-gateway-known-issues; the texts are AWS's as
 * its users report them.
 */
import { badRequest } from "../protocol/service-error.ts";

const legalName = /^[A-Za-z0-9_]{1,64}$/;
/** As the guide has it; the blank is AWS's own text's. */
const legalValue = /^[A-Za-z0-9\-._~:/?#&=,@ ]+$/;
/** Characters of a value. */
const longestValue = 512;

/** @returns the value @throws ServiceError BadRequestException */
export const stageVariable = (value: string | undefined, name: string): string =>
  checkedVariable(value, name, longestValue);

function checkedVariable(value: string | undefined, name: string, longest: number): string {
  if (!legalName.test(name)) {
    throw badRequest(`Invalid stage variable name: ${name}. Please use names with only word characters.`);
  }
  if (value === undefined || value.length > longest || !legalValue.test(value)) {
    throw badRequest(
      `Invalid stage variable value of key ${name}.  Please use values with alphanumeric characters and the symbols ' ', -', '.', '_', ':', '/', '?', '&', '=', and ','.`,
    );
  }
  return value;
}

/**
 * @param longest characters of a value
 * @returns undefined when there are none
 * @throws ServiceError BadRequestException
 */
export function stageVariables(
  variables: Record<string, string | null> | undefined,
  longest: number = longestValue,
): Record<string, string> | undefined {
  const entries = Object.entries(variables ?? {}).map(
    ([name, value]) => [name, checkedVariable(value ?? undefined, name, longest)] as const,
  );
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}
