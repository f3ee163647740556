/** `paths`: the resources and their methods. */
import type { ImportedResource } from "./api-import.ts";
import { pathParts } from "./base-path.ts";
import { isObject, member, members } from "./json.ts";
import { operationMembers, type Reading, readOperation } from "./operations.ts";
import { dereference } from "./references.ts";

/**
 * @param basePath parts that stand before every path
 * @throws ServiceError for an integration that cannot be one
 */
export function readPaths(reading: Reading, basePath: string[]): ImportedResource[] {
  const { document, report } = reading;
  const resources = new Map<string, ImportedResource>();
  for (const [name, element] of members(member(document.root, "paths"))) {
    if (name.startsWith("x-")) continue;
    if (!name.startsWith("/")) {
      report.warn(`Parse issue: attribute paths. Resource ${name} should start with /`);
      continue;
    }
    const path = `/${[...basePath, ...pathParts(name)].join("/")}`;
    const pathItem = dereference(document.root, element);
    // `/pets` and `/pets/` are one resource.
    const resource = resources.get(path) ?? { path, methods: [] };
    resources.set(path, resource);
    for (const [key, httpMethod] of operationMembers) {
      const operation = member(pathItem, key);
      if (!isObject(operation)) continue;
      const method = readOperation(reading, path, httpMethod, pathItem, operation);
      resource.methods = [...resource.methods.filter((other) => other.httpMethod !== httpMethod), method];
    }
  }
  return [...resources.values()];
}
