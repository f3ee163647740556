/** What stage variables may be. Source: the guide's stage-variables and api-gateway-known-issues. */
import { badRequest } from "../protocol/service-error.ts";

const legalName = /^[A-Za-z0-9_]{1,64}$/;
const legalValue = /^[A-Za-z0-9\-._~:/?#&=,@]{1,512}$/;

/** @returns the value @throws ServiceError BadRequestException */
export function stageVariable(value: string | undefined, name: string): string {
  if (!legalName.test(name)) {
    throw badRequest(
      `Invalid stage variable name: ${name}. Please use names with alphanumeric characters and underscores.`,
    );
  }
  if (value === undefined || !legalValue.test(value)) {
    throw badRequest(
      `Invalid stage variable value: ${value ?? null}. Please use values with alphanumeric characters and the following symbols ~:/?#&=,@._-`,
    );
  }
  return value;
}

/** @returns undefined when there are none @throws ServiceError BadRequestException */
export function stageVariables(
  variables: Record<string, string | null> | undefined,
): Record<string, string> | undefined {
  const entries = Object.entries(variables ?? {}).map(
    ([name, value]) => [name, stageVariable(value ?? undefined, name)] as const,
  );
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}
