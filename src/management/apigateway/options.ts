/** Values of which there are few. */
import { badRequest } from "../protocol/service-error.ts";

/**
 * @param kind as AWS names it
 * @returns what gives the option that a value is; it throws ServiceError BadRequestException, which lists the options
 */
export const oneOf =
  <const Option extends string>(kind: string, options: readonly Option[]) =>
  (value: string | undefined): Option => {
    const found = options.find((option) => option === value);
    if (found !== undefined) return found;
    throw badRequest(`Invalid ${kind} specified. Valid options are ${options.join(",")}`);
  };
