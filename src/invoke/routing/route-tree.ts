/**
 * From a path to a resource: a tree of path parts, so that the number of resources does not matter.
 * Source: the guide's api-gateway-method-settings-method-request, "Set up a proxy resource".
 */

interface Node<Target> {
  literals: Map<string, Node<Target>>;
  variable?: { name: string; node: Node<Target> };
  /** `{proxy+}`, which has no children. */
  greedy?: { name: string; target: Target };
  target?: Target;
}

export interface RouteMatch<Target> {
  target: Target;
  /** As the client wrote them, still percent-encoded; in the order of the path. */
  pathParameters: Record<string, string>;
}

export class RouteTree<Target> {
  readonly #root: Node<Target> = { literals: new Map() };

  /** @param path such as `/pets/{petId}` or `/{proxy+}` */
  add(path: string, target: Target): void {
    let node = this.#root;
    for (const part of path.split("/").slice(1)) {
      if (part === "") break;
      if (part.endsWith("+}")) {
        node.greedy = { name: part.slice(1, -2), target };
        return;
      }
      if (part.startsWith("{")) {
        node.variable ??= { name: part.slice(1, -1), node: { literals: new Map() } };
        node = node.variable.node;
      } else {
        let child = node.literals.get(part);
        if (!child) {
          child = { literals: new Map() };
          node.literals.set(part, child);
        }
        node = child;
      }
    }
    node.target = target;
  }

  /**
   * An exact part goes before a variable, and the search comes back to the variable when it leads nowhere. A greedy
   * variable does not cover what is below a sibling: with `/alone` there, `/{proxy+}` has no `/alone/x`.
   * @param segments the path's parts, without a trailing empty one
   */
  match(segments: readonly string[]): RouteMatch<Target> | undefined {
    const values: string[] = [];
    const names: string[] = [];
    const target = find(this.#root, segments, 0, names, values);
    if (target === undefined) return undefined;
    // From entries, so that a variable named `__proto__` is one like any other.
    const pathParameters: Record<string, string> =
      names.length === 0
        ? {}
        : Object.fromEntries(names.map((name, index) => [name, values[index] as string]));
    return { target, pathParameters };
  }
}

function find<Target>(
  node: Node<Target>,
  segments: readonly string[],
  index: number,
  names: string[],
  values: string[],
): Target | undefined {
  if (index === segments.length) return node.target;
  const segment = segments[index] as string;
  const literal = node.literals.get(segment.includes("%") ? decoded(segment) : segment);
  if (literal) {
    const found = find(literal, segments, index + 1, names, values);
    if (found !== undefined) return found;
  }
  if (node.variable && segment !== "") {
    const depth = names.length;
    names.push(node.variable.name);
    values.push(segment);
    const found = find(node.variable.node, segments, index + 1, names, values);
    if (found !== undefined) return found;
    names.length = depth;
    values.length = depth;
  }
  if (node.greedy && !literal) {
    names.push(node.greedy.name);
    values.push(segments.slice(index).join("/"));
    return node.greedy.target;
  }
  return undefined;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
