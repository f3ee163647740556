/**
 * A stage's canary: a second deployment that takes a share of the traffic.
 * Recorded: test_apigateway_canary (rest-behaviour, rule 9).
 */
import type { CanarySettings, Stage } from "../../definitions/rest-api.ts";
import { badRequest, type ServiceError } from "../protocol/service-error.ts";
import { flag, type PatchPath, setOwn } from "./patch.ts";
import { stageVariable, stageVariables } from "./stage-variables.ts";

/** @param given as CreateStage and CreateDeployment take them */
export function canarySettingsOf(given: Partial<CanarySettings>, deploymentId: string): CanarySettings {
  const overrides = stageVariables(given.stageVariableOverrides);
  return {
    deploymentId,
    percentTraffic: percentOf(given.percentTraffic ?? 0),
    ...(overrides ? { stageVariableOverrides: overrides } : {}),
    useStageCache: given.useStageCache ?? false,
  };
}

function percentOf(percent: number): number {
  if (percent >= 0 && percent <= 100) return percent;
  throw badRequest("Percent traffic must be between 0.0 and 100.0");
}

/** Any change of a canary makes one where there is none. */
function canaryOf(draft: Stage): CanarySettings {
  draft.canarySettings ??= { deploymentId: draft.deploymentId, percentTraffic: 0, useStageCache: false };
  return draft.canarySettings;
}

function existingCanary(draft: Stage): CanarySettings {
  if (!draft.canarySettings) throw badRequest("Promotion not available. Canary does not exist.");
  return draft.canarySettings;
}

/** @param checkDeployment throws for an id of no deployment */
export const canarySettingPaths = (
  checkDeployment: (id: string) => string,
): Record<string, PatchPath<Stage>> => ({
  "/canarySettings": {
    remove(draft) {
      delete draft.canarySettings;
    },
  },
  "/canarySettings/deploymentId": {
    replace(draft, { value = "" }) {
      const deploymentId = checkDeployment(value);
      canaryOf(draft).deploymentId = deploymentId;
    },
  },
  "/canarySettings/percentTraffic": {
    replace(draft, { value = "" }) {
      const percent = percentOf(/^\d{1,3}(?:\.\d{1,9})?$/.test(value) ? Number(value) : Number.NaN);
      canaryOf(draft).percentTraffic = percent;
    },
  },
  "/canarySettings/useStageCache": {
    replace(draft, { value }) {
      canaryOf(draft).useStageCache = flag(value);
    },
  },
  "/canarySettings/stageVariableOverrides/{name}": {
    replace(draft, { params: [name = ""], value }) {
      const canary = canaryOf(draft);
      canary.stageVariableOverrides ??= {};
      setOwn(canary.stageVariableOverrides, name, stageVariable(value, name));
    },
    remove(draft, { params: [name = ""] }) {
      const canary = draft.canarySettings;
      if (!canary?.stageVariableOverrides) return;
      delete canary.stageVariableOverrides[name];
      if (Object.keys(canary.stageVariableOverrides).length === 0) delete canary.stageVariableOverrides;
    },
  },
});

/** Promotion: copies from the canary to the stage. */
export function promoteDeployment(draft: Stage, path: string, from: string | undefined): void {
  if (from !== "/canarySettings/deploymentId") throw invalidCopy(path, from);
  draft.deploymentId = existingCanary(draft).deploymentId ?? draft.deploymentId;
}

/** Overrides are merged into the stage's own variables. */
export function promoteVariables(draft: Stage, path: string, from: string | undefined): void {
  if (from !== "/canarySettings/stageVariableOverrides") throw invalidCopy(path, from);
  const overrides = existingCanary(draft).stageVariableOverrides;
  if (overrides) draft.variables = { ...draft.variables, ...overrides };
}

export const invalidCopy = (path: string | undefined, from: string | undefined): ServiceError =>
  badRequest(
    `Invalid copy operation with path: ${path ?? null} and from ${from ?? null}. Valid copy:path are [/deploymentId, /variables] and valid copy:from are [/canarySettings/deploymentId, /canarySettings/stageVariableOverrides]`,
  );
