/** What an import found wrong: errors, which refuse it, and warnings, which the caller may choose to be refused for. */
import { badRequest, type ServiceError } from "../protocol/service-error.ts";

export class ImportReport {
  readonly warnings: string[] = [];
  readonly errors: string[] = [];

  warn(message: string): void {
    this.warnings.push(message);
  }

  error(message: string): void {
    this.errors.push(message);
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

/** A document can be wrong in a million places; the answer names the first of them. */
const MOST_LINES = 100;

const lines = (messages: string[]) =>
  messages
    .slice(0, MOST_LINES)
    .map((message) => `\n\t${message}`)
    .join("");
