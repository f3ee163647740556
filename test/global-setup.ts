/** One gateway for all end-to-end tests that do not need their own: built and started once a run. */
import type { TestProject } from "vitest/node";
import { startGateway } from "./gateway.ts";

declare module "vitest" {
  interface ProvidedContext {
    origin: string;
  }
}

export default async function setup(project: TestProject) {
  const gateway = await startGateway();
  project.provide("origin", gateway.origin);
  return () => gateway.stop();
}
