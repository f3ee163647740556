/** `info` of an export. */
import type { RestSnapshot } from "../../../definitions/published.ts";
import { compact } from "../json.ts";
import type { ExportType } from "./write-openapi.ts";

/** The API's version, else when it was created, to the second. */
export const versionOf = ({ api }: RestSnapshot): string =>
  api.version ?? new Date((api.createdDate ?? 0) * 1000).toISOString().replace(".000Z", "Z");

export function writeInfo(snapshot: RestSnapshot, type: ExportType): object {
  const { name: title, description } = snapshot.api;
  const version = versionOf(snapshot);
  return compact(type === "swagger" ? { description, version, title } : { title, description, version });
}
