/**
 * ImportApiKeys: many keys from one file. A line that cannot be carried out is a warning and changes nothing; the
 * others are, unless the caller wants to fail on warnings (the guide's api-gateway-setup-api-key-with-console). The
 * texts of warnings are guesses.
 */
import type { ApiKey, UsagePlan } from "../../definitions/api-key.ts";
import { ImportReport } from "../openapi/import-report.ts";
import { compact } from "../openapi/json.ts";
import type { Handler, OperationContext } from "../operation.ts";
import { badRequest, ServiceError } from "../protocol/service-error.ts";
import { type ApiKeyLine, apiKeyLines } from "./api-key-file.ts";
import { apiKeyOfValue, checkApiKeyCount, mostApiKeys, putApiKey } from "./api-key-records.ts";
import { apiKeyDescription, apiKeyName, apiKeyValueOf } from "./api-key-rules.ts";
import { newApiKey } from "./api-keys.ts";
import { apiKeys } from "./collections.ts";
import { joinUsagePlans } from "./usage-plan-keys.ts";
import { requireUsagePlan } from "./usage-plan-records.ts";

interface ImportInput {
  /** The file; a blob. */
  body: Uint8Array | string;
  format: "csv";
  failOnWarnings?: boolean;
}

/** Characters: more than a key that is created needs (the guide's api-key-file-format). */
const shortestImportedValue = 30;

export const importApiKeys: Handler<ImportInput> = ({ body, failOnWarnings }, context) => {
  const report = new ImportReport();
  const planOf = plansById(context);
  const ids = new Set<string>();
  const counted = { keys: apiKeys(context.store).count() };
  for (const line of allLines(body)) {
    try {
      ids.add(importLine(line, planOf, counted, context));
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      report.warn(`Line ${line.line}: ${error.message}`);
    }
  }
  const refusal = report.refusal(failOnWarnings === true);
  if (refusal) throw refusal;
  return { ids: [...ids], warnings: report.warnings };
};

/** The whole file is read before anything is done. @throws ServiceError BadRequestException */
function allLines(body: Uint8Array | string): ApiKeyLine[] {
  const lines: ApiKeyLine[] = [];
  for (const line of apiKeyLines(body)) {
    if (lines.length === mostApiKeys) throw badRequest(`A file can have ${mostApiKeys} API Keys at most`);
    lines.push(line);
  }
  return lines;
}

/** @returns the key's id. @throws ServiceError before anything is written */
function importLine(
  line: ApiKeyLine,
  planOf: (id: string) => UsagePlan,
  counted: { keys: number },
  context: OperationContext,
): string {
  if (line.surplus > 0) throw badRequest("more fields than the file has columns");
  const value = apiKeyValueOf(line.key, shortestImportedValue);
  const given = {
    name: apiKeyName(line.name),
    description: apiKeyDescription(line.description),
    enabled: enabledOf(line.enabled),
  };
  const plans = line.usagePlanIds.map(planOf);
  const before = apiKeyOfValue(value, context);
  if (!before) checkApiKeyCount(counted.keys);
  // "The most recent version overwriting the previous one"; the plans that a key is in it keeps.
  const key: ApiKey = before
    ? compact({ ...before, ...given, lastUpdatedDate: context.now } as ApiKey)
    : newApiKey({ value, customerId: undefined, ...given }, context);
  joinUsagePlans(key, plans, context);
  putApiKey(key, context);
  if (!before) counted.keys++;
  return key.id;
}

function enabledOf(text: string): boolean {
  const lowerCase = text.toLowerCase();
  if (lowerCase === "" || lowerCase === "true") return true;
  if (lowerCase === "false") return false;
  throw badRequest(`Invalid value for column 'Enabled': ${text}`);
}

/** A file may name one plan 10,000 times. */
function plansById(context: OperationContext): (id: string) => UsagePlan {
  const known = new Map<string, UsagePlan>();
  return (id) => {
    const plan = known.get(id) ?? requireUsagePlan(id, context);
    known.set(id, plan);
    return plan;
  };
}
