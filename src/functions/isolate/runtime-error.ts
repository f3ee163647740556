/** Errors as Lambda's Node runtime reports them. */

export class RuntimeError extends Error {
  /** @param name such as `Runtime.HandlerNotFound` */
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

/** Whether Lambda gives up the execution environment: a function that has timed out, or exits, does not go on. */
export const endsEnvironment = (error: unknown): error is RuntimeError =>
  error instanceof RuntimeError && (error.name === "Sandbox.Timedout" || error.name === "Runtime.ExitError");

export interface ErrorResponse {
  errorType: string;
  errorMessage: string;
  trace: string[];
}

/** What was thrown, or handed to a callback: anything may be. */
export function errorResponse(error: unknown): ErrorResponse {
  if (endsEnvironment(error)) {
    return { errorType: error.name, errorMessage: error.message, trace: [] };
  }
  if (typeof error === "object" && error !== null && "message" in error && "stack" in error) {
    const { name, message, stack } = error as Error;
    return { errorType: String(name), errorMessage: String(message), trace: String(stack).split("\n") };
  }
  let text: string;
  try {
    text = String(error);
  } catch {
    text = "";
  }
  return { errorType: typeof error, errorMessage: text, trace: [] };
}
