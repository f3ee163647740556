/** From the resources that a document names to the whole tree, parents included, within AWS's rules for paths. */
import type { Resource } from "../../definitions/rest-api.ts";
import { checkResourceCount, childPath, isVariable, pathPartFault } from "../apigateway/path-part.ts";
import { pathParts } from "./base-path.ts";
import type { ImportReport } from "./import-report.ts";

/** Resources of a working copy in the making, by path. */
export class ResourceTree {
  readonly #byPath = new Map<string, Resource>();
  /** The parent's path to the child with a variable, of which there is one at most. */
  readonly #variables = new Map<string, string>();
  readonly #idOf: (path: string) => string;

  /**
   * @param resources those that are there; the root among them
   * @param idOf the id of a resource that is made
   */
  constructor(resources: Iterable<Resource>, idOf: (path: string) => string) {
    this.#idOf = idOf;
    for (const resource of resources) this.#add(resource);
  }

  /**
   * The resource at that path, which is made if need be, with all that lead to it; undefined if it cannot be.
   * @throws ServiceError LimitExceededException
   */
  at(resourcePath: string, report: ImportReport): Resource | undefined {
    const existing = this.#byPath.get(resourcePath);
    if (existing) return existing;
    let resource = this.#byPath.get("/") as Resource;
    for (const pathPart of pathParts(resourcePath)) {
      const parent = resource;
      const path = childPath(parent, pathPart);
      const child = this.#byPath.get(path);
      if (child) {
        resource = child;
        continue;
      }
      const fault = pathPartFault(parent, pathPart, this.#variables.get(parent.path));
      if (fault) {
        report.error(`Unable to create resource at path '${path}': ${fault}`);
        return undefined;
      }
      resource = { id: this.#idOf(path), parentId: parent.id, pathPart, path };
      this.#add(resource);
    }
    return resource;
  }

  resources(): Resource[] {
    return [...this.#byPath.values()];
  }

  #add(resource: Resource): void {
    checkResourceCount(this.#byPath.size);
    this.#byPath.set(resource.path, resource);
    if (resource.pathPart && isVariable(resource.pathPart)) {
      this.#variables.set(parentPathOf(resource), resource.pathPart);
    }
  }
}

const parentPathOf = ({ path, pathPart = "" }: Resource) => path.slice(0, -pathPart.length - 1) || "/";
