/** Errors that are the user's to mend: one clear line, no stack. */

export class UserError extends Error {
  override name = "UserError";
}

/** Runs a script's work; a UserError ends it with its line on stderr and status 1, anything else with its stack. */
export async function run(work: () => void | Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    console.error(error instanceof UserError ? error.message : error);
    process.exit(1);
  }
}
