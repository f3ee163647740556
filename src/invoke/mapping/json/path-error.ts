/** How a JSONPath fails: either way it then leads nowhere. */

/** A step that leads nowhere. */
export class PathNotFound extends Error {}

/** A path that is none, or a step that cannot be taken there. */
export class InvalidPath extends Error {}
