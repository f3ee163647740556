/** Lambda, as far as an API needs it. */
import type { Handlers, WorkerHandlers } from "../operation.ts";
import { aliasHandlers } from "./aliases.ts";
import { functionHandlers } from "./functions.ts";
import { invoke } from "./invoke.ts";
import { permissionHandlers } from "./permissions.ts";
import { versionHandlers } from "./versions.ts";

export const lambda: Handlers = {
  ...functionHandlers,
  ...versionHandlers,
  ...aliasHandlers,
  ...permissionHandlers,
};

/** Operations that wait for a function. */
export const lambdaInWorker: WorkerHandlers = { Invoke: invoke };
