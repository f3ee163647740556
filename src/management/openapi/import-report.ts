/** What an import found wrong: errors, which refuse it, and warnings, which the caller may choose to be refused for. */
import { badRequest, type ServiceError } from "../protocol/service-error.ts";

/** A document can be wrong in a million places, and its names as long as itself; an answer is neither. */
const MOST_MESSAGES = 1_000;
/** Characters. */
const LONGEST_MESSAGE = 2_000;

export class ImportReport {
  readonly warnings: string[] = [];
  readonly errors: string[] = [];

  warn(message: string): void {
    add(this.warnings, message);
  }

  error(message: string): void {
    add(this.errors, message);
  }

  /**
   * The guide's api-gateway-import-api-errors-warnings: an error discards everything; with `failOnWarnings` so
   * does a warning, and the exception's message carries them.
   * @returns what to throw, if anything
   */
  refusal(failOnWarnings: boolean): ServiceError | undefined {
    if (this.errors.length > 0) {
      const also =
        this.warnings.length > 0 ? `\nAdditionally, these warnings were found:${lines(this.warnings)}` : "";
      return badRequest(`Errors found during import:${lines(this.errors)}${also}`);
    }
    if (failOnWarnings && this.warnings.length > 0) {
      return badRequest(`Warnings found during import:${lines(this.warnings)}`);
    }
    return undefined;
  }
}

function add(messages: string[], message: string): void {
  if (messages.length >= MOST_MESSAGES) return;
  messages.push(message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE)}…` : message);
}

const lines = (messages: string[]) => messages.map((message) => `\n\t${message}`).join("");
