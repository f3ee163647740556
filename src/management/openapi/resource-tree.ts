/** From the resources that a document names to the whole tree, parents included, within AWS's rules for paths. */
import type { Resource } from "../../definitions/rest-api.ts";
import { ServiceError } from "../protocol/service-error.ts";
import { pathParts } from "./base-path.ts";
import type { ImportReport } from "./import-report.ts";

/** AWS's quota is 300, raised on request; this one keeps a single import's transaction short. */
const MOST_RESOURCES = 10_000;

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
  at(path: string, report: ImportReport): Resource | undefined {
    const existing = this.#byPath.get(path);
    if (existing) return existing;
    let resource = this.#byPath.get("/") as Resource;
    for (const pathPart of pathParts(path)) {
      const parent = resource;
      const childPath = parent.path === "/" ? `/${pathPart}` : `${parent.path}/${pathPart}`;
      const child = this.#byPath.get(childPath);
      if (child) {
        resource = child;
        continue;
      }
      const fault = this.#faultOf(parent, pathPart);
      if (fault) {
        report.error(`Unable to create resource at path '${childPath}': ${fault}`);
        return undefined;
      }
      resource = { id: this.#idOf(childPath), parentId: parent.id, pathPart, path: childPath };
      this.#add(resource);
    }
    return resource;
  }

  resources(): Resource[] {
    return [...this.#byPath.values()];
  }

  #add(resource: Resource): void {
    if (this.#byPath.size >= MOST_RESOURCES) {
      throw new ServiceError(
        "LimitExceededException",
        429,
        "Maximum number of Resources for this API has been reached. Please contact AWS if you need additional Resources.",
      );
    }
    this.#byPath.set(resource.path, resource);
    if (resource.pathPart?.startsWith("{")) {
      this.#variables.set(parentPathOf(resource), resource.pathPart);
    }
  }

  #faultOf(parent: Resource, pathPart: string): string | undefined {
    if (parent.pathPart?.endsWith("+}")) {
      return `Cannot create a child of a resource with a greedy path variable: ${parent.pathPart}`;
    }
    if (!isPathPart(pathPart)) {
      return "Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the beginning and the end.";
    }
    const sibling = pathPart.startsWith("{") ? this.#variables.get(parent.path) : undefined;
    return (
      sibling &&
      `A sibling (${sibling}) of this resource already has a variable path part -- only one is allowed`
    );
  }
}

const parentPathOf = ({ path, pathPart = "" }: Resource) => path.slice(0, -pathPart.length - 1) || "/";

const isPathPart = (part: string) => /^(?:[a-zA-Z0-9._:,-]+|\{[a-zA-Z0-9._:-]+\+?\})$/.test(part);
