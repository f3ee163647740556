/** `info`: the API's name, description and version. */
import type { ApiImport } from "./api-import.ts";
import { invalidInput } from "./document.ts";
import { compact, type JsonObject, member, text } from "./json.ts";

/** @throws ServiceError BadRequestException when there is no title: an API must have a name */
export function readInfo(root: JsonObject): ApiImport["info"] {
  const info = member(root, "info");
  const name = text(member(info, "title"));
  if (!name) throw invalidInput();
  return compact({
    name,
    description: text(member(info, "description")),
    version: text(member(info, "version")),
  });
}
