/** What an API key's members may be. Recorded: test_create_api_key_with_invalid_name, …_value, test_update_api_key_invalid_description_length. */
import { badRequest } from "../protocol/service-error.ts";

/** Characters. */
const longestName = 1024;
const longestDescription = 125_000;
const longestCustomer = 1024;
const shortestValue = 20;
const longestValue = 128;

/** @returns undefined for the empty name, which is none */
export function apiKeyName(name: string | undefined): string | undefined {
  if (name !== undefined && name.length > longestName) {
    throw badRequest(`Invalid API Key name, can be at most ${longestName} characters.`);
  }
  return name || undefined;
}

/** @returns undefined for the empty description, which is none */
export function apiKeyDescription(description: string | undefined): string | undefined {
  if (description !== undefined && description.length > longestDescription) {
    throw badRequest("Invalid API Key description specified.");
  }
  return description || undefined;
}

/** The limit is a guess. @returns undefined for the empty id, which is none */
export function apiKeyCustomer(customerId: string | undefined): string | undefined {
  if (customerId !== undefined && customerId.length > longestCustomer) {
    throw badRequest(`Invalid customer ID, can be at most ${longestCustomer} characters.`);
  }
  return customerId || undefined;
}

/**
 * A value travels in a header, so it has neither blanks nor anything beyond ASCII: that refusal is a guess.
 * @param shortest characters
 * @throws ServiceError BadRequestException
 */
export function apiKeyValueOf(value: string, shortest: number = shortestValue): string {
  if (value.length < shortest) {
    throw badRequest(`API Key value should be at least ${shortest} characters`);
  }
  if (value.length > longestValue) {
    throw badRequest(`API Key value exceeds maximum size of ${longestValue} characters`);
  }
  if (!/^[\x21-\x7e]+$/.test(value)) throw badRequest("API Key value contains invalid characters");
  return value;
}
