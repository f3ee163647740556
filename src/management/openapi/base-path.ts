/** The base path, and what the `basepath` parameter makes of it (the guide's api-gateway-import-api-basePath). */
import type { OpenApiDocument } from "./document.ts";
import { elements, member, members, text } from "./json.ts";

export type BasePathMode = "ignore" | "prepend" | "split";

/**
 * What to put before every path.
 * @returns path parts, none of them empty
 */
export function readBasePath(document: OpenApiDocument, mode: BasePathMode): string[] {
  if (mode === "ignore") return [];
  const parts = pathParts(
    document.version === "2.0" ? (text(document.root.basePath) ?? "") : serverPath(document),
  );
  return mode === "prepend" ? parts : parts.slice(1);
}

/** The parts of a path. A slash at the end, or one too many, makes none. */
export const pathParts = (path: string): string[] => path.split("/").filter((part) => part !== "");

/** The first server variable named `basePath`, whether or not a URL uses it; else the path of the first URL. */
function serverPath({ root }: OpenApiDocument): string {
  const servers = elements(root.servers);
  for (const server of servers) {
    for (const [name, variable] of members(member(server, "variables"))) {
      if (name === "basePath") return text(member(variable, "default")) ?? "";
    }
  }
  const url = text(member(servers[0], "url")) ?? "";
  return url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, "").replace(/^\/\/[^/]*/, "");
}
