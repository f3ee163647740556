/** The file of ImportApiKeys: CSV with a header. Source: the guide's api-key-file-format. */
import { badRequest } from "../protocol/service-error.ts";
import { CsvError, csvRecords } from "./csv.ts";

/** What a line of the file says; nothing of it is checked. */
export interface ApiKeyLine {
  /** Counted from 1. */
  line: number;
  key: string;
  name: string;
  description: string;
  /** The empty text means true. */
  enabled: string;
  usagePlanIds: string[];
  /** Fields beyond the header's columns. */
  surplus: number;
}

/** Columns by their names in lower case: the file may have them in any case and order, and others beside them. */
const columns = ["key", "name", "description", "enabled", "usageplanids"] as const;
const requiredColumns = { key: "Key", name: "Name" } as const;

/**
 * @param body the file, UTF-8
 * @throws ServiceError BadRequestException; that for a missing column is reported of AWS, the others are guesses
 */
export function* apiKeyLines(body: Uint8Array | string): Generator<ApiKeyLine> {
  const records = csvRecords(typeof body === "string" ? body : decode(body));
  try {
    const header = records.next();
    const names = header.done ? [] : header.value.fields.map((field) => field.toLowerCase());
    const indexOf = Object.fromEntries(columns.map((column) => [column, indexOfColumn(names, column)]));
    for (const { line, fields } of records) {
      const field = (column: (typeof columns)[number]) => fields[indexOf[column] as number] ?? "";
      yield {
        line,
        key: field("key"),
        name: field("name"),
        description: field("description"),
        enabled: field("enabled"),
        usagePlanIds: planIdsOf(field("usageplanids")),
        surplus: Math.max(0, fields.length - names.length),
      };
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw badRequest(`Invalid CSV in line ${error.line}: ${error.message}`);
  }
}

function indexOfColumn(names: string[], column: (typeof columns)[number]): number {
  const index = names.indexOf(column);
  if (index === -1 && (column === "key" || column === "name")) {
    throw badRequest(`Missing required column '${requiredColumns[column]}'`);
  }
  if (names.indexOf(column, index + 1) > index) throw badRequest(`Duplicate column '${column}'`);
  return index;
}

const planIdsOf = (field: string): string[] => [
  ...new Set(
    field
      .split(",")
      .map((id) => id.trim())
      .filter((id) => id !== ""),
  ),
];

function decode(body: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(body);
  } catch {
    throw badRequest("Invalid CSV: the file is not UTF-8");
  }
}
